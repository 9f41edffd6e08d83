"""Matches every change on either side against the whole other side. Runs in the worker, again after any crash.

The change log is the queue: `Progress.number` moves in the same transaction as the matches it stands for, and writing a
match twice changes nothing, so a worker killed at any point loses and doubles nothing.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.lib.changes.models import Change, Side
from homeward.matching import client, sides
from homeward.matching.sides import Item
from homeward.tracing.models import Judgement, MatchState, PotentialMatch, Progress
from homeward.tracing.states import settle_states
from homeward.work import NotNow, follows

# Lines of the change log in one step: small enough that a typed enquiry behind a large import waits moments only.
STEP = 400
# Candidates kept for each enquiry, and enquiries looked at again for each entry that changed.
KEPT = 10
LOOKED_AT_AGAIN = 20
# An enquiry is searched again when a changed entry speaks for it at least this much; below, no ranking would change.
WORTH_SEARCHING = 4.0


@follows("tracing.match")
def match_changes() -> bool:
    """One step along the change log; True while there was something to do."""
    progress, _made = Progress.objects.get_or_create(singleton=True)
    lines = list(Change.objects.filter(number__gt=progress.number).order_by("number")[:STEP])
    if not lines:
        return False
    last = lines[-1].number
    by_side: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        by_side[line.side].append(line.reference)
    try:
        enquiries = affected_enquiries(by_side[Side.SOUGHT], by_side[Side.REGISTER], as_of=last)
        found, size = search_for(enquiries, as_of=last)
    except client.MatcherAway as away:
        raise NotNow("matcher") from away
    with transaction.atomic():
        # Another worker that took the same step (its lease had run out) must not move the number backwards.
        mine = Progress.objects.select_for_update().get(singleton=True)
        if mine.number >= last:
            return True
        forget_moved(by_side[Side.SOUGHT])
        keep_matches(found)
        Progress.objects.filter(singleton=True).update(number=last, at=clock.now(), register_size=size)
    return True


def affected_enquiries(sought: Iterable[str], register: Iterable[str], *, as_of: int) -> dict[int, tuple[int, Item]]:
    """The enquiries to search again: key -> (sought person, item). All those of a sought person go together."""
    wanted = set(Enquiry.objects.filter(reference__in=set(sought)).values_list("sought_id", flat=True))
    entries = sides.registered()[Side.REGISTER].some(list(dict.fromkeys(register)))
    persons = [person for item in entries for person in item.persons]
    keys = {
        each.key
        for found in client.search_many(Side.SOUGHT, persons, LOOKED_AT_AGAIN, at_least=as_of)
        for each in found
        if each.bits >= WORTH_SEARCHING
    }
    wanted |= set(Enquiry.objects.filter(pk__in=keys).values_list("sought_id", flat=True))
    # An entry that was withdrawn or changed its name beyond resemblance leaves its old matches to be scored anew.
    changed = [item.key for item in entries]
    wanted |= set(
        PotentialMatch.objects.filter(entry__in=changed, state=MatchState.POTENTIAL).values_list("sought_id", flat=True)
    )
    rows = list(Enquiry.objects.filter(sought__in=wanted).values_list("pk", "reference", "sought_id"))
    items = {
        item.key: item for item in sides.registered()[Side.SOUGHT].some([reference for _pk, reference, _s in rows])
    }
    return {pk: (sought_pk, items[pk]) for pk, _reference, sought_pk in rows if pk in items}


def forget_moved(enquiries: Iterable[str]) -> None:
    """An enquiry that hangs on another man now speaks no longer for the one it left: his unjudged pairs by it go."""
    judged = Judgement.objects.filter(match=OuterRef("pk"))
    PotentialMatch.objects.filter(
        ~Exists(judged), enquiry__reference__in=set(enquiries), state=MatchState.POTENTIAL
    ).exclude(sought=F("enquiry__sought")).delete()


Found = dict[int, dict[int, tuple[float, float, int, int]]]


def search_for(enquiries: dict[int, tuple[int, Item]], *, as_of: int) -> tuple[Found, int]:
    """For each sought person, the entries that resemble: entry -> (bits, probability, rank, enquiry); and the register's size."""
    asked = [(key, sought, person) for key, (sought, item) in enquiries.items() for person in item.persons]
    answers = client.search_many(Side.REGISTER, [person for _k, _s, person in asked], KEPT, at_least=as_of)
    found: Found = {sought: {} for sought, _item in enquiries.values()}
    for (key, sought, _person), candidates in zip(asked, answers, strict=True):
        for rank, candidate in enumerate(candidates, 1):
            said = (candidate.bits, candidate.probability, rank, key)
            before = found[sought].get(candidate.key)
            # Several relatives ask in several spellings: the one whose words resemble most speaks for all.
            if before is None or said[:2] > before[:2]:
                found[sought][candidate.key] = said
    return found, client.status().sizes[Side.REGISTER]


def keep_matches(found: Found) -> None:
    """Write what was found. Judged pairs keep their state; unjudged pairs that resemble no longer go."""
    moment = clock.now()
    PotentialMatch.objects.bulk_create(
        [
            PotentialMatch(
                sought_id=sought,
                entry_id=entry,
                enquiry_id=enquiry,
                bits=bits,
                probability=probability,
                rank=rank,
                first_seen_at=moment,
                scored_at=moment,
            )
            for sought, entries in found.items()
            for entry, (bits, probability, rank, enquiry) in entries.items()
        ],
        update_conflicts=True,
        unique_fields=["sought", "entry"],
        update_fields=["enquiry", "bits", "probability", "rank", "scored_at"],
        batch_size=500,
    )
    judged = Judgement.objects.filter(match=OuterRef("pk"))
    PotentialMatch.objects.filter(
        ~Exists(judged), sought__in=found, state=MatchState.POTENTIAL, scored_at__lt=moment
    ).delete()
    settle_states(found)
