"""Reads of what goes out."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from homeward.contact.models import CallBack, Campaign, Message, Wishes


def campaigns() -> QuerySet[Campaign]:
    """Messages to many, the newest first."""
    return Campaign.objects.select_related("made_by", "proposal").order_by("-pk")


def open_call_backs() -> QuerySet[CallBack]:
    """Families to be called, the longest waiting first."""
    return CallBack.objects.filter(done_at__isnull=True).order_by("made_at", "pk")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a message to many is."""

    total: int
    states: dict[str, int]
    table: list[tuple[str, str, int]]  # channel, state, how many

    @property
    def settled(self) -> int:
        """Families with whom it is finished."""
        return sum(number for state, number in self.states.items() if state not in ("waiting", "posted"))

    @property
    def unwritten(self) -> int:
        """Families whose message is not written down yet, or who wished no contact meanwhile."""
        return max(0, self.total - sum(self.states.values()))

    @property
    def percent(self) -> int:
        """0 to 100."""
        return 100 * self.settled // self.total if self.total else 0


def progress_of(campaign: Campaign) -> Progress:
    """Counted from the messages themselves."""
    rows = Message.objects.filter(campaign=campaign).values_list("channel", "state").annotate(number=Count("pk"))
    states: dict[str, int] = {}
    table = []
    for channel, state, number in sorted(rows):
        states[state] = states.get(state, 0) + number
        table.append((channel, str(Message.State(state).label), number))
    return Progress(campaign.reachable, states, table)


def not_certain(campaign: Campaign) -> list[str]:
    """The families of whom nobody knows whether they have it."""
    rows = Message.objects.filter(campaign=campaign, state=Message.State.UNSURE).select_related("wishes")
    return [message.wishes.subject for message in rows.order_by("pk")[:200]]


def unsure() -> QuerySet[Message]:
    """Messages of which nobody knows whether they arrived, the newest first."""
    return (
        Message.objects.filter(state=Message.State.UNSURE).select_related("wishes", "campaign").order_by("-settled_at")
    )


def wishes_of(subject: str) -> Wishes | None:
    """How she wishes to be reached; None: not at all."""
    return Wishes.objects.filter(subject=subject).prefetch_related("addresses").first()
