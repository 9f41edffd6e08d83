"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of journeys."""

    NETWORK_CHANGED = "journeys.network_changed", _("changed the network")
    CLOSED = "journeys.closed", _("noted a closure")
    REOPENED = "journeys.reopened", _("lifted a closure")
    PLANNED = "journeys.planned", _("planned a journey")
    TRAVELLER_NAMED = "journeys.traveller_named", _("wrote down who travels")
    SENT = "journeys.sent", _("sent a journey to the family")
    REPLANNED = "journeys.replanned", _("a closure planned a journey anew")
    RELEASED = "journeys.released", _("released a new way")
    DROPPED = "journeys.dropped", _("dropped a new way")
    CHECKED_IN = "journeys.checked_in", _("a check-in")
    RETURN_WAITS = "journeys.return_waits", _("the return could not follow a check-in")
    TROUBLE = "journeys.trouble", _("the family says something is wrong")
    ALARM = "journeys.alarm", _("nobody has heard: an alarm")
    CALLED = "journeys.called", _("called about a journey")
    ABORTED = "journeys.aborted", _("ended a journey before its end")
    LOOKED = "journeys.looked", _("looked at a journey")
    PRINTED = "journeys.printed", _("printed a journey")
