"""One thing said to us, and what we answer: the talk moves on and the answer is written down in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from homeward.channels.carrying import Channel as Way
from homeward.channels.configured import family_address
from homeward.contact import inbox, posting
from homeward.contact.actions import index_of, link_address, unlink_address
from homeward.contact.models import AddressState, Posting, Talk
from homeward.contact.texts import LANGUAGES
from homeward.enquiries.actions import file_enquiry, forget_telegram
from homeward.enquiries.dialogue import words
from homeward.enquiries.models import Channel, Enquiry, Reach, Relation
from homeward.enquiries.passphrases import NotReadable, TryAgain, check_passphrase, give_passphrase
from homeward.lib import clock, references

# The questions, in the order people tell it.
QUESTIONS = (
    "relation", "surname", "given", "patronymic", "born", "birthplace", "unit", "service_number", "last_news", "name",
    "reach",
)  # fmt: skip
FACTS = ("surname", "given", "patronymic", "born", "birthplace", "unit", "service_number", "last_news")
_RELATIONS = ("mother", "father", "wife", "brother", "sister", "son", "daughter", "relative", "friend", "other")
# How long a passphrase, and how long a status, stands in the chat.
NOTING, READING = timedelta(minutes=30), timedelta(minutes=2)
_LONGEST = {"last_news": 2000}
_MOST_NOTED = 300

Buttons = list[list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of the words she typed; asked before the transaction, for it takes a moment and remembers wrong tries."""

    enquiry: Enquiry | None = None
    code: str = "wrong"


def answer_next() -> bool:
    """Answer the earliest of what came in; False where nothing waits. A fault is raised after it was counted."""
    incoming = inbox.next_incoming(Way.TELEGRAM)
    if incoming is None:
        return False
    checked = _check(incoming.content)
    inbox.handle(incoming, lambda content: _Turn(content, checked).take())
    return True


def _check(content: Mapping[str, Any]) -> Checked | None:
    index = index_of(Way.TELEGRAM, content["chat"])
    talk = Talk.objects.filter(channel=Way.TELEGRAM, address_index=index, step="words").first()
    if talk is None or content["kind"] != "text" or content["text"].startswith("/"):
        return None
    try:
        return Checked(check_passphrase((talk.said or {}).get("number", ""), content["text"]))
    except NotReadable:
        return Checked()
    except TryAgain:
        return Checked(code="later")


class _Turn:
    """Her word and our answer, inside the transaction."""

    def __init__(self, heard: Mapping[str, Any], checked: Checked | None) -> None:
        self.heard, self.checked = heard, checked
        self.chat: str = heard["chat"]
        self.talk = inbox.talk_with(Way.TELEGRAM, self.chat)
        self.said: dict[str, Any] = {"facts": {}, "hers": [], "ours": [], **(self.talk.said or {})}

    def take(self) -> None:
        """Answer, and keep where the talk stands."""
        if self.heard["kind"] == "left":
            posting.close_address(Way.TELEGRAM, bytes(self.talk.address_index), AddressState.BLOCKED)
            self.talk.delete()
            return
        if self.heard["kind"] in ("text", "picture", "other"):
            self.said["hers"] = [*self.said["hers"], self.heard["message"]][-_MOST_NOTED:]
        self._answer()
        if self.talk.pk is not None:
            self.talk.said, self.talk.spoken_at = self.said, clock.now()
            self.talk.save()

    # --- what she may say ---

    def _answer(self) -> None:
        kind, text = self.heard["kind"], self.heard["text"].strip()
        if kind == "button":
            self._pressed(text)
        elif kind == "picture":
            self.say("picture", site=self._site())
            self._ask_again()
        elif kind == "other" or not text:
            self._ask_again()
        elif text.startswith("/"):
            self._command(text.split()[0].partition("@")[0].lower())
        else:
            self._told(text)

    def _command(self, command: str) -> None:
        if command == "/status":
            self._ask_status()
        elif command == "/forget":
            self._ask("forget")
        elif command == "/language" or not self.talk.language:
            self._ask("language")
        else:
            self._ask("menu")

    def _pressed(self, data: str) -> None:
        step, _, value = data.partition(":")
        if step == "noted" and self.said.get("passphrase"):
            self._quiet_answer()
            self._wipe()
            return
        if step != self.talk.step:
            self._quiet_answer(words.say("stale", self.talk.language))
            return
        self._quiet_answer()
        self._show_choice(step, value)
        if step == "language":
            self.talk.language = value if value in LANGUAGES else "en"
            self._ask("menu")
        elif step == "menu":
            self._chose_from_menu(value)
        elif step == "forget":
            self._forget() if value == "yes" else self._ask("menu")
        elif step == "review":
            self._reviewed(value)
        elif step == "change" and value in QUESTIONS:
            self.said["fixing"] = True
            self._ask(value)
        elif value == "back":
            self._back(step)
        elif step in QUESTIONS:
            self._answered(step, "" if value == "skip" else value)

    def _chose_from_menu(self, value: str) -> None:
        if value == "ask":
            self.said |= {"facts": {}, "relation": "", "name": "", "reach": "", "fixing": False}
            self._ask(QUESTIONS[0])
        elif value == "status":
            self._ask_status()
        else:
            self._ask("forget")

    def _told(self, text: str) -> None:
        step = self.talk.step
        if step in (*FACTS, "name"):
            self._answered(step, text[: _LONGEST.get(step, 200)])
        elif step == "number":
            number = references.tidy(text) if references.is_valid(text) else ""
            if number:
                self.said["number"] = number
                self._ask("words")
            else:
                self.say("no_number")
        elif step == "words" and self.checked is not None:
            self._status(self.checked)
        else:
            self._ask_again()

    def _answered(self, step: str, value: str) -> None:
        if step in FACTS:
            self.said["facts"] = {**self.said["facts"], step: value}
        else:
            self.said[step] = value
        if self.said.get("fixing") or step == QUESTIONS[-1]:
            self.said["fixing"] = False
            self._ask("review")
        else:
            self._ask(QUESTIONS[QUESTIONS.index(step) + 1])

    def _back(self, step: str) -> None:
        place = QUESTIONS.index(step) if step in QUESTIONS else 0
        if self.said.get("fixing"):
            self.said["fixing"] = False
            self._ask("review")
        else:
            self._ask(QUESTIONS[place - 1] if place else "menu")

    def _reviewed(self, value: str) -> None:
        if value == "change":
            self._ask("change")
        elif value == "cancel":
            self.said["facts"] = {}
            self.say("cancelled")
            self._wipe(after=READING)
            self._ask("menu")
        elif value == "send":
            told = [code for code in FACTS if self.said["facts"].get(code)]
            if not {"surname", "given"} & set(told) or len(told) < 2:
                self.say("too_little")
                self._ask("change")
            else:
                self._file()

    # --- what we do ---

    def _file(self) -> None:
        language = self.talk.language
        wishes_it = self.said.get("reach") == "yes"
        relation = self.said.get("relation") or ""
        enquiry = file_enquiry(
            self.said["facts"],
            channel=Channel.TELEGRAM,
            relation=Relation(relation) if relation in Relation.values else Relation.UNKNOWN,
            language=language,
            enquirer={"name": self.said.get("name") or ""},
            reach=Reach.TELEGRAM if wishes_it else Reach.NONE,
            filing_token=f"tg {self.talk.reference} {self.heard['number']}"[:40],
            by=None,
        )
        if wishes_it:
            link_address(enquiry.reference, language=language, channel=Way.TELEGRAM, address=self.chat)
        passphrase = give_passphrase(enquiry, language=language)
        self.talk.subject, self.talk.step = enquiry.reference, ""
        kept = self.said
        self.said = {"facts": {}, "hers": kept["hers"], "ours": kept["ours"], "passphrase": True}
        self.say("filed", reference=enquiry.reference, note=False)
        minutes = int(NOTING.total_seconds() // 60)
        button = [[(words.say("b_noted", language), "noted:yes")]]
        self.say("passphrase", buttons=button, words=passphrase, minutes=minutes)
        self._wipe(after=NOTING, keep=True)

    def _ask_status(self) -> None:
        if not self.talk.language:
            self._ask("language")
        elif self.talk.subject:
            self.said["number"] = self.talk.subject
            self._ask("words")
        else:
            self._ask("number")

    def _status(self, checked: Checked) -> None:
        """The same words for everybody: nothing the register knows has a part in them."""
        self._delete([self.heard["message"]], [])
        language = self.talk.language
        if checked.enquiry is None:
            self.say(checked.code)
            return
        enquiry = checked.enquiry
        self.talk.step, self.talk.subject = "", enquiry.reference
        if enquiry.withdrawn_at is not None:
            said = self.say("withdrawn", reference=enquiry.reference)
        else:
            with override(language):
                day = date_format(timezone.localtime(enquiry.received_at), "j E Y" if language != "en" else "j F Y")
            minutes = int(READING.total_seconds() // 60)
            said = self.say("status", reference=enquiry.reference, day=day, site=self._site(), minutes=minutes)
        self._delete([], [said.pk], after=READING)

    def _forget(self) -> None:
        if self.talk.subject:
            unlink_address(self.talk.subject, channel=Way.TELEGRAM, address=self.chat)
            forget_telegram(self.talk.subject)
        self._wipe()
        said = self.say("forgotten")
        self._delete([], [said.pk], after=READING)
        self.talk.delete()

    def _wipe(self, *, after: timedelta = timedelta(0), keep: bool = False) -> None:
        """Delete what she and we wrote here; with `keep` it can still be deleted sooner."""
        if self.said["hers"] or self.said["ours"]:
            self._delete(self.said["hers"], self.said["ours"], after=after)
        if not keep:
            self.said |= {"hers": [], "ours": [], "passphrase": False}

    def _delete(self, messages: list[int], ours: list[int], *, after: timedelta = timedelta(0)) -> None:
        content = {"messages": messages, "ours": ours}
        posting.say(Way.TELEGRAM, self.chat, content, method=Posting.Method.DELETE, after=after)

    # --- what we say ---

    def say(self, code: str, *, buttons: Buttons | None = None, note: bool = True, **values: object) -> Posting:
        """These words; noted, so that they can be deleted with the rest."""
        return self._send(words.say(code, self.talk.language, **values), buttons, note=note)

    def _send(self, text: str, buttons: Buttons | None, *, note: bool = True) -> Posting:
        said = posting.say(Way.TELEGRAM, self.chat, {"text": text[:4000], "buttons": buttons or []})
        if note:
            self.said["ours"] = [*self.said["ours"], said.pk][-_MOST_NOTED:]
        return said

    def _quiet_answer(self, text: str = "") -> None:
        content = {"button": self.heard["button"], "text": text or None}
        posting.say(Way.TELEGRAM, self.chat, content, method=Posting.Method.ANSWER)

    def _ask_again(self) -> None:
        if self.talk.step:
            self._ask(self.talk.step)
        else:
            self._ask("menu" if self.talk.language else "language")

    def _ask(self, step: str) -> None:
        """Ask this; it is what her next word answers."""
        if step != "language" and not self.talk.language:
            # She may begin with any command; the question waits until we know how to ask it.
            step = "language"
        self.talk.step = step
        self._send(self._question(step), self._buttons(step))

    def _question(self, step: str) -> str:
        language = self.talk.language
        if step == "language":
            return words.CHOOSE_LANGUAGE
        if step == "review":
            return words.say("review", language, facts=self._summary())
        if step in ("menu", "forget"):
            return words.say("intro" if step == "menu" else step, language, site=self._site())
        return words.say(step, language)

    def _buttons(self, step: str) -> Buttons:
        language = self.talk.language

        def button(code: str, value: str) -> tuple[str, str]:
            return words.say(code, language), f"{step}:{value}"

        if step == "language":
            return [[(name, f"language:{code}")] for code, name in words.LANGUAGE_NAMES.items()]
        if step == "menu":
            return [[button("b_ask", "ask")], [button("b_status", "status")], [button("b_forget", "forget")]]
        if step == "forget":
            return [[button("b_forget_yes", "yes")], [button("b_back", "no")]]
        if step == "review":
            return [[button("b_send", "send")], [button("b_change", "change")], [button("b_cancel", "cancel")]]
        if step == "change":
            return [[button(f"l_{code}", code)] for code in QUESTIONS]
        if step == "relation":
            pairs = [_RELATIONS[start : start + 2] for start in range(0, len(_RELATIONS), 2)]
            return [[button(f"r_{code}", code) for code in pair] for pair in pairs] + [
                [button("b_back", "back"), button("b_skip", "skip")]
            ]
        if step == "reach":
            return [[button("b_reach_no", "no")], [button("b_reach_yes", "yes")], [button("b_back", "back")]]
        if step in QUESTIONS:
            return [[button("b_back", "back"), button("b_skip", "skip")]]
        return []

    def _show_choice(self, step: str, value: str) -> None:
        """What she chose stands under the question from now on, without its buttons."""
        label = next((text for row in self._buttons(step) for text, data in row if data == f"{step}:{value}"), "")
        if label and value not in ("back", "skip"):
            content = {"message": self.heard["message"], "text": f"{self._question(step)[:3900]}\n\n— {label}"}
            posting.say(Way.TELEGRAM, self.chat, content, method=Posting.Method.EDIT)

    def _summary(self) -> str:
        language, lines = self.talk.language, []
        if self.said.get("relation"):
            lines.append(f"{words.say('l_relation', language)}: {words.say('r_' + self.said['relation'], language)}")
        for code in FACTS:
            if self.said["facts"].get(code):
                lines.append(f"{words.say('l_' + code, language)}: {self.said['facts'][code]}")
        if self.said.get("name"):
            lines.append(f"{words.say('l_name', language)}: {self.said['name']}")
        reach = "b_reach_yes" if self.said.get("reach") == "yes" else "b_reach_no"
        lines.append(f"{words.say('l_reach', language)}: {words.say(reach, language)}")
        return "\n".join(lines)

    def _site(self) -> str:
        return family_address() or words.say("site", self.talk.language)
