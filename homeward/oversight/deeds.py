"""What the log says of this room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Deed(TextChoices):
    LOG_READ = "oversight.log_read", _("read the log")
    JOB_RESTARTED = "oversight.job_restarted", _("started background work again")
    JOB_STOPPED = "oversight.job_stopped", _("stopped background work")
