"""Revoking: the safe direction, so one person suffices; who and why is the business of the room above."""

from datetime import datetime

from homeward.signer.models import Revocation


def revoke(pass_id: bytes, *, expires_at: datetime) -> None:
    """From the next list on every kit refuses this pass. In the caller's transaction; a second time changes nothing."""
    Revocation.objects.get_or_create(pass_id=pass_id.hex(), defaults={"expires_at": expires_at})
