"""What a family does herself: writes, asks, adds, answers, takes back. Nothing here knows the register."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.channels.carrying import Channel as Way
from homeward.contact.actions import forget_wishes, set_wishes
from homeward.enquiries import actions, passphrases, pictures
from homeward.enquiries.deeds import Deed
from homeward.enquiries.models import (
    Channel,
    Correction,
    Credential,
    Document,
    Draft,
    Enquiry,
    Question,
    Reach,
    Relation,
    Sighting,
    SignInDelay,
)
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.lib.turn import take_turn

DRAFT_KEPT = timedelta(hours=2)
# How long the passphrase can be shown again, where the answer to her last press was lost on the way.
SHOWN_FOR = timedelta(minutes=15)
_NAMES = ("surname", "given", "patronymic")
_MORE = (
    "born",
    "birthplace",
    "unit",
    "service_number",
    "rank",
    "father",
    "last_news_on",
    "last_news",
    "marks",
    "aliases",
)
_WAYS = {
    "sms": (Way.SMS, "telephone", Reach.SMS), "telephone": (Way.VOICE, "telephone", Reach.TELEPHONE),
    "email": (Way.EMAIL, "email", Reach.EMAIL),
}  # fmt: skip


class TooLittle(Refusal):
    """A name and one more fact are needed."""


class TooMany(Refusal):
    """More documents than anybody could look at."""


Told = Mapping[str, str]


def open_draft() -> Draft:
    """A fresh draft; whoever holds its reference may write in it."""
    return Draft.objects.create(reference=secrets.token_urlsafe(24), told={})


def draft_called(reference: str) -> Draft | None:
    """The draft while it is kept."""
    young = clock.now() - DRAFT_KEPT
    return Draft.objects.filter(reference=reference, touched_at__gte=young).first() if reference else None


@transaction.atomic
def write_down(draft: Draft, told: Told) -> None:
    """Keep what she typed on one page, as she typed it."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.enquiry_id is not None:
        return
    locked.told = draft.told = {**locked.told, **{key: text[:2000] for key, text in told.items()}}
    locked.touched_at = clock.now()
    locked.save(update_fields=["told", "touched_at"])


def facts_of(told: Told) -> dict[str, str]:
    """What was told, as an enquiry keeps it."""
    facts = {code: told.get(code, "").strip() for code in (*_NAMES, *_MORE)}
    parts = [told.get(part, "").strip() for part in ("year", "month", "day")]
    while parts and not parts[-1]:
        parts.pop()
    if parts and parts[0]:
        facts["born"] = "-".join(part.zfill(2) for part in parts if part)
        if told.get("unsure"):
            facts["born"] = f"ca {facts['born']}"
    return {code: text for code, text in facts.items() if text}


def is_enough(told: Told) -> bool:
    """A name, and one more fact by which he can be told from his namesakes."""
    facts = facts_of(told)
    names = sum(1 for code in _NAMES if facts.get(code))
    return bool(names) and (names > 1 or len(facts) > names)


@transaction.atomic
def file_draft(draft: Draft, *, language: str) -> Enquiry:
    """She sends it: the enquiry stands, with its passphrase, its papers and her wishes. Sent twice, it is filed once."""
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.enquiry is not None:
        return draft.enquiry
    told: dict[str, str] = draft.told
    if not is_enough(told):
        raise TooLittle(_("Write his name and one more thing about him, so that we can tell him from others."))
    way = _WAYS.get(told.get("reach", ""))
    left = {
        "name": told.get("your_name", ""),
        "telephone": told.get("telephone", "") if way and way[1] == "telephone" else "",
        "email": told.get("email", "") if way and way[1] == "email" else "",
        "cover_phrase": told.get("cover_phrase", "") if way else "",
    }
    relation = told.get("relation", "")
    enquiry = actions.file_enquiry(
        facts_of(told), channel=Channel.WEB, relation=Relation(relation) if relation in Relation.values else Relation.UNKNOWN,
        language=language, enquirer=left, reach=way[2] if way else Reach.NONE, filing_token=draft.reference, by=None,
    )  # fmt: skip
    phrase = passphrases.give_passphrase(enquiry, language=language)
    for document in Document.objects.filter(draft=draft):
        Document.objects.filter(pk=document.pk).update(draft=None, enquiry=enquiry)
        audit.record(Deed.DOCUMENT_ADDED, by=None, about=enquiry.reference, detail={"document": document.reference})
    if way and told.get(way[1], "").strip():
        set_wishes(
            enquiry.reference, language=language, addresses=[(way[0], told[way[1]])],
            from_hour=_hour(told.get("from_hour", ""), 9), to_hour=_hour(told.get("to_hour", ""), 20),
            cover_phrase=told.get("cover_phrase", ""), by=None,
        )  # fmt: skip
    draft.told, draft.enquiry, draft.touched_at = {"passphrase": phrase}, enquiry, clock.now()
    draft.save(update_fields=["told", "enquiry", "touched_at"])
    return enquiry


def _hour(typed: str, otherwise: int) -> int:
    return int(typed) if typed.isdecimal() and 0 <= int(typed) <= 24 else otherwise


def shown_once(draft: Draft) -> str | None:
    """The passphrase of the enquiry just filed; None once she wrote it down, or after a quarter of an hour."""
    if draft.enquiry_id is None or clock.now() - draft.touched_at > SHOWN_FOR:
        return None
    phrase: str | None = draft.told.get("passphrase")
    return phrase


@transaction.atomic
def throw_away(draft: Draft) -> None:
    """Nothing of the draft stays; papers that went on to an enquiry stay with it."""
    files = list(draft.documents.values_list("reference", flat=True))
    draft.delete()
    transaction.on_commit(lambda: pictures.forget(files))


def throw_away_old_drafts() -> int:
    """Drafts nobody wrote in for two hours, and delays of yesterday; how many drafts."""
    old = list(Draft.objects.filter(touched_at__lt=clock.now() - DRAFT_KEPT)[:100])
    for draft in old:
        throw_away(draft)
    SignInDelay.objects.filter(until__lt=clock.now() - timedelta(days=1)).delete()
    return len(old)


@transaction.atomic
def add_document(
    pages: list[bytes], *, kind: Document.Kind, draft: Draft | None = None, enquiry: Enquiry | None = None
) -> Document:
    """Keep a photo or paper, drawn anew already, with the draft or the enquiry."""
    there = Document.objects.filter(draft=draft) if draft else Document.objects.filter(enquiry=enquiry)
    if there.count() >= pictures.MOST_DOCUMENTS:
        raise TooMany(_("You have sent as many as we can look at. Take one away before you add another."))
    document = Document(draft=draft, enquiry=enquiry, kind=kind)
    pictures.keep(pages, document)
    document.save(force_insert=True)
    if enquiry is not None:
        audit.record(Deed.DOCUMENT_ADDED, by=None, about=enquiry.reference, detail={"document": document.reference})
    return document


@transaction.atomic
def take_away_document(document: Document) -> None:
    """She takes back what she added to her draft."""
    reference = document.reference
    document.delete()
    transaction.on_commit(lambda: pictures.forget([reference]))


@transaction.atomic
def correct(enquiry: Enquiry, told: Mapping[str, str], *, version: int) -> Enquiry:
    """She adds or corrects what she told; what she did not touch stays."""
    facts: dict[str, str] = {**enquiry.facts, **{code: text.strip() for code, text in told.items()}}
    return actions.change_facts(enquiry, facts, version=version, by=None)


@transaction.atomic
def answer(enquiry: Enquiry, question: Question, *, text: str) -> Question:
    """Her answer to the bureau's question; whoever asked sees it."""
    question = actions.record_answer(question, answer=text, by=None)
    Question.objects.filter(pk=question.pk).update(answered_in=enquiry)
    return question


@transaction.atomic
def add_relative(enquiry: Enquiry, *, relation: Relation, name: str, language: str, token: str) -> tuple[Enquiry, str]:
    """Another relative asks about the same man: an enquiry and a passphrase of her own, to be handed to her."""
    if enquiry.sought.enquiries.filter(withdrawn_at__isnull=True).count() >= 12:
        raise TooMany(_("So many relatives ask about him already. Call us if one more has to."))
    added = actions.file_enquiry(
        enquiry.facts, channel=Channel.WEB, relation=relation, language=language, enquirer={"name": name},
        sought=enquiry.sought, filing_token=token, by=None,
    )  # fmt: skip
    return added, passphrases.give_passphrase(added, language=language)


@transaction.atomic
def erase_enquiry(enquiry: Enquiry) -> None:
    """She takes everything back: what she told is destroyed, now and for ever; that she once asked stays as a bare number."""
    take_turn()
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if enquiry.withdrawn_at is None:
        enquiry = actions.withdraw_enquiry(enquiry, version=enquiry.version, by=None)
    files = list(enquiry.documents.values_list("reference", flat=True))
    for row in (Document, Credential, Correction, Sighting):
        row.objects.filter(enquiry=enquiry).delete()  # type: ignore[attr-defined]
    Draft.objects.filter(enquiry=enquiry).delete()
    for question in Question.objects.filter(answered_in=enquiry):
        question.answer = ""
        question.save(update_fields=["answer"])
    forget_wishes(enquiry.reference, by=None)
    enquiry.facts, enquiry.enquirer, enquiry.telephone_index, enquiry.filing_token = {}, None, None, None
    enquiry.reach, enquiry.relation, enquiry.erased_at = Reach.NONE, Relation.UNKNOWN, clock.now()
    enquiry.version += 1
    enquiry.save()
    audit.record(Deed.ERASED, by=None, about=enquiry.reference)
    transaction.on_commit(lambda: pictures.forget(files))
    transaction.on_commit(_leave_no_trace)


def _leave_no_trace() -> None:
    """SQLite's write-ahead log still holds the old pages: it is emptied at once (its deleted pages are overwritten anyway)."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
