"""What a channel is asked, and the four things it may answer."""

from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The ways to a family."""

    TELEGRAM = "telegram", _("Telegram")
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")
    VOICE = "voice", _("a call by a person")


class Undelivered(Exception):
    """A text did not get through. `code` says why, without the text or the address."""

    def __init__(self, code: str, *, wait: float | None = None) -> None:
        super().__init__(code)
        self.code = code[:40]
        self.wait = wait  # seconds the other side asks us to be silent


class Later(Undelivered):
    """Surely not carried; the same text may be handed over again."""


class LineDown(Later):
    """As `Later`, and it would be the same for every other text: the channel itself does not answer."""


class Blocked(Undelivered):
    """She does not wish to hear from us on this channel, or closed it. Never again to this address."""


class WrongAddress(Undelivered):
    """There is nobody at this address."""


class Unclear(Undelivered):
    """The line broke after the text was handed over and before the answer. It is not handed over again: rather not twice."""


class Carrier(Protocol):
    """A channel that carries one text at a time."""

    def carry(self, address: str, text: str, *, reference: str) -> str:
        """Hand the text over; the other side's own number of it. Raises one of the four kinds of `Undelivered`."""
