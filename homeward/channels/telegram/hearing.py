"""Updates become typed values at the door: from long polling, or from the webhook with its secret."""

import asyncio
import hmac
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from threading import Event
from typing import Any

from aiogram.types import Message, Update
from aiohttp import web

from homeward.channels.carrying import Undelivered
from homeward.channels.configured import TelegramSettings
from homeward.channels.telegram.line import Line

log = logging.getLogger("homeward.channels.telegram")
_LONGEST_TEXT = 4000
_LARGEST_UPDATE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing said to the bot in a private chat. A picture is only known to have been one; its place is not kept."""

    number: int
    chat: str
    kind: str  # text, button, picture, other, left
    text: str = ""
    message: int = 0
    button: str = ""
    language: str = ""

    def content(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


# Stores what was heard, each once; returns when it is safely stored.
Keep = Callable[[Sequence[Heard]], None]


def heard_in(update: Update) -> Heard | None:
    """What the update says; None for what is no affair of ours (groups, channels, edits)."""
    if update.callback_query is not None:
        query = update.callback_query
        if query.message is None or query.message.chat.type != "private":
            return None
        return Heard(
            update.update_id, str(query.message.chat.id), "button", (query.data or "")[:64], query.message.message_id,
            query.id[:64], query.from_user.language_code or "",
        )  # fmt: skip
    if update.my_chat_member is not None:
        member = update.my_chat_member
        has_left = member.chat.type == "private" and member.new_chat_member.status in ("kicked", "left")
        return Heard(update.update_id, str(member.chat.id), "left") if has_left else None
    message = update.message
    if message is None or message.chat.type != "private":
        return None
    language = (message.from_user.language_code or "") if message.from_user else ""
    kind = _kind_of(message)
    return Heard(
        update.update_id, str(message.chat.id), kind, (message.text or "")[:_LONGEST_TEXT] if kind == "text" else "",
        message.message_id, "", language,
    )  # fmt: skip


def _kind_of(message: Message) -> str:
    if message.text is not None:
        return "text"
    is_picture = message.photo or message.document or message.video or message.animation or message.video_note
    return "picture" if is_picture else "other"


def ask_for_updates(
    line: Line, loop: asyncio.AbstractEventLoop, keep: Keep, stopping: Event, *, wait: int = 25
) -> None:
    """Long polling, in a thread of its own. An update is confirmed to Telegram only after it is stored.

    Only the asking runs in the loop: the database is spoken to outside it, as it must be.
    """
    offset: int | None = None
    pause = 1.0
    while not stopping.is_set():
        try:
            updates = loop.run_until_complete(line.updates(offset, wait=wait))
        except Undelivered as fault:
            log.warning("Telegram does not answer (%s)", fault.code)
            stopping.wait(fault.wait or pause)
            pause = min(60.0, pause * 2)
            continue
        pause = 1.0
        keep([heard for update in updates if (heard := heard_in(update))])
        if updates:
            offset = max(update.update_id for update in updates) + 1


def webhook(settings: TelegramSettings, keep: Keep) -> web.Application:
    """The webhook's one address. A wrong secret is refused before anything is read; 200 is said once it is stored."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), settings.webhook_secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.model_validate_json(await request.read())
        except ValueError:
            # Said to be fine: Telegram would bring what we cannot read again and again.
            log.warning("an update could not be read")
            return web.Response()
        heard = heard_in(update)
        if heard is not None:
            await asyncio.get_running_loop().run_in_executor(keeper, keep, [heard])
        return web.Response()

    keeper = ThreadPoolExecutor(max_workers=4, thread_name_prefix="webhook")
    site = web.Application(client_max_size=_LARGEST_UPDATE)
    site.router.add_post("/telegram", receive)
    return site
