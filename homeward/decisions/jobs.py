"""Follow-up of the lower floors. Audit and work are neighbours and know nothing of each other: they are joined here."""

import time

from homeward.audit.actions import checkpoint, checkpoint_is_due
from homeward.decisions.actions import void_expired
from homeward.work import follows
from homeward.work.actions import forget_done

_EVERY = 5.0
_looked_at: dict[str, float] = {}


def _is_time(name: str, every: float) -> bool:
    if time.monotonic() - _looked_at.get(name, -every) < every:
        return False
    _looked_at[name] = time.monotonic()
    return True


@follows("audit.checkpoint")
def sign_the_log() -> bool:
    """Events are signed five minutes after they were written at the latest, also when nothing follows them."""
    if _is_time("checkpoint", _EVERY) and checkpoint_is_due():
        checkpoint(only_when_due=True)
    return False


@follows("decisions.expire")
def close_expired_proposals() -> bool:
    """What nobody decided in time is closed."""
    return _is_time("expire", 60) and void_expired() > 0


@follows("work.forget")
def forget_old_jobs() -> bool:
    """Done jobs are forgotten after their time."""
    return _is_time("forget", 600) and forget_done() > 0
