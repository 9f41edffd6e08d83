"""An invented war: staff, lists and families with which the first start shows the house at work.

`lists/` holds the files as three camps, a hospital and two partner organisations would send them; `homeward demo
load` brings them in through the import that users have, and lets the demo's staff do some days' work through the
rooms' own actions. All people, camps, units and villages are invented. `truth.json` says who is who; only tests read
it, the house never does.

`generate.py` wrote the files from `people.py`, `spelling.py`, `words.py` (same seed, same bytes); maintainers run it
by hand.
"""
