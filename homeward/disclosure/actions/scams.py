"""Scam texts: taken down, gathered into waves, warned of."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure import likeness, queries
from homeward.disclosure.deeds import Deed
from homeward.disclosure.models import ScamReport, ScamWave, Warning, WarningSeen
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.lib.turn import take_turn

# A wave that was silent so long is over; the same text then begins a new one.
_LASTS = timedelta(days=90)
_LOOKED_AT = 2000
LANGUAGES = ("uk", "ru", "en", "fr")


class WarningNotPossible(Refusal):
    """The warning lacks words."""


@transaction.atomic
def report_scam(text: str, *, language: str) -> ScamReport:
    """A text somebody was sent; it joins the wave it is nearly equal to, or begins one."""
    take_turn()
    text = text.strip()[:4000]
    moment = clock.now()
    made = likeness.signature(text)
    recent = queries.waves().filter(last_at__gt=moment - _LASTS)[:_LOOKED_AT]
    alike = [(likeness.likeness(bytes(wave.signature), made), wave) for wave in recent]
    best, wave = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    if wave is None or best < likeness.ALIKE:
        wave = ScamWave.objects.create(signature=made, first_at=moment)
    wave.count += 1
    wave.last_at = moment
    wave.save(update_fields=["count", "last_at"])
    report = ScamReport.objects.create(wave=wave, text=text, language=language[:5], reported_at=moment)
    audit.record(Deed.SCAM_REPORTED, by=None, about=wave.reference)
    return report


def _payload(wave: ScamWave, texts: dict[str, str]) -> dict[str, str]:
    words = {language: texts.get(language, "").strip() for language in LANGUAGES}
    if not all(words.values()):
        raise WarningNotPossible(_("A warning is written in all four languages."))
    return {"wave": wave.reference, **words}


@transaction.atomic
def propose_warning(wave: ScamWave, *, texts: dict[str, str], by: Staff) -> Proposal:
    """Propose what the family site says of this wave; somebody else decides over these very words."""
    return decisions.propose(queries.WARNING_KIND, subject=wave.reference, payload=_payload(wave, texts), by=by)


@transaction.atomic
def approve_warning(proposal: Proposal, *, payload_hash: str, by: Staff) -> Warning:
    """The second person's yes; the warning stands at once, in the place of the one before."""
    take_turn()
    decisions.approve(proposal, payload_hash, by)
    words = proposal.payload
    Warning.objects.filter(ended_at__isnull=True).update(ended_at=clock.now())
    warning = Warning.objects.create(
        wave=ScamWave.objects.filter(reference=words["wave"]).first(),
        proposal=proposal,
        payload_hash=proposal.payload_hash,
        **{f"text_{language}": words[language] for language in LANGUAGES},
    )
    audit.record(Deed.WARNING_SHOWN, by=by, about=words["wave"])
    return warning


@transaction.atomic
def end_warning(*, by: Staff) -> None:
    """The family site warns of nothing any more."""
    warning = queries.current_warning()
    if warning is None:
        raise WarningNotPossible(_("No warning stands."))
    warning.ended_at = clock.now()
    warning.save(update_fields=["ended_at"])
    audit.record(Deed.WARNING_ENDED, by=by, about=warning.reference)


def note_seen(warning: Warning, enquiry: Enquiry) -> None:
    """Her page showed it to her."""
    WarningSeen.objects.get_or_create(warning=warning, enquiry=enquiry)
