"""Passes, the day's list of travellers, revocation, and the kit with which an officer checks both without a network.

A pass is proposed by one person and approved by another over exactly what it will say; the database refuses any other. The signer
(room `signer`) then signs it from the decision. A pass holds the traveller's name, birth date and document, where and when she is
expected, and nothing about whom she visits or why. It is optional: her passport number against the day's list does the same.

`kit/` is the checkpoint's kit in the terminal and imports no Django; `page/` is the same as a page that needs no network. What a kit
has let through is merged into the house once, however often its log is handed in; a pass used twice is shown.
"""
