"""A release is decided, he says whether he wishes to go, and his family is invited and comes.

This room owns the release lists (proposed by one person, approved by another over the exact list), each man's return and its
state, his wishes, the invitation with those who travel, the sealed packets of effects, and for the dead what the family chose.
It promises that nothing proceeds without his own wish, said alone and not older than thirty days; the database keeps it so.
The way itself is `journeys`, the moment at the meeting point is `handover`: both above, both through this room's actions.
"""
