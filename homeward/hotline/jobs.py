"""Background work of the hotline: what is not kept any longer goes."""

import time

from homeward.hotline import actions, recordings  # noqa: F401  its jobs
from homeward.work import follows

_EVERY = 600.0
_looked_at = [-_EVERY]


@follows("hotline.forget")
def forget() -> bool:
    """Numbers, voices and rows whose time is over."""
    if time.monotonic() - _looked_at[0] < _EVERY:
        return False
    _looked_at[0] = time.monotonic()
    return actions.forget_old() > 0
