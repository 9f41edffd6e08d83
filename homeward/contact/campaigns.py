"""One neutral text to many families: written, counted, proposed by one person, approved by another, sent once to each."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.channels.carrying import Channel
from homeward.contact import hours, neutral
from homeward.contact.audiences import audience
from homeward.contact.deeds import Deed
from homeward.contact.models import Address, AddressState, Campaign, CampaignFamily, Message, Wishes
from homeward.contact.texts import LANGUAGES
from homeward.decisions import actions as decisions
from homeward.decisions.hashing import payload_hash
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.work import Task, enqueue

KIND = "contact.campaign"
JOB = "contact.campaign"
_AT_ONCE = 200


class NotNeutral(Refusal):
    """The words, or the group, may not be written to families."""


class NotNow(Refusal):
    """It is not in a state in which this can be done."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a message to this group would mean, before anybody decides."""

    chosen: int  # families of the group
    reachable: int  # places that are written to, each once

    @property
    def silent(self) -> int:
        """Families who wished no contact, or share a telephone with one that is written to."""
        return self.chosen - self.reachable


def group_code(chosen: Mapping[str, str]) -> str:
    """The choice as it is stored: codes, in a fixed order."""
    return ";".join(f"{code}={value}" for code, value in sorted(chosen.items()) if value)[:400]


def count(audience_code: str, chosen: Mapping[str, str]) -> Count:
    """The dry run: nothing is written."""
    subjects = list(audience(audience_code).subjects(chosen))
    return Count(len(subjects), len(_once_each(subjects)))


def _once_each(subjects: list[str]) -> dict[str, str]:
    """By the first place that can be written to, the family; of two enquiries with one telephone the first."""
    found: dict[str, str] = {}
    for start in range(0, len(subjects), 500):
        addresses = (
            Address.objects.filter(wishes__subject__in=subjects[start : start + 500], state=AddressState.OK)
            .exclude(channel=Channel.VOICE)
            .order_by("wishes_id", "place")
            .values_list("wishes__subject", "address_index")
        )
        seen: set[str] = set()
        for subject, index in addresses:
            if subject not in seen:
                seen.add(subject)
                found.setdefault(bytes(index).hex(), subject)
    return found


def payload_of(campaign: Campaign) -> dict[str, Any]:
    """Exactly what two people decide: the words, and the group as it stands in the database."""
    return {
        "campaign": campaign.reference,
        "title": campaign.title,
        "texts": {language: campaign.texts[language] for language in LANGUAGES},
        "audience": campaign.audience,
        "group": campaign.group,
        "group_hash": _hash_of(campaign),
        "families": campaign.reachable,
    }


def _hash_of(campaign: Campaign) -> str:
    digest = hashlib.sha256()
    for subject in campaign.families.order_by("subject").values_list("subject", flat=True).iterator():
        digest.update(f"{subject}\n".encode())
    return digest.hexdigest()


@transaction.atomic
def propose_campaign(
    *, title: str, texts: Mapping[str, str], audience_code: str, chosen: Mapping[str, str], by: Staff
) -> Campaign:
    """Write it down with its group as it is at this moment, and propose it; somebody else decides within 24 hours."""
    for language in LANGUAGES:
        if neutral.faults_of(texts.get(language, ""), language):
            raise NotNeutral(_("The words are not neutral in every language."))
    subjects = list(audience(audience_code).subjects(chosen))
    places = _once_each(subjects)
    if not places:
        raise NotNeutral(_("Nobody of this group can be written to."))
    campaign = Campaign.objects.create(
        title=title.strip()[:80],
        texts={language: texts[language].strip() for language in LANGUAGES},
        audience=audience_code,
        group=group_code(chosen),
        chosen=len(subjects),
        reachable=len(places),
        made_by=by,
    )
    CampaignFamily.objects.bulk_create(
        [CampaignFamily(campaign=campaign, subject=subject, once_for=place) for place, subject in places.items()],
        batch_size=200,
    )
    campaign.group_hash = _hash_of(campaign)
    payload = payload_of(campaign)
    campaign.payload_hash, campaign.state = payload_hash(payload), Campaign.State.PROPOSED
    campaign.proposal = decisions.propose(KIND, subject=campaign.reference, payload=payload, by=by)
    campaign.save(update_fields=["group_hash", "payload_hash", "state", "proposal"])
    return campaign


@transaction.atomic
def approve_campaign(campaign: Campaign, *, payload_hash: str, by: Staff) -> Campaign:
    """The second person's yes to exactly these words and this group; it is sent from now on."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    proposal = campaign.proposal
    if proposal is None or campaign.state != Campaign.State.PROPOSED or proposal.payload != payload_of(campaign):
        raise NotNow(_("This has been decided, or is not what was proposed."))
    decisions.approve(proposal, payload_hash, by)
    campaign.state = Campaign.State.RUNNING
    campaign.save(update_fields=["state"])
    audit.record(Deed.CAMPAIGN_STARTED, by=by, about=campaign.reference, detail={"families": campaign.reachable})
    enqueue(JOB, subject=campaign.reference)
    return campaign


@transaction.atomic
def refuse_campaign(campaign: Campaign, *, reason: str, note: str = "", by: Staff) -> None:
    """The second person's no."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.proposal is None or campaign.state != Campaign.State.PROPOSED:
        raise NotNow(_("This has been decided already."))
    decisions.refuse(campaign.proposal, by, reason, note=note)
    campaign.state = Campaign.State.REFUSED
    campaign.save(update_fields=["state"])


@transaction.atomic
def pause(campaign: Campaign, *, by: Staff) -> None:
    """Nothing more goes out; what is on the wire at this moment still does."""
    _turn(campaign, Campaign.State.RUNNING, Campaign.State.PAUSED)
    audit.record(Deed.CAMPAIGN_PAUSED, by=by, about=campaign.reference)


@transaction.atomic
def resume(campaign: Campaign, *, by: Staff) -> None:
    """Go on where it stood; whoever has it does not get it again."""
    _turn(campaign, Campaign.State.PAUSED, Campaign.State.RUNNING)
    audit.record(Deed.CAMPAIGN_RESUMED, by=by, about=campaign.reference)
    enqueue(JOB, subject=campaign.reference)


def _turn(campaign: Campaign, before: Campaign.State, after: Campaign.State) -> None:
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state != before:
        raise NotNow(_("Somebody was faster. Look again."))
    locked.state = after
    locked.save(update_fields=["state"])


def write_messages(job: Task) -> None:
    """A message for each family of the group, at her hours. May be run again over the same ground."""
    campaign = Campaign.objects.get(reference=job.subject)
    done = 0
    for families in _chunks(campaign):
        if job.should_stop():
            return
        with transaction.atomic():
            job.hold()
            if Campaign.objects.select_for_update().get(pk=campaign.pk).state != Campaign.State.RUNNING:
                return
            _write(campaign, families)
        done += len(families)
        job.progress(done, campaign.reachable)


def _chunks(campaign: Campaign) -> Iterator[list[CampaignFamily]]:
    last = 0
    while families := list(campaign.families.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = families[-1].pk
        yield families


def _write(campaign: Campaign, families: list[CampaignFamily]) -> None:
    # Whoever wished no contact meanwhile has none.
    wishes = {row.subject: row for row in Wishes.objects.filter(subject__in=[family.subject for family in families])}
    now, messages = clock.now(), []
    for family in families:
        hers = wishes.get(family.subject)
        if hers is not None:
            day = hours.allowed_day_after(hers, hours.today_of(hers, now))
            due = hours.moment_on(hers, day)
            messages.append(
                Message(wishes=hers, campaign=campaign, once_for=family.once_for, due_at=due, must_arrive=True)
            )
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=100)
