"""The passphrase with which a family comes back: given once, checked slowly, never a lock-out.

Argon2id (RFC 9106; 64 MiB, three passes, one lane) stands between a stolen database and the passphrases. It is also the
dearest thing the family site does, so at most two run at once on the machine and twenty wait; whoever finds the queue full
is asked to try again. A wrong try makes the next tries for the same reference wait, one second growing to sixty.

Neither may shut out the one who knows the words. Eight bits of a keyed hash of the right words stand beside the reference:
while a reference is slowed or the queue is long, only tries that carry them go on, all others are turned away at once, and
so an enemy who hammers at her number delays himself. A reference that nobody has is treated alike in everything.

Filing an enquiry does not wait for Argon2id: the words lie sealed under the family key until a worker has done the
derivation, within seconds (`jobs.py`).
"""

import hashlib
import hmac
import os
import secrets
from datetime import timedelta

from argon2.low_level import Type, hash_secret_raw
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeward import audit
from homeward.enquiries import words
from homeward.enquiries.deeds import Deed
from homeward.enquiries.models import Credential, Enquiry, SignInDelay
from homeward.lib import clock, keys, references
from homeward.lib.gate import Gate, GateFull
from homeward.lib.refusals import Refusal
from homeward.lib.sealed import blind_index

WORDS = 6
DIGITS = 20
LONGEST = 128
GATE = Gate("passphrases", at_once=2, queue=20)
# So many of the twenty places may be taken by tries that cannot be right.
DOUBTFUL_PLACES = 6
LONGEST_DELAY = 60
TRY_AGAIN_AFTER = 5


class TryAgain(Refusal):
    """Not now: too many at once, or too soon after a wrong try."""

    status = 503

    def __init__(self, sentence: str, *, after: int) -> None:
        super().__init__(sentence)
        self.after = after


class NotReadable(Refusal):
    """What was typed is neither six words of a list nor twenty digits; says which word is not known."""

    status = 400


def derive(secret: str, salt: bytes) -> bytes:
    """Argon2id of the secret: 64 MiB, t=3, p=1."""
    return hash_secret_raw(secret.encode(), salt, 3, 64 * 1024, 1, 32, Type.ID)


def give_passphrase(enquiry: Enquiry, *, language: str) -> str:
    """Six words of her language, in the caller's transaction. Any earlier passphrase opens nothing from then on."""
    language = language if language in words.LANGUAGES else "en"
    chosen = " ".join(secrets.choice(words.words_of(language)) for _number in range(WORDS))
    _keep(enquiry, _reading(chosen, language) or "", Credential.Form.WORDS, language)
    return chosen


def give_digits(enquiry: Enquiry, *, language: str) -> str:
    """The same as twenty digits in fives, to be said over the telephone."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    _keep(enquiry, f"digits {digits}", Credential.Form.DIGITS, language)
    return " ".join(digits[start : start + 5] for start in range(0, DIGITS, 5))


def _keep(enquiry: Enquiry, secret: str, form: Credential.Form, language: str) -> None:
    Credential.objects.filter(enquiry=enquiry).delete()
    Credential.objects.create(
        enquiry=enquiry, form=form, language=language[:5], salt=os.urandom(16), pending=secret, tag=_tag(enquiry.reference, secret)
    )  # fmt: skip
    SignInDelay.objects.filter(index=_index(enquiry.reference)).delete()
    audit.record(Deed.PASSPHRASE_GIVEN, by=None, about=enquiry.reference)


def check_passphrase(reference: str, typed: str) -> Enquiry | None:
    """The enquiry, or None where reference and passphrase do not belong together. Raises TryAgain and NotReadable.

    Must not be called inside a transaction: a wrong try is remembered whatever the caller does then.
    """
    readings = readings_of(typed)
    reference = references.tidy(reference[:LONGEST])
    credential = Credential.objects.select_related("enquiry__sought").filter(enquiry__reference=reference).first()
    known = credential.language if credential else ""
    secret = readings.get(known) or next(iter(readings.values()))
    fits = _tag(reference, secret) == (credential.tag if credential else _tag(reference, "nobody"))
    index = _index(reference)
    slowed = SignInDelay.objects.filter(index=index).first()
    if slowed is not None and not fits and (left := (slowed.until - clock.now()).total_seconds()) > 0:
        seconds = int(left) + 1
        raise TryAgain(
            ngettext(
                "That was not right. Wait %(seconds)d second, then try again.",
                "That was not right. Wait %(seconds)d seconds, then try again.",
                seconds,
            )
            % {"seconds": seconds},
            after=seconds,
        )
    right = _derived_right(credential, secret, fits=fits)
    if not right:
        _slow_down(index, reference)
        return None
    assert credential is not None
    with transaction.atomic():
        if slowed is not None:
            SignInDelay.objects.filter(index=index).delete()
        audit.record(Deed.CAME_BACK, by=None, about=reference)
    return credential.enquiry


def _derived_right(credential: Credential | None, secret: str, *, fits: bool) -> bool:
    salt = bytes(credential.salt) if credential else hashlib.sha256(b"nobody").digest()[:16]
    places, look_every = (None, 0.005) if fits else (DOUBTFUL_PLACES, 0.04)
    try:
        with GATE.passing(places=places, look_every=look_every):
            derived = derive(secret, salt)
    except GateFull:
        raise TryAgain(
            _("Very many people are coming in at this moment. Wait a few seconds, then press the button again."),
            after=TRY_AGAIN_AFTER,
        ) from None
    if credential is None:
        return False
    if credential.derived is not None:
        return hmac.compare_digest(derived, bytes(credential.derived))
    # Not derived by a worker yet: the words themselves lie sealed.
    return hmac.compare_digest(secret.encode(), str(credential.pending or "").encode())


def _slow_down(index: bytes, reference: str) -> None:
    with transaction.atomic():
        row, _made = SignInDelay.objects.get_or_create(index=index, defaults={"until": clock.now()})
        SignInDelay.objects.filter(pk=row.pk).update(failures=F("failures") + 1)
        row.refresh_from_db(fields=["failures"])
        seconds = min(LONGEST_DELAY, 2 ** min(row.failures - 1, 6))
        SignInDelay.objects.filter(pk=row.pk).update(until=clock.now() + timedelta(seconds=seconds))
        if row.failures == 10:
            # Once, so that somebody sees it; a line for each try would fill the log for whoever hammers.
            audit.record(Deed.MANY_WRONG_TRIES, by=None, about=reference)


def derive_one() -> bool:
    """Derive the oldest passphrase that still lies sealed; False where there is none or somebody is coming in."""
    credential = Credential.objects.filter(derived__isnull=True).order_by("pk").first()
    if credential is None:
        return False
    with GATE.passing_when_idle() as free:
        if not free:
            return False
        derived = derive(str(credential.pending), bytes(credential.salt))
    # She may have changed it meanwhile: then this row is gone, and nothing is written.
    Credential.objects.filter(pk=credential.pk).update(derived=derived, pending=None)
    return True


def readings_of(typed: str) -> dict[str, str]:
    """What may be meant: by language, in one form for each passphrase. Raises NotReadable. Knows nothing of any reference."""
    typed = typed[:LONGEST].strip()
    digits = "".join(sign for sign in typed if sign.isdecimal())
    if len(digits) >= 6:
        if len(digits) != DIGITS:
            raise NotReadable(_("These are %(count)d digits. It should be twenty.") % {"count": len(digits)})
        return {"digits": f"digits {''.join(str(int(digit)) for digit in digits)}"}
    found = {language: said for language in words.LANGUAGES if (said := _reading(typed, language))}
    if found:
        return found
    raise NotReadable(_why(typed))


def _parts(typed: str) -> list[list[str]]:
    """The words as typed, by each way of telling where one ends: with a keyboard switched, a comma may be a letter."""
    return [typed.replace(",", " ").replace(".", " ").replace("-", " ").split(), typed.replace("-", " ").split()]


def _reading(typed: str, language: str) -> str | None:
    for parts in _parts(typed):
        meant = [words.word_meant(part, language) for part in parts]
        if len(meant) == WORDS and all(meant):
            return f"{language} {' '.join(word for word in meant if word)}"
    return None


def _why(typed: str) -> str:
    parts = _parts(typed)[0]
    if len(parts) != WORDS:
        return ngettext(
            "You wrote %(count)d word. It should be six.", "You wrote %(count)d words. It should be six.", len(parts)
        ) % {"count": len(parts)}
    unknown = min(
        ([number for number, part in enumerate(parts, 1) if not words.word_meant(part, language)] for language in words.LANGUAGES),
        key=len,
    )  # fmt: skip
    return _("Look at word number %(numbers)s: it is not one of our words.") % {"numbers": ", ".join(map(str, unknown))}


def _tag(reference: str, secret: str) -> int:
    return hmac.digest(keys.key("family", "passphrase tag"), f"{reference}|{secret}".encode(), "sha256")[0]


def _index(reference: str) -> bytes:
    return blind_index("family", "sign-in", reference)
