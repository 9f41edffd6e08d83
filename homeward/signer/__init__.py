"""The key that signs: passes, receipts, lists of revoked passes, lists of travellers. It signs what an approved decision covers.

`client.sign_pass(proposal)` and its neighbours are for the rooms above; they ask the signer process at its socket, or, where none
is set, sign in this process (training). The signer reads the decision itself, from the database and the log, and takes every word
it signs from there; what the caller says is never signed.

Checking needs neither Django nor a database: `base45`, `cbor`, `cose`, `trust` and `verify` are plain functions over bytes,
used alike by the house and by the checkpoint's kit. `checkpoint/page/kit.js` says the same in JavaScript; both are held to the same
vectors.
"""
