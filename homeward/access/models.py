"""Staff and their roles."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from homeward.access.rights import Right
from homeward.access.roles import ROLES, rights_of
from homeward.lib import clock, references


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by their sign-in name; allauth and Django ask it for that."""


class Staff(AbstractBaseUser):
    """A member of staff. Kept as long as employed, then 10 years without the right to sign in (audit)."""

    reference = models.CharField(max_length=20, unique=True, default=references.new, editable=False)
    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    desk = models.CharField(_("desk"), max_length=40, default="1")
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=clock.now)
    # allauth looks at it; the house sends staff no e-mail.
    email = models.EmailField(blank=True, default="")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = StaffManager()

    def __str__(self) -> str:
        return self.username

    @property
    def role_codes(self) -> list[str]:
        """The codes of the roles held now, in the order of the role table."""
        held = self._held()
        return [code for code in ROLES if code in held]

    def remember_roles(self, codes: Iterable[str]) -> None:
        """For whoever reads the roles along with the person: nobody asks for them again in this request."""
        self.__dict__["_roles_held"] = set(codes)

    def _held(self) -> set[str]:
        # One query a request: the rail, the guard and the page all ask.
        if "_roles_held" not in self.__dict__:
            self.__dict__["_roles_held"] = set(self.grants.values_list("role", flat=True))
        held: set[str] = self.__dict__["_roles_held"]
        return held

    @property
    def rights(self) -> frozenset[Right]:
        """All rights the held roles give together."""
        return rights_of(list(self._held()))

    def may(self, right: Right) -> bool:
        """Whether this person, active and holding a role that gives it, has the right."""
        return self.is_active and right in self.rights

    def get_short_name(self) -> str:
        """For greetings."""
        return self.name


class RoleGrant(models.Model):
    """A role somebody holds, and who gave it."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=[(code, code) for code in ROLES])
    granted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "role"], name="a_role_is_held_once"),
            models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="role_is_in_the_table"),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.staff_id}"


class Opening(models.Model):
    """A record somebody opened, for the reading budgets. Kept two days; the audit log keeps what was read."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=60)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["staff", "opened_at"], name="openings_of_a_person")]

    def __str__(self) -> str:
        return f"opening {self.pk}"


class ReadingAlarm(models.Model):
    """Somebody opened very many records. Stands until an administrator has asked her why. Kept 10 years."""

    class Step(models.TextChoices):
        NEAR = "near", _("nearly a day's budget of records opened")
        HOUR = "hour", _("an hour's budget of records spent: stopped until the hour has passed")
        DAY = "day", _("a day's budget of records spent: stopped")

    reference = models.CharField(max_length=20, unique=True, default=references.new, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=4, choices=Step.choices)
    raised_at = models.DateTimeField(default=clock.now)
    lifted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=["near", "hour", "day"]), name="alarm_has_a_step"),
            models.CheckConstraint(
                condition=models.Q(lifted_by__isnull=True, lifted_at__isnull=True)
                | models.Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~models.Q(lifted_by=models.F("staff")),
                name="another_one_settles_an_alarm",
            ),
        ]
        indexes = [models.Index(fields=["staff", "raised_at"], name="alarms_of_a_person")]

    def __str__(self) -> str:
        return self.reference
