"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of enquiries."""

    FILED = "enquiries.filed", _("filed the enquiry")
    READ = "enquiries.read", _("read the enquiry")
    SEARCHED = "enquiries.searched", _("was shown earlier enquiries on a man")
    SOUGHT_READ = "enquiries.sought_read", _("read the sought person's page")
    CORRECTED = "enquiries.corrected", _("changed what was told")
    JOINED = "enquiries.joined", _("joined with another sought person")
    SEPARATED = "enquiries.separated", _("separated from a sought person")
    JOINING_UNDONE = "enquiries.joining_undone", _("took a joining or a separating back")
    ASKED = "enquiries.asked", _("asked the family a question")
    ANSWERED = "enquiries.answered", _("wrote down the family's answer")
    SIGHTED = "enquiries.sighted", _("added a sighting")
    WITHDRAWN = "enquiries.withdrawn", _("withdrew the enquiry")
    TELEGRAM_FORGOTTEN = "enquiries.telegram_forgotten", _("forgot the family's chat on Telegram")
    CONTACTS_SHOWN = "enquiries.contacts_shown", _("looked at the contacts of the enquirer")
    PASSPHRASE_GIVEN = "enquiries.passphrase_given", _("gave a passphrase for the enquiry")
    CAME_BACK = "enquiries.came_back", _("came back with reference and passphrase")
    MANY_WRONG_TRIES = "enquiries.many_wrong_tries", _("ten wrong passphrases were tried for this number")
    ERASED = "enquiries.erased", _("erased what was told, at the enquirer's wish")
    DOCUMENT_ADDED = "enquiries.document_added", _("added a photo or document")
    DOCUMENT_READ = "enquiries.document_read", _("looked at a photo or document")
