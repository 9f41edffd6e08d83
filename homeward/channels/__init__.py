"""What carries a message to a telephone or a mailbox: Telegram, text message, e-mail. A folder a channel, everything in it.

A channel knows addresses and texts, no enquiries. It says what became of a text in one of four ways (`carrying.py`):
carried; surely not carried, try again later; never to this address; or unclear, because the line broke before the answer.
Secrets are read from files (`configured.py`); a channel that is not configured is simply not there.
"""
