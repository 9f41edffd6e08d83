"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of the hotline."""

    TAKEN = "hotline.taken", _("took a call")
    ENDED = "hotline.ended", _("ended a call")
    FILED = "hotline.filed", _("filed what was told in a call")
    HUNG_UP = "hotline.hung_up", _("the caller hung up; what was told is kept")
    DISTRESS = "hotline.distress", _("noted a caller in distress")
    BOOKED = "hotline.booked", _("wrote a call-back down")
    CALL_BACK_TAKEN = "hotline.call_back_taken", _("took a call-back")
    CALL_BACK_TRIED = "hotline.call_back_tried", _("tried a call-back")
    NUMBER_SHOWN = "hotline.number_shown", _("was shown the number to call")
    HANDED_ON = "hotline.handed_on", _("handed call-backs on to the next shift")
    MESSAGE_KEPT = "hotline.message_kept", _("a spoken message is kept")
    MESSAGE_HEARD = "hotline.message_heard", _("listened to a spoken message")
    STATE_CHANGED = "hotline.state_changed", _("changed her state at the desk")
    SURGE = "hotline.surge", _("switched the line for a surge, or back")
    EXPORTED = "hotline.exported", _("exported the figures of the line")
