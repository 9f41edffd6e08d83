"""What the worker does for this room."""

from homeward.enquiries import actions_family, passphrases
from homeward.work import follows


@follows("enquiries.passphrases")
def derive_passphrases() -> bool:
    """Derive one passphrase; True while there was one and nobody was coming in."""
    return passphrases.derive_one()


@follows("enquiries.drafts")
def throw_away_old_drafts() -> bool:
    """Remove what nobody wrote in for two hours; True while there was any."""
    return actions_family.throw_away_old_drafts() > 0
