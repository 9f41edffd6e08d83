"""Work that goes on by itself: signing what waits, forgetting what is old."""

import time

from homeward.checkpoint.actions import forget_old, sign_waiting
from homeward.signer.client import SignerAway, SignerRefuses
from homeward.work import follows

_looked_at: dict[str, float] = {}


def _is_time(name: str, every: float) -> bool:
    if time.monotonic() - _looked_at.get(name, -every) < every:
        return False
    _looked_at[name] = time.monotonic()
    return True


@follows("checkpoint.sign")
def sign_approved_passes() -> bool:
    """What was approved while the signer was away."""
    if not _is_time("sign", 5):
        return False
    try:
        return sign_waiting() > 0
    except (SignerAway, SignerRefuses):
        return False


@follows("checkpoint.forget")
def forget() -> bool:
    """Kit files after three days, passes after ninety."""
    return _is_time("forget", 600) and forget_old() > 0
