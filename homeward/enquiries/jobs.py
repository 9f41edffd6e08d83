"""What the worker does for this room."""

from homeward.enquiries import passphrases
from homeward.work import follows


@follows("enquiries.passphrases")
def derive_passphrases() -> bool:
    """Derive one passphrase; True while there was one and nobody was coming in."""
    return passphrases.derive_one()
