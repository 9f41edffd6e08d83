"""What the signer remembers: revoked passes, and the numbers of the lists it signed."""

from django.db import models
from django.db.models import Q

from homeward.lib import clock


class Revocation(models.Model):
    """A pass that no longer holds: its random id and no more. Kept 10 years; the database refuses its change and removal."""

    pass_id = models.CharField(max_length=32, unique=True)
    expires_at = models.DateTimeField()  # of the pass: from then on it need not be listed
    revoked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(pass_id=""), name="a_revocation_names_a_pass")]

    def __str__(self) -> str:
        return f"revocation {self.pk}"


class Published(models.Model):
    """A list that was signed: its kind, its number in the order of that kind, its digest. Kept 10 years."""

    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="a_list_has_its_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
