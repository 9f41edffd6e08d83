"""The family is received at the meeting point, escorted in a convoy, and he is given to them: one moment, every signature.

This room owns the arrivals, the convoys with their seats, and the handover with its receipt. It promises that nobody is handed over
without his wish asked once more alone, two people's approval, kinship seen in person, both signatures and a witness: the database
keeps it, also against direct SQL. What follows (the register, the Agency, the enquiry, the next contact) stands or falls with it.
"""
