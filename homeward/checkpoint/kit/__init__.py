"""The checkpoint's kit in the terminal: one folder, no database, no network, no Django.

`bundle` is the file that carries keys, revoked passes and the day's list (sealed under a PIN) from the house; `log` the chained log of
what was checked; `folder` the kit itself; `cli` the command.
"""
