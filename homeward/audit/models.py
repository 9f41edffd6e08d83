"""The log: its events, its head, and the signed checkpoints."""

import json
from datetime import UTC, datetime
from typing import Any

import cbor2
from django.db import models

LEAF_VERSION = 1


def leaf_of(
    number: int, moment: datetime, actor: str, roles: str, deed: str, about: str, detail: str, purpose: str
) -> bytes:
    """The bytes an event is hashed as: deterministic CBOR (RFC 8949 §4.2) of exactly these values."""
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    values = [LEAF_VERSION, number, micros, actor, roles, deed, about, detail, purpose]
    leaf: bytes = cbor2.dumps(values, canonical=True)
    return leaf


class Event(models.Model):
    """One deed. Holds codes and references only; kept 10 years. The database refuses its change and removal."""

    number = models.BigAutoField(primary_key=True)
    happened_at = models.DateTimeField()
    # Keyed hash of the staff reference, "<key id>.<32 hex digits>"; empty for the house itself.
    actor = models.CharField(max_length=40, blank=True)
    roles = models.CharField(max_length=200, blank=True)
    deed = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    # Canonical JSON of codes and numbers, "" where there is none; hashed as it stands.
    detail = models.TextField(blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    leaf_hash = models.BinaryField(max_length=32)
    # Keyed hash of the leaf hash: who rewrites an event and its hash still cannot write this.
    seal = models.BinaryField(max_length=16)

    class Meta:
        indexes = [
            models.Index(fields=["about", "number"], name="audit_about", condition=~models.Q(about="")),
            models.Index(fields=["actor", "number"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"event {self.number}"

    def leaf(self) -> bytes:
        """The bytes this event is hashed as."""
        return leaf_of(
            self.number, self.happened_at, self.actor, self.roles, self.deed, self.about, self.detail, self.purpose
        )

    @property
    def details(self) -> dict[str, Any]:
        """The detail as a dictionary."""
        opened: dict[str, Any] = json.loads(self.detail) if self.detail else {}
        return opened


class Head(models.Model):
    """The one row that knows how far the log goes: its size and the compact range of its tree, under a keyed hash."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")
    seal = models.BinaryField(default=b"")
    checkpoint_size = models.BigIntegerField(default=0)
    checkpoint_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="the_log_has_one_head")]

    def __str__(self) -> str:
        return f"head at {self.size}"


class Checkpoint(models.Model):
    """A signed root of the log at one size. Kept as long as the log."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    signed_at = models.DateTimeField()
    key_id = models.PositiveSmallIntegerField()
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"
