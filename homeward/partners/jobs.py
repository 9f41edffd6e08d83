"""What the worker does for partners."""

from homeward.partners.actions import file_in_turn
from homeward.work import follows


@follows("partners.file")
def file_referrals() -> bool:
    """Some of each partner's waiting referrals become enquiries."""
    return file_in_turn() > 0
