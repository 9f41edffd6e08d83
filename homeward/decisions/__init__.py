"""The two-person rule, once, for all rooms.

A room proposes (`actions.propose`), a second person approves exactly what she saw (`actions.approve`, with the hash
of the content shown to her), and only then may the room act (`queries.is_approved`). The database refuses an approval
by the proposer, a second approval, an approval after the day it expires, a changed content; a room that acts on
approvals puts `triggers.require_approval` on its own table, so that no row of it can stand without one.
"""
