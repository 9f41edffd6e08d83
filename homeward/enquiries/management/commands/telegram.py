"""`homeward telegram`: hears what is said to the bot, answers, and posts what waits for Telegram. Alone holds the token."""

import asyncio
import logging
import signal
import threading
import time
import traceback
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from homeward.channels import configured
from homeward.channels.carrying import Channel
from homeward.channels.configured import TelegramSettings
from homeward.channels.telegram.hearing import Heard, ask_for_updates, webhook
from homeward.channels.telegram.line import Line
from homeward.contact import inbox
from homeward.contact.telegram import Sender
from homeward.enquiries.dialogue.answering import answer_next

log = logging.getLogger("homeward.telegram")
_PAUSE = 0.1


def keep(heard: Sequence[Heard]) -> None:
    """Store what came in, each update once. Returns when it is safely stored."""
    close_old_connections()
    new = [inbox.New(str(one.number), one.number, one.content()) for one in heard]
    if new:
        inbox.keep(Channel.TELEGRAM, new)


class Command(BaseCommand):
    """Runs until it is told to end; without a token it says so and ends calmly."""

    help = "Talks with families on Telegram (HOMEWARD_TELEGRAM_TOKEN_FILE)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Three things at once: hearing in a thread of its own, answering and posting in this one."""
        settings = configured.telegram()
        if settings is None:
            self.stdout.write(
                "No Telegram token is set (HOMEWARD_TELEGRAM_TOKEN_FILE): the house works without Telegram."
            )
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        hearing = threading.Thread(target=_hear, args=(settings, stopping), name="hearing", daemon=True)
        hearing.start()
        self.stdout.write("Telegram: " + ("by webhook" if settings.webhook else "asking for updates"))
        _answer_and_post(settings, stopping)
        hearing.join(timeout=2)


def _hear(settings: TelegramSettings, stopping: threading.Event) -> None:
    """May be ended at any instant: Telegram brings again whatever was not confirmed."""
    loop = asyncio.new_event_loop()
    line = Line(settings)
    while not stopping.is_set():
        try:
            if settings.webhook:
                loop.run_until_complete(_serve_webhook(settings, line, stopping))
            else:
                loop.run_until_complete(line.listen_by_asking())
                ask_for_updates(line, loop, keep, stopping)
        except DatabaseError as fault:
            log.error("what came in could not be stored (%s); Telegram brings it again", type(fault).__name__)
        except Exception as fault:  # the hearing must not end while the house runs
            log.error("hearing failed: %s", type(fault).__name__)
        stopping.wait(2)
    loop.run_until_complete(line.close())


async def _serve_webhook(settings: TelegramSettings, line: Line, stopping: threading.Event) -> None:
    host, _, port = settings.webhook_bind.rpartition(":")
    runner = web.AppRunner(webhook(settings, keep), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, int(port)).start()
        await line.listen_by_webhook(settings.webhook, settings.webhook_secret)
        while not stopping.is_set():
            await asyncio.sleep(0.2)
    finally:
        await runner.cleanup()


def _answer_and_post(settings: TelegramSettings, stopping: threading.Event) -> None:
    loop = asyncio.new_event_loop()
    line = Line(settings)
    sender = Sender(line, loop, time.monotonic)
    post_at = 0.0
    try:
        while not stopping.is_set():
            answered = _answer()
            if answered or time.monotonic() >= post_at:
                try:
                    pause = sender.step()
                except DatabaseError as fault:
                    log.error("the database failed: %s", type(fault).__name__)
                    pause = 1.0
                post_at = time.monotonic() + min(pause, 0.5)
            close_old_connections()
            if not answered:
                stopping.wait(min(_PAUSE, max(0.0, post_at - time.monotonic())))
    finally:
        loop.run_until_complete(line.close())
        loop.close()


def _answer() -> bool:
    try:
        return answer_next()
    except Exception as fault:  # one word's fault must not keep others from being heard; it is counted and put aside
        # The places and the class only: the text of a fault may hold what a person said.
        places = "".join(traceback.format_tb(fault.__traceback__)).rstrip()
        log.error("an answer failed: %s\n%s", type(fault).__name__, places)
        return False
