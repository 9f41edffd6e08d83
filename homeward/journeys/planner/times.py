"""Moments as whole minutes since 1970 (UTC), and the local day around them."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 1440
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def minute_of(moment: datetime) -> int:
    """The whole minute of an aware moment."""
    return int(moment.timestamp() // 60)


def moment_of(minute: int) -> datetime:
    """The aware moment (UTC) of a minute."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)


@lru_cache(maxsize=65536)
def _offset(zone: str, hour: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0


def offset(zone: str, minute: int) -> int:
    """Minutes by which local time is ahead of UTC at that minute. Zones change at full hours of UTC."""
    return _offset(zone, minute // 60)


def local(zone: str, minute: int) -> int:
    """The local wall clock as minutes since 1970."""
    return minute + _offset(zone, minute // 60)


def from_local(zone: str, wall: int) -> int:
    """The minute at which the wall clock shows that; of an hour that is shown twice, the first."""
    guess = wall - offset(zone, wall)
    earlier = wall - offset(zone, guess - 60)
    return earlier if local(zone, earlier) == wall else wall - offset(zone, guess)


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - _EPOCH_DAY


def day_of(number: int) -> date:
    """The day of a number."""
    return date.fromordinal(number + _EPOCH_DAY)


def weekday(number: int) -> int:
    """0 is Monday."""
    return (number + 3) % 7
