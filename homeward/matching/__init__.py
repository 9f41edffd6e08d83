"""The matcher process: the one place where names stand in the clear, in memory only.

It holds a `namesake` index of each side (register, sought persons), follows the change log, and answers over a unix socket
which rows of a side resemble a person. It knows rows only by their keys; the rooms that own them hand in how to read them
(`sides.py`), so the room stands below both and lets neither see the other. It promises: what the change log says is applied in
order; a question may demand "at least line N"; a restart loses nothing, for the index can always be built again, and a sealed
snapshot shortens that.
"""
