"""The enquiry as a talk on Telegram: the same questions as on the web, with buttons, in four languages.

`words.py` is all that is ever said, word for word; `steps.py` the questions and their order; `answering.py` takes what came
in out of contact's inbox and, in one transaction, moves the talk on and writes down the answer. The talk stands in the
database, so it goes on after days and restarts. Nothing the register knows is ever said here.
"""
