"""Reads of returns: what may this person see, what waits, what he last said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.functional import Promise

from homeward.access.models import Staff
from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals, proposals_waiting_for
from homeward.disclosure.models import PaperKind
from homeward.disclosure.queries import kinship_level, paper_kind
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.register.models import Entry
from homeward.register.queries import lines_of
from homeward.returns.models import (
    ENDED,
    WISH_DAYS,
    Invitation,
    Packet,
    Release,
    Return,
    Says,
    State,
    Traveller,
    Wish,
)

PROPOSAL_KIND = "returns.release"
PAPER_KIND = paper_kind(PaperKind.INVITATION)


def returns_visible_to(staff: Staff) -> QuerySet[Return]:
    """The returns of the person's desk."""
    return Return.objects.filter(enquiry__sought__desk=staff.desk).select_related("entry", "enquiry__sought", "release")


def releases_visible_to(staff: Staff) -> QuerySet[Release]:
    """The release lists of the person's desk, with how many stand on each."""
    return Release.objects.filter(desk=staff.desk).annotate(men=Count("returns")).select_related("proposal", "made_by")


def standing_return(enquiry: Enquiry) -> Return | None:
    """The return that concerns this enquirer and has not ended; else the last one."""
    returns = Return.objects.filter(enquiry=enquiry).order_by("-pk")
    return returns.exclude(state__in=ENDED).first() or returns.first()


def last_word(return_of: Return) -> Wish | None:
    """What he said last."""
    return return_of.wishes.order_by("-pk").first()


def current_wish(return_of: Return, *, on: date | None = None) -> Wish | None:
    """His wish to go, if it was his last word, not withdrawn, and is not older than thirty days on that day."""
    day = on or clock.today()
    wish = last_word(return_of)
    if wish is None or wish.says != Says.TO_GO or wish.withdrawn_at is not None:
        return None
    return wish if day - timedelta(days=WISH_DAYS) <= wish.said_on <= day else None


def standing_invitation(return_of: Return) -> Invitation | None:
    """The invitation that has not been cancelled."""
    return return_of.invitations.filter(cancelled_at__isnull=True).first()


def travellers_of(return_of: Return) -> list[Traveller]:
    """Who comes, the one who receives him first; nobody while no invitation stands accepted."""
    invitation = standing_invitation(return_of)
    return list(invitation.travellers.order_by("place")) if invitation else []


def packets_of(entry: Entry) -> QuerySet[Packet]:
    """The packets of this man's effects."""
    return Packet.objects.filter(entry=entry).prefetch_related("items").order_by("pk")


# --- what waits for whom ---------------------------------------------------------------------------------------------


def lists_to_propose(staff: Staff) -> QuerySet[Release]:
    """Lists being written, not yet proposed (or refused, to be written anew)."""
    waiting = open_proposals(PROPOSAL_KIND).filter(subject=OuterRef("reference")).order_by()
    return (
        releases_visible_to(staff)
        .filter(Exists(Return.objects.filter(release=OuterRef("pk"), state=State.PROPOSED)))
        .exclude(Exists(waiting))
        .order_by("made_at")
    )


def lists_to_decide(staff: Staff) -> QuerySet[Proposal]:
    """Release lists this person may decide: not her own."""
    return proposals_waiting_for(staff, PROPOSAL_KIND)


def to_be_asked(staff: Staff) -> QuerySet[Return]:
    """Approved, and nobody has asked him yet."""
    return returns_visible_to(staff).filter(state=State.APPROVED).order_by("state_on", "pk")


def to_be_invited(staff: Staff) -> QuerySet[Return]:
    """He wishes to go; the family is not invited yet."""
    return returns_visible_to(staff).filter(state=State.WISH_RECORDED).order_by("state_on", "pk")


def wishes_growing_old(staff: Staff, *, within_days: int = 7) -> QuerySet[Return]:
    """Returns under way whose wish will soon be older than thirty days, or is: he has to be asked again."""
    limit = clock.today() - timedelta(days=WISH_DAYS - within_days)
    fresh = Wish.objects.filter(return_of=OuterRef("pk"), says=Says.TO_GO, withdrawn_at__isnull=True, said_on__gt=limit)
    under_way = (
        State.WISH_RECORDED, State.INVITED, State.ACCEPTED, State.TRAVELLING, State.RECEIVED, State.ESCORTED,
    )  # fmt: skip
    return returns_visible_to(staff).filter(state__in=under_way).exclude(Exists(fresh)).order_by("state_on", "pk")


def suspended(staff: Staff) -> QuerySet[Return]:
    """Returns that stand still."""
    return returns_visible_to(staff).filter(state=State.SUSPENDED).order_by("state_on", "pk")


# --- lines of a list -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One return as a list shows it."""

    of: Return
    name: str
    born: str
    wish: Wish | None
    wish_is_current: bool
    wish_until: date | None


def return_lines(returns: Iterable[Return]) -> list[Line]:
    """The lines of a page, with his name from the register and his last word, in a handful of questions."""
    page = list(returns)
    names = {line.entry.pk: line for line in lines_of([each.entry for each in page])}
    words: dict[int, Wish] = {}
    for wish in Wish.objects.filter(return_of__in=page).order_by("pk"):
        words[wish.return_of_id] = wish
    today, lines = clock.today(), []
    for each in page:
        word = words.get(each.pk)
        good = word is not None and word.says == Says.TO_GO and word.withdrawn_at is None
        until = word.said_on + timedelta(days=WISH_DAYS) if word and good else None
        who = names[each.entry_id]
        lines.append(Line(each, who.name, who.born, word, bool(until and until >= today), until))
    return lines


def counts_by_state(staff: Staff) -> Sequence[tuple[str, str | Promise, int]]:
    """How many returns stand where."""
    counted = dict(returns_visible_to(staff).order_by().values_list("state").annotate(n=Count("pk")))
    return [(state.value, state.label, counted.get(state.value, 0)) for state in State]


def kinship_of(enquiry: Enquiry) -> int:
    """How far the kinship of this enquirer is proven: 0 claimed, 1 facts agree, 2 documents, 3 seen in person."""
    return kinship_level(enquiry)
