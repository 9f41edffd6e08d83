"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of returns."""

    LISTED = "returns.listed", _("put a man on a release list")
    UNLISTED = "returns.unlisted", _("took a man off a release list")
    APPROVED = "returns.approved", _("release approved")
    REFUSED = "returns.refused", _("release refused")
    WISH_RECORDED = "returns.wish_recorded", _("asked him alone what he wishes")
    WISH_WITHDRAWN = "returns.wish_withdrawn", _("he withdrew his wish")
    INVITED = "returns.invited", _("invited the family")
    PRINTED = "returns.printed", _("opened the paper of an invitation")
    ACCEPTED = "returns.accepted", _("the family comes")
    DECLINED = "returns.declined", _("the family does not come")
    MOVED = "returns.moved", _("return went on")
    SUSPENDED = "returns.suspended", _("return suspended")
    RESUMED = "returns.resumed", _("return taken up again")
    REVOKED = "returns.revoked", _("release revoked")
    PACKET_LISTED = "returns.packet_listed", _("listed effects")
    PACKET_SEALED = "returns.packet_sealed", _("sealed a packet of effects")
    LOOKED = "returns.looked", _("looked at a return")
    TRANSMITTED = "returns.transmission_queued", _("notice to the Central Agency queued")
    SENT = "returns.transmission_sent", _("notice sent")
    ACKNOWLEDGED = "returns.transmission_acknowledged", _("notice acknowledged")
    FAMILY_CHOSE = "returns.family_chose", _("wrote down what the family chose for their dead")
    LAST_RETURN = "returns.last_return", _("gave a family what is left of their dead")
    GRAVE_RECORDED = "returns.grave_recorded", _("recorded where he lies")
    FITNESS = "returns.fitness", _("wrote down a physician's finding")
