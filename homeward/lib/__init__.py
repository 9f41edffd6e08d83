"""Small things with a name: clock, references, refusals, keys, sealed fields, the change log.

Nothing here knows an enquiry, a register entry or a person; every room may use it.
"""
