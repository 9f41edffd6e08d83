"""Telegram, by aiogram: one bot, private chats only. Runs in a process of its own, `homeward telegram`, which alone has the token.

`line.py` does one thing at Telegram and says what became of it; `pace.py` keeps Telegram's limits; `sending.py` posts what
waits, as fast as may be; `hearing.py` turns updates into typed values at the door, from long polling or the webhook.
"""
