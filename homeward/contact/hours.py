"""When a message goes out. Pure: the wishes, a day, chance; no clock and no database.

Two rules make that the time of a message says nothing. A message for news comes on her next allowed day at a minute drawn
evenly from her hours, never "as soon as possible". And messages for nothing new come by a coin thrown for each of her
days: a coin has no memory, so the pause since the last message does not tell one kind from the other either.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from homeward.contact.models import Wishes

# The coin: on average one message in eight allowed days that means nothing.
DOORBELL_CHANCE = 0.125
_SYSTEM = random.SystemRandom()


def today_of(wishes: Wishes, moment: datetime) -> date:
    """The day it is where she is."""
    return moment.astimezone(ZoneInfo(wishes.time_zone)).date()


def allowed_day_after(wishes: Wishes, day: date) -> date:
    """The first day after this one on which she may be written to."""
    day += timedelta(days=1)
    while str(day.isoweekday()) in wishes.quiet_days:
        day += timedelta(days=1)
    return day


def window(wishes: Wishes, day: date) -> tuple[datetime, datetime]:
    """Her hours on that day."""
    zone = ZoneInfo(wishes.time_zone)
    start = datetime.combine(day, time(wishes.from_hour), zone)
    end = datetime.combine(day, time(0), zone) + timedelta(hours=wishes.to_hour)
    # Through UTC, so that the length is right on the two days a year when clocks are changed.
    return start.astimezone(UTC), end.astimezone(UTC)


def moment_on(wishes: Wishes, day: date, chance: random.Random = _SYSTEM) -> datetime:
    """A moment of her hours on that day, each second as likely as any other."""
    start, end = window(wishes, day)
    return start + timedelta(seconds=chance.randrange(int((end - start).total_seconds())))


def soon(wishes: Wishes, moment: datetime, chance: random.Random = _SYSTEM) -> datetime:
    """Within a quarter of an hour in her hours today, else when her next hours begin. For people on the road only."""
    today = today_of(wishes, moment)
    start, end = window(wishes, today)
    if str(today.isoweekday()) not in wishes.quiet_days and moment < end:
        wanted = max(moment, start) + timedelta(seconds=chance.randrange(900))
        return min(wanted, end - timedelta(seconds=1))
    return window(wishes, allowed_day_after(wishes, today))[0] + timedelta(seconds=chance.randrange(900))


def next_doorbell(wishes: Wishes, after: date, chance: random.Random = _SYSTEM) -> date:
    """The next day on which the coin falls for a message that means nothing."""
    day = allowed_day_after(wishes, after)
    while chance.random() >= DOORBELL_CHANCE:
        day = allowed_day_after(wishes, day)
    return day
