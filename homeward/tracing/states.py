"""The state of a sought person follows from his matches; nobody types it."""

from collections.abc import Iterable

from homeward.enquiries import actions as enquiries
from homeward.enquiries.models import SoughtPerson
from homeward.tracing.models import WORTH_A_LOOK, MatchState, PotentialMatch

# Later states belong to the rooms above: what the family was told is not taken back by a search.
_OURS = ("received", "searching", "potential_match", "verifying", "fate_established")


def settle_states(sought: Iterable[int]) -> None:
    """Bring the states of these sought persons to what their matches say."""
    wanted = set(sought)
    matches = PotentialMatch.objects.filter(sought__in=wanted)
    confirmed = set(matches.filter(state=MatchState.CONFIRMED).values_list("sought_id", flat=True))
    verifying = set(
        matches.filter(state=MatchState.POTENTIAL, same_said_by__isnull=False).values_list("sought_id", flat=True)
    )
    potential = set(
        matches.filter(state=MatchState.POTENTIAL, probability__gte=WORTH_A_LOOK).values_list("sought_id", flat=True)
    )
    by_state: dict[str, list[int]] = {}
    for pk, state in SoughtPerson.objects.filter(pk__in=wanted, state__in=_OURS).values_list("pk", "state"):
        if pk in confirmed:
            now = "fate_established"
        elif pk in verifying:
            now = "verifying"
        elif pk in potential:
            now = "potential_match"
        else:
            now = "searching"
        if now != state:
            by_state.setdefault(now, []).append(pk)
    for state, keys in by_state.items():
        enquiries.set_states(keys, state)
