"""A strict Telegram of our own: the part of the Bot API that the house uses, written from its documentation, and its faults.

It refuses what Telegram refuses (unknown parameters, 64 bytes of callback data, 4,096 signs of text, an edit that changes
nothing, a chat that never wrote, more than 30 messages a second or one a second to a chat) and can fail as lines fail:
429 with retry_after, 5xx, silence, a line that breaks before or after the work was done, no line at all, updates brought twice
or out of order. Two client libraries that know nothing of it read its answers: see `homeward/enquiries/tests/test_telegram.py`.
"""

import asyncio
import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "424242:AAinvented-token-of-an-invented-bot"
ME = {"id": 424242, "is_bot": True, "first_name": "House", "username": "house_bot", "can_join_groups": False,
      "can_read_all_group_messages": False, "supports_inline_queries": False}  # fmt: skip
PARAMETERS: dict[str, set[str]] = {
    "getMe": set(),
    "sendMessage": {"chat_id", "text", "reply_markup", "disable_notification", "protect_content", "parse_mode",
                    "link_preview_options", "entities"},
    "editMessageText": {"chat_id", "message_id", "text", "reply_markup", "parse_mode", "link_preview_options", "entities"},
    "editMessageReplyMarkup": {"chat_id", "message_id", "reply_markup"},
    "deleteMessage": {"chat_id", "message_id"},
    "deleteMessages": {"chat_id", "message_ids"},
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert", "url", "cache_time"},
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "setWebhook": {"url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates", "ip_address"},
    "deleteWebhook": {"drop_pending_updates"},
}  # fmt: skip
A_SECOND, A_CHAT = 30, 1.0


@dataclass
class Refused(Exception):
    """What Telegram answers when it does not do it."""

    code: int
    description: str
    retry_after: int | None = None


@dataclass
class Shown:
    """A message as the person sees it."""

    number: int
    text: str
    by_bot: bool
    buttons: list[tuple[str, str]] = field(default_factory=list)
    markup: str = ""
    sent_at: float = 0.0


@dataclass
class Person:
    """Somebody with Telegram."""

    emulator: "Emulator"
    number: int
    language: str = "uk"
    has_started: bool = False
    has_blocked: bool = False
    chat: list[Shown] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    last_at: float = -1e9

    def _sender(self) -> dict[str, Any]:
        return {"id": self.number, "is_bot": False, "first_name": "Somebody", "language_code": self.language}

    def _place(self) -> dict[str, Any]:
        return {"id": self.number, "type": "private", "first_name": "Somebody"}

    def says(self, text: str) -> int:
        """She writes; the number of the update."""
        return self._brings(text, {"text": text})

    def sends_picture(self) -> int:
        """She sends a photograph."""
        sizes = [{"file_id": "AgAD", "file_unique_id": "AQAD", "width": 90, "height": 90, "file_size": 1000}]
        return self._brings("[picture]", {"photo": sizes})

    def _brings(self, shown: str, content: dict[str, Any]) -> int:
        with self.emulator.lock:
            self.has_started, self.has_blocked = True, False
            number = self.emulator.next_message()
            self.chat.append(Shown(number, shown, False))
            message = {"message_id": number, "date": int(time.time()), "chat": self._place(), "from": self._sender()}
            return self.emulator.bring({"message": {**message, **content}})

    def presses(self, label: str) -> int:
        """She presses the newest button of that label (or beginning with it)."""
        with self.emulator.lock:
            for shown in reversed(self.chat):
                for text, data in shown.buttons:
                    if text.startswith(label):
                        return self.press_data(shown, data)
        raise AssertionError(f"no button {label!r} among {[button for shown in self.chat for button in shown.buttons]}")

    def press_data(self, shown: Shown, data: str) -> int:
        """She presses exactly this button."""
        with self.emulator.lock:
            query = f"{self.emulator.chance.getrandbits(62)}"
            self.emulator.queries.add(query)
            message = {"message_id": shown.number, "date": int(time.time()), "chat": self._place(), "from": ME,
                       "text": shown.text or " "}  # fmt: skip
            return self.emulator.bring(
                {"callback_query": {"id": query, "from": self._sender(), "message": message, "chat_instance": "1",
                                    "data": data}}
            )  # fmt: skip

    def blocks(self) -> int:
        """She blocks the bot."""
        with self.emulator.lock:
            self.has_blocked = True
            bot = {"user": ME, "status": "member"}
            kicked = {"user": ME, "status": "kicked", "until_date": 0}
            return self.emulator.bring(
                {"my_chat_member": {"chat": self._place(), "from": self._sender(), "date": int(time.time()),
                                    "old_chat_member": bot, "new_chat_member": kicked}}
            )  # fmt: skip

    def bot_said(self) -> list[str]:
        """The bot's messages that stand in the chat."""
        with self.emulator.lock:
            return [shown.text for shown in self.chat if shown.by_bot]


class Emulator:
    """Telegram on loopback, in a thread of its own."""

    def __init__(self, now: Callable[[], float] = time.monotonic, *, seed: int = 1) -> None:
        self.now = now
        self.chance = random.Random(seed)
        self.lock = threading.RLock()
        self.people: dict[int, Person] = {}
        self.queries: set[str] = set()
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.fault: Callable[[str], str | None] = lambda method: None
        self.limits = True
        self.doubles = self.shuffles = False
        self.sent: deque[float] = deque()
        self.refused: list[tuple[str, int, str]] = []
        self._messages = self._updates = 100
        self._waiting: list[dict[str, Any]] = []
        self._webhook: dict[str, str] = {}
        self._webhook_queue: deque[dict[str, Any]] = deque()
        self._asking = 0
        self._hung: set[asyncio.Event] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None
        self.port = 0

    def __enter__(self) -> "Emulator":
        self._thread.start()
        self._do(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    @property
    def url(self) -> str:
        """The base address for clients."""
        return f"http://127.0.0.1:{self.port}"

    async def _start(self) -> None:
        site = web.Application()
        site.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(site, shutdown_timeout=0.1)
        await self._runner.setup()
        listener = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await listener.start()
        self.port = self._runner.addresses[0][1]
        self._bringer = asyncio.ensure_future(self._bring_to_webhook())

    async def _stop(self) -> None:
        for event in self._hung:
            event.set()
        self._bringer.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def hang_up(self) -> None:
        """No line at all: nobody listens on the port."""
        self._do(self._stop())

    def pick_up(self) -> None:
        """The line is back."""
        self._do(self._start())

    def person(self, number: int, **how: Any) -> Person:
        """Somebody, by the number of the chat."""
        with self.lock:
            if number not in self.people:
                self.people[number] = Person(self, number, **how)
            return self.people[number]

    def next_message(self) -> int:
        self._messages += 1
        return self._messages

    def bring(self, content: dict[str, Any]) -> int:
        """An update for the bot."""
        self._updates += 1
        update = {"update_id": self._updates, **content}
        for _ in range(2 if self.doubles else 1):
            if self._webhook:
                self._webhook_queue.append(update)
            else:
                self._waiting.append(update)
        return self._updates

    # --- what the bot asks ---

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _no(Refused(401, "Unauthorized"))
        given: dict[str, str] = {**request.query}
        if request.content_type == "application/json":
            given |= {name: value if isinstance(value, str) else json.dumps(value)
                      for name, value in (await request.json()).items()}  # fmt: skip
        else:
            given |= {name: str(value) for name, value in (await request.post()).items()}
        fault = self.fault(method)
        if fault == "hang":
            event = asyncio.Event()
            self._hung.add(event)
            await event.wait()
        if fault in ("hang", "break"):
            return _break(request)
        if fault == "500":
            return _no(Refused(500, "Internal Server Error"))
        if fault == "502":
            return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
        if fault == "429":
            return _no(Refused(429, "Too Many Requests: retry after 3", 3))
        try:
            if method == "getUpdates":
                result = await self._get_updates(given)
            else:
                with self.lock:
                    result = self._work(method, given)
        except Refused as refusal:
            self.refused.append((method, refusal.code, refusal.description))
            return _no(refusal)
        if fault == "break_after":
            return _break(request)
        return web.json_response({"ok": True, "result": result})

    def _work(self, method: str, given: dict[str, str]) -> Any:
        if method not in PARAMETERS:
            raise Refused(404, "Not Found")
        unknown = set(given) - PARAMETERS[method]
        if unknown:
            raise Refused(400, f"Bad Request: unknown parameters {sorted(unknown)}")
        self.calls.append((method, given))
        return getattr(self, f"_{method}")(given)

    def _getMe(self, given: dict[str, str]) -> Any:
        return ME

    def _person_of(self, given: dict[str, str]) -> Person:
        chat = given.get("chat_id", "")
        person = self.people.get(int(chat)) if chat.isdigit() else None
        if person is None or not person.has_started:
            raise Refused(400, "Bad Request: chat not found")
        if person.has_blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return person

    def _limit(self, person: Person) -> None:
        if not self.limits:
            return
        moment = self.now()
        while self.sent and moment - self.sent[0] >= 1:
            self.sent.popleft()
        if len(self.sent) >= A_SECOND:
            raise Refused(429, "Too Many Requests: retry after 2", 2)
        if moment - person.last_at < A_CHAT - 0.02:
            raise Refused(429, "Too Many Requests: retry after 1", 1)
        self.sent.append(moment)
        person.last_at = moment

    @staticmethod
    def _text(given: dict[str, str]) -> str:
        text = given.get("text", "").strip()
        if not text:
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Refused(400, "Bad Request: message is too long")
        return text

    @staticmethod
    def _buttons(given: dict[str, str]) -> list[tuple[str, str]]:
        if not given.get("reply_markup"):
            return []
        try:
            rows = json.loads(given["reply_markup"])["inline_keyboard"]
            buttons = [(one["text"], one["callback_data"]) for row in rows for one in row]
        except (ValueError, KeyError, TypeError):
            raise Refused(400, "Bad Request: can't parse reply keyboard markup JSON object") from None
        for text, data in buttons:
            if not text:
                raise Refused(400, "Bad Request: inline keyboard button text is empty")
            if not 1 <= len(data.encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        return buttons

    def _sendMessage(self, given: dict[str, str]) -> Any:
        person, text, buttons = self._person_of(given), self._text(given), self._buttons(given)
        self._limit(person)
        shown = Shown(self.next_message(), text, True, buttons, given.get("reply_markup", ""), self.now())
        person.chat.append(shown)
        return self._message(person, shown)

    def _message(self, person: Person, shown: Shown) -> dict[str, Any]:
        found = {"message_id": shown.number, "from": ME, "chat": person._place(), "date": int(time.time()),
                 "text": shown.text}  # fmt: skip
        if shown.markup:
            found["reply_markup"] = json.loads(shown.markup)
        return found

    def _shown(self, person: Person, number: str, wanted: str) -> Shown:
        for shown in person.chat:
            if str(shown.number) == number:
                return shown
        raise Refused(400, f"Bad Request: message to {wanted} not found")

    def _editMessageText(self, given: dict[str, str]) -> Any:
        person = self._person_of(given)
        text, buttons, markup = self._text(given), self._buttons(given), given.get("reply_markup", "")
        shown = self._shown(person, given.get("message_id", ""), "edit")
        if not shown.by_bot:
            raise Refused(400, "Bad Request: message can't be edited")
        if shown.text == text and shown.markup == markup:
            raise Refused(400, "Bad Request: message is not modified: specified new message content and reply markup are "
                               "exactly the same as a current content and reply markup of the message")  # fmt: skip
        shown.text, shown.buttons, shown.markup = text, buttons, markup
        return {**self._message(person, shown), "edit_date": int(time.time())}

    def _editMessageReplyMarkup(self, given: dict[str, str]) -> Any:
        person = self._person_of(given)
        shown = self._shown(person, given.get("message_id", ""), "edit")
        return self._editMessageText({**given, "text": shown.text})

    def _deleteMessage(self, given: dict[str, str]) -> Any:
        person = self._person_of(given)
        shown = self._shown(person, given.get("message_id", ""), "delete")
        person.chat.remove(shown)
        person.deleted.append(shown.text)
        return True

    def _deleteMessages(self, given: dict[str, str]) -> Any:
        person, numbers = self._person_of(given), json.loads(given.get("message_ids", "[]"))
        if not 1 <= len(numbers) <= 100:
            raise Refused(400, "Bad Request: message identifiers are not specified")
        for number in numbers:
            # Those that are not there are skipped, as documented.
            for shown in [one for one in person.chat if one.number == number]:
                person.chat.remove(shown)
                person.deleted.append(shown.text)
        return True

    def _answerCallbackQuery(self, given: dict[str, str]) -> Any:
        if len(given.get("text", "")) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        if given.get("callback_query_id") not in self.queries:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        return True

    def _setWebhook(self, given: dict[str, str]) -> Any:
        url = given.get("url", "")
        if url and not url.startswith(("https://", "http://127.0.0.1:")):
            raise Refused(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook")
        self._webhook = {"url": url, "secret": given.get("secret_token", "")} if url else {}
        self._webhook_queue.extend(self._waiting)
        self._waiting.clear()
        return True

    def _deleteWebhook(self, given: dict[str, str]) -> Any:
        self._webhook = {}
        self._waiting.extend(self._webhook_queue)
        self._webhook_queue.clear()
        return True

    async def _get_updates(self, given: dict[str, str]) -> Any:
        if set(given) - PARAMETERS["getUpdates"]:
            raise Refused(400, "Bad Request: unknown parameters")
        if self._webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        self._asking += 1
        mine = self._asking
        until = time.monotonic() + min(50, int(given.get("timeout", "0")))
        offset = int(given.get("offset", "0"))
        while True:
            if mine != self._asking:
                raise Refused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
                                   "is running")  # fmt: skip
            with self.lock:
                self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
                if self._waiting:
                    found = self._waiting[: int(given.get("limit", "100"))]
                    if self.shuffles:
                        found = self.chance.sample(found, len(found))
                    return found
            if time.monotonic() >= until:
                return []
            await asyncio.sleep(0.01)

    async def _bring_to_webhook(self) -> None:
        async with aiohttp.ClientSession() as client:
            while True:
                await asyncio.sleep(0.01)
                if not self._webhook or not self._webhook_queue:
                    continue
                update = self._webhook_queue[0]
                headers = {"X-Telegram-Bot-Api-Secret-Token": self._webhook["secret"]}
                try:
                    async with client.post(self._webhook["url"], json=update, headers=headers) as answer:
                        if answer.status == 200:
                            self._webhook_queue.popleft()
                            continue
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)


def _no(refusal: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return web.json_response(body, status=refusal.code)


def _break(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
