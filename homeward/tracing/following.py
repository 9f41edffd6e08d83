"""Matches every change on either side against the whole other side. Runs in the worker, again after any crash.

The change log is the queue: the places in `Progress` move in the same transaction as the matches it stands for, and writing a
match twice changes nothing, so a worker killed at any point loses and doubles nothing.
"""

import time
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from homeward.enquiries.models import Enquiry, SoughtPerson
from homeward.lib import clock
from homeward.lib.changes.models import Change, Side, latest_number
from homeward.matching import client, sides
from homeward.matching.sides import Item
from homeward.tracing.models import Judgement, MatchState, PotentialMatch, Progress, SearchDay
from homeward.tracing.states import settle_states
from homeward.work import NotNow, follows

# Lines of the change log in one step: small enough that a typed enquiry behind a large import waits moments only.
STEP = 400
# Sought persons in one step of a search of all of them.
SWEPT = 200
# From so many lines on, searching every sought person once may be less work than looking at each changed entry.
SWEEP_FROM = 4000
# Candidates kept for each enquiry, and enquiries looked at again for each entry that changed.
KEPT = 10
LOOKED_AT_AGAIN = 20
# An enquiry is searched again when a changed entry speaks for it at least this much; below, no ranking would change.
WORTH_SEARCHING = 4.0


@follows("tracing.match")
def match_changes() -> bool:
    """One step along the change log; True while there was something to do.

    What families ask comes first: somebody sits before the screen, while a list of a million rows has time.
    """
    progress, _made = Progress.objects.get_or_create(singleton=True)
    newest = latest_number()
    try:
        asked = _lines(Side.SOUGHT, above=progress.sought_number, up_to=newest)
        if asked:
            done = asked[-1].number if len(asked) == STEP else newest
            references = [line.reference for line in asked]
            men = set(Enquiry.objects.filter(reference__in=references).values_list("sought_id", flat=True))
            return _search(progress, men, as_of=done, moved=references, sought_number=done)
        if progress.sweep_until is not None:
            return _sweep_on(progress, progress.sweep_until)
        if newest - progress.number > max(SWEEP_FROM, Enquiry.objects.filter(withdrawn_at__isnull=True).count()):
            _move(progress, sweep_until=newest, sweep_after=0, sought_number=newest)
            return True
        changed = _lines(Side.REGISTER, above=progress.number, up_to=newest)
        if not changed:
            if progress.number < newest:
                _move(progress, number=newest, sought_number=newest)
            return False
        done = changed[-1].number if len(changed) == STEP else newest
        men = men_to_search_again([line.reference for line in changed], as_of=done)
        return _search(progress, men, as_of=done, number=done, sought_number=newest)
    except client.MatcherAway as away:
        raise NotNow("matcher") from away


def _lines(side: Side, *, above: int, up_to: int) -> list[Change]:
    return list(Change.objects.filter(side=side, number__gt=above, number__lte=up_to).order_by("number")[:STEP])


def _sweep_on(progress: Progress, until: int) -> bool:
    """The next sought persons of a search of all; behind the last one every line up to `until` is matched."""
    some = SoughtPerson.objects.filter(pk__gt=progress.sweep_after).order_by("pk")
    men = list(some.values_list("pk", flat=True)[:SWEPT])
    if not men:
        _move(progress, number=until, sweep_until=None, sweep_after=0)
        return True
    return _search(progress, men, as_of=until, sweep_after=men[-1])


def _search(
    progress: Progress, men: Iterable[int], *, as_of: int, moved: Iterable[str] = (), **places: int | None
) -> bool:
    """Search for these sought persons, keep what was found and move the places in the log, all or nothing."""
    found, size = search_for(enquiries_of(men), as_of=as_of)
    with transaction.atomic():
        if _move(progress, register_size=size, **places):
            forget_moved(moved)
            keep_matches(found)
    return True


def _move(progress: Progress, **places: int | None) -> bool:
    """Move to these places; False where another worker moved meanwhile, whose lease on this work had run out."""
    with transaction.atomic():
        mine = Progress.objects.select_for_update().get(singleton=True)
        if _places(mine) != _places(progress):
            return False
        Progress.objects.filter(singleton=True).update(at=clock.now(), **places)
        return True


def _places(progress: Progress) -> tuple[int, int, int | None, int]:
    return progress.number, progress.sought_number, progress.sweep_until, progress.sweep_after


def men_to_search_again(register: Iterable[str], *, as_of: int) -> set[int]:
    """The sought persons whose candidates these changed entries may change."""
    entries = sides.registered()[Side.REGISTER].some(list(dict.fromkeys(register)))
    persons = [person for item in entries for person in item.persons]
    keys = {
        each.key
        for found in client.search_many(Side.SOUGHT, persons, LOOKED_AT_AGAIN, at_least=as_of)
        for each in found
        if each.bits >= WORTH_SEARCHING
    }
    men = set(Enquiry.objects.filter(pk__in=keys).values_list("sought_id", flat=True))
    # An entry that was withdrawn or changed its name beyond resemblance leaves its old matches to be scored anew.
    changed = [item.key for item in entries]
    return men | set(
        PotentialMatch.objects.filter(entry__in=changed, state=MatchState.POTENTIAL).values_list("sought_id", flat=True)
    )


def enquiries_of(men: Iterable[int]) -> dict[int, tuple[int, Item]]:
    """The enquiries about these sought persons: key -> (sought person, item). All those of a man go together."""
    rows = list(Enquiry.objects.filter(sought__in=set(men)).values_list("pk", "reference", "sought_id"))
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


_looked_at_days = 0.0


@follows("tracing.days")
def keep_the_days() -> bool:
    """Write down among how many entries was searched today; looked at every half minute, never a reason to go on."""
    global _looked_at_days
    if time.monotonic() - _looked_at_days < 30 and _looked_at_days:
        return False
    _looked_at_days = time.monotonic()
    note_the_day()
    return False


def note_the_day() -> None:
    """What families are told about the search of today."""
    progress = Progress.objects.filter(singleton=True, at__isnull=False).first()
    if progress is None or progress.at is None:
        return
    day = timezone.localdate(progress.at)
    said = {"register_size": progress.register_size, "searched_at": progress.at}
    if not SearchDay.objects.filter(day=day, **said).exists():
        SearchDay.objects.update_or_create(day=day, defaults=said)
