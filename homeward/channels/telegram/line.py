"""One thing done at Telegram, and what became of it."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Update

from homeward.channels.carrying import Blocked, Later, LineDown, Unclear, Undelivered, WrongAddress
from homeward.channels.configured import TelegramSettings

HEARS = ["message", "callback_query", "my_chat_member"]
# What Telegram answers where nothing is left to be done.
_NOTHING_TO_DO = ("message is not modified", "message to delete not found", "message to edit not found",
                  "message can't be deleted", "message can't be edited", "query is too old",
                  "query id is invalid")  # fmt: skip
_NOBODY = ("chat not found", "user not found", "peer_id_invalid")


class Line:
    """The bot's line to Telegram."""

    def __init__(self, settings: TelegramSettings, *, timeout: float = 20.0) -> None:
        server = TelegramAPIServer.from_base(settings.api) if settings.api else PRODUCTION
        self._timeout = int(max(1, timeout))
        session = AiohttpSession(api=server, timeout=timeout)
        # A line that lay idle may be closed on the other side; found out with a text on it, that would be unclear.
        session._connector_init["keepalive_timeout"] = 5.0
        self.bot = Bot(settings.token, session=session)

    async def close(self) -> None:
        """Hang up."""
        await self.bot.session.close()

    async def is_up(self) -> bool:
        """Whether Telegram answers; asks nothing that could be done twice."""
        try:
            await self.bot.get_me(request_timeout=self._timeout)
        except (TelegramAPIError, ClientDecodeError):
            return False
        return True

    async def do(self, method: str, content: Mapping[str, Any]) -> str:
        """Send, change or delete a message, or answer a button; the number of a sent message. Raises `Undelivered`."""
        try:
            return await self._do(method, content)
        except TelegramRetryAfter as wait:
            raise Later("429", wait=float(wait.retry_after)) from None
        except TelegramForbiddenError:
            raise Blocked("403") from None
        except TelegramUnauthorizedError:
            raise LineDown("401") from None
        except TelegramBadRequest as refusal:
            said = refusal.message.lower()
            if any(words in said for words in _NOTHING_TO_DO) and method != "send":
                return ""
            raise _as_refusal(said) from None
        except TelegramServerError:
            # "ok": false came back: the documentation says that it was not done.
            raise LineDown("5xx") from None
        except TelegramNetworkError as fault:
            # A line that was never there carried nothing; of one that broke, nobody knows.
            if isinstance(fault.__cause__, aiohttp.ClientConnectorError):
                raise LineDown("no_line") from None
            raise Unclear("line_broke") from None
        except ClientDecodeError:
            raise Unclear("no_answer") from None
        except TelegramAPIError as refusal:
            raise WrongAddress(type(refusal).__name__) from None

    async def _do(self, method: str, content: Mapping[str, Any]) -> str:
        bot, chat, patience = self.bot, content["to"], self._timeout
        if method == "answer":
            await bot.answer_callback_query(content["button"], text=content.get("text"), request_timeout=patience)
        elif method == "delete":
            numbers = content["messages"]
            for start in range(0, len(numbers), 100):
                await bot.delete_messages(chat, numbers[start : start + 100], request_timeout=patience)
        elif method == "edit":
            await bot.edit_message_text(
                content["text"],
                chat_id=chat,
                message_id=content["message"],
                reply_markup=_keyboard(content),
                request_timeout=patience,
            )
        else:
            sent = await bot.send_message(
                chat,
                content["text"],
                reply_markup=_keyboard(content),
                disable_notification=bool(content.get("quiet")),
                protect_content=True,
                request_timeout=patience,
            )
            return str(sent.message_id)
        return ""

    async def updates(self, offset: int | None, *, wait: int = 25) -> list[Update]:
        """What came in since; waits for something to come. Raises `Later` where the line is down."""
        try:
            return await self.bot.get_updates(
                offset=offset, timeout=wait, allowed_updates=HEARS, request_timeout=wait + self._timeout
            )
        except TelegramRetryAfter as wait_for:
            raise Later("429", wait=float(wait_for.retry_after)) from None
        except (TelegramAPIError, ClientDecodeError) as fault:
            raise LineDown(type(fault).__name__) from None

    async def listen_by_webhook(self, url: str, secret: str) -> None:
        """Ask Telegram to bring updates to our address, with the secret that tells them from forged ones."""
        await self.bot.set_webhook(url, secret_token=secret, allowed_updates=HEARS, max_connections=5)

    async def listen_by_asking(self) -> None:
        """Updates are asked for from now on."""
        await self.bot.delete_webhook()


def _as_refusal(said: str) -> Undelivered:
    if any(words in said for words in _NOBODY):
        return WrongAddress("400_nobody")
    if "blocked" in said or "deactivated" in said:
        return Blocked("400_blocked")
    return WrongAddress("400")


def _keyboard(content: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
    rows = content.get("buttons")
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows]
    )
