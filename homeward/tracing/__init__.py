"""Where the two sides meet: potential matches, and people's judgement of them.

Every change on either side is matched against the whole other side (`following.py`); what resembles is kept as a potential match
with its evidence. People compare and judge (`actions.py`): same, not the same, unsure. "Same" takes a second person, "not the
same" is remembered for ever, everything can be undone. No threshold confirms anything.
"""
