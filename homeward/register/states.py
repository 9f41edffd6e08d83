"""The state of an entry follows from its events."""

from collections.abc import Iterable

from homeward.register.models import STATE_AFTER, Entry, EventKind, State, StatusEvent


def derived(events: Iterable[tuple[str, str]]) -> State:
    """The state after these events (kind, day known in whole or part), given in the order they were recorded.

    The latest day counts; of two on one day, or of unknown day, the one recorded last. Death is the end.
    """
    state, latest = State.IN_CUSTODY, ""
    for kind, day in events:
        if kind == EventKind.DIED:
            return State.DECEASED
        if not day or day >= latest[: len(day)]:
            state, latest = STATE_AFTER[kind], max(day, latest)
    return state


def settle_whole(entry: Entry) -> list[str]:
    """After something changed on an entry that is joined into another: settle that one too.

    The references whose picture changed come back: the entry's own, and that of the one it is shown under.
    """
    if entry.joined_into_id is None:
        return [entry.reference]
    whole = Entry.objects.select_for_update().get(pk=entry.joined_into_id)
    settle_state(whole)
    whole.save(update_fields=["state"])
    return [entry.reference, whole.reference]


def settle_state(entry: Entry) -> None:
    """Bring the entry's state to what its standing events say; the caller saves."""
    events = StatusEvent.objects.filter(entry__in=[entry, *entry.joined.all()], cancelled_at__isnull=True)
    entry.state = derived(events.order_by("pk").values_list("kind", "happened_on"))
