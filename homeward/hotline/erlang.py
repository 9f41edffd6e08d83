"""How many people a line needs (A. K. Erlang, 1917: calls that wait). Pure.

`load` is in Erlang: calls an hour times hours a call. The probability comes from the blocking formula by its recurrence,
which neither overflows nor loses digits.
"""

import math

MOST = 2_000


def blocking(load: float, people: int) -> float:
    """Erlang B: how often all are busy, where who finds that goes away."""
    blocked = 1.0
    for number in range(1, people + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def waiting(load: float, people: int) -> float:
    """Erlang C: how often a call has to wait; 1 where there are too few for ever."""
    if load <= 0:
        return 0.0
    if people <= load:
        return 1.0
    blocked = blocking(load, people)
    return blocked / (1 - load / people * (1 - blocked))


def answered_within(load: float, people: int, *, seconds: float, handling: float) -> float:
    """The share of calls answered within so many seconds."""
    if people <= load:
        return 0.0
    return 1 - waiting(load, people) * math.exp(-(people - load) * seconds / handling)


def mean_wait(load: float, people: int, *, handling: float) -> float:
    """Seconds a call waits in the mean; infinite where there are too few."""
    return math.inf if people <= load else waiting(load, people) * handling / (people - load)


def people_for(calls_an_hour: float, *, handling: float, seconds: float = 20, share: float = 0.8) -> int:
    """The fewest people with whom that share of calls is answered in time; none for no calls."""
    load = calls_an_hour * handling / 3600
    if load <= 0:
        return 0
    people = math.floor(load) + 1
    while people < MOST and answered_within(load, people, seconds=seconds, handling=handling) < share:
        people += 1
    return people
