"""Wishes, addresses, messages out, what is on the wire, what came in, talks, and messages to many."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.channels.carrying import Channel
from homeward.decisions.models import Proposal
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText


class Wishes(models.Model):
    """How one enquirer wishes to be reached. No row: not at all. Kept as long as her enquiry."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    subject = models.CharField(max_length=20, unique=True)  # the reference of her enquiry
    language = models.CharField(max_length=5, default="uk")
    time_zone = models.CharField(max_length=40)
    from_hour = models.PositiveSmallIntegerField(default=9)
    to_hour = models.PositiveSmallIntegerField(default=20)
    quiet_days = models.CharField(max_length=7, blank=True, default="")  # ISO weekdays, "67": not at weekends
    cover_phrase = SealedText(key_class="family", null=True)
    # The day of the next message that comes whether or not anything is new.
    doorbell_on = models.DateField(null=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["doorbell_on"], name="doorbells_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_hour__lt=F("to_hour"), to_hour__lte=24), name="her_hours_are_an_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"wishes for {self.subject}"


class AddressState(models.TextChoices):
    """Whether anything can arrive there."""

    OK = "ok", _("in use")
    BLOCKED = "blocked", _("she closed it")
    WRONG = "wrong", _("nobody there")


class Address(models.Model):
    """Where she may be reached, in the order she wishes. Kept as her wishes."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    wishes = models.ForeignKey(Wishes, on_delete=models.CASCADE, related_name="addresses")
    place = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = SealedText(key_class="family")
    address_index = models.BinaryField(max_length=16, editable=False)
    state = models.CharField(max_length=8, choices=AddressState.choices, default=AddressState.OK)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wishes", "place"], name="her_addresses_are_in_order"),
            models.UniqueConstraint(fields=["wishes", "channel", "address_index"], name="an_address_stands_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="an_address_has_a_channel"),
            models.CheckConstraint(condition=Q(state__in=AddressState.values), name="an_address_has_a_state"),
        ]
        indexes = [models.Index(fields=["address_index"], name="addresses_by_index")]

    def __str__(self) -> str:
        return f"address {self.reference} ({self.channel})"


class Campaign(models.Model):
    """One neutral text to a chosen group. Kept two years.

    The database refuses to let it run without a second person's approval over the same texts and group (migration 0002).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        PROPOSED = "proposed", _("waits for a second person")
        RUNNING = "running", _("being sent")
        PAUSED = "paused", _("paused")
        REFUSED = "refused", _("not sent")

    reference = models.CharField(max_length=20, unique=True, default=references.new, editable=False)
    title = models.CharField(max_length=80)
    texts = SealedJSON(key_class="staff")
    audience = models.CharField(max_length=40)
    group = models.CharField(max_length=400, blank=True, default="")  # the choice, as codes
    group_hash = models.CharField(max_length=64)
    chosen = models.PositiveIntegerField(default=0)  # families chosen
    reachable = models.PositiveIntegerField(default=0)  # of these, addresses that are written to
    payload_hash = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True, related_name="campaign")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=["draft", "proposed", "running", "paused", "refused"]),
                                              name="a_campaign_has_a_state")]  # fmt: skip

    def __str__(self) -> str:
        return f"campaign {self.reference}"


class CampaignFamily(models.Model):
    """One family of the chosen group, as it was approved. Kept as the campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="families")
    subject = models.CharField(max_length=20)
    once_for = models.CharField(max_length=32)  # her first address, as its blind index: two enquiries, one telephone

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "subject"], name="a_family_is_chosen_once"),
            models.UniqueConstraint(fields=["campaign", "once_for"], name="an_address_is_chosen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} in {self.campaign_id}"


class Message(models.Model):
    """One neutral text to one family. Kept 12 months."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for her hours")
        POSTED = "posted", _("on its way")
        SENT = "sent", _("sent")
        UNSURE = "unsure", _("not known whether it arrived")
        CALL = "call", _("a person calls")
        DROPPED = "dropped", _("not sent")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    wishes = models.ForeignKey(Wishes, on_delete=models.CASCADE, related_name="messages")
    on_day = models.DateField(null=True)  # for doorbells: at most one a day, whatever it rings for
    due_at = models.DateTimeField()
    # Whether a person calls when no channel carries it; a doorbell for nothing new need not arrive.
    must_arrive = models.BooleanField(default=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="messages")
    once_for = models.CharField(max_length=32, null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    channel = models.CharField(max_length=10, blank=True, default="")  # by which it went
    made_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wishes", "on_day"], condition=Q(on_day__isnull=False), name="one_doorbell_a_day"
            ),
            models.UniqueConstraint(
                fields=["campaign", "once_for"], condition=Q(campaign__isnull=False), name="a_family_is_written_to_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "posted", "sent", "unsure", "call", "dropped"]),
                name="a_message_has_a_state",
            ),
            models.CheckConstraint(
                condition=Q(campaign__isnull=True, once_for__isnull=True)
                | Q(campaign__isnull=False, once_for__isnull=False),
                name="a_campaigns_message_names_its_family",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="messages_waiting", condition=Q(state="waiting")),
            models.Index(fields=["campaign", "state"], name="messages_of_a_campaign"),
        ]

    def __str__(self) -> str:
        return f"message {self.reference}"


class Posting(models.Model):
    """One thing done on one channel's wire: a text sent, changed or deleted. Kept 30 days, its content until it is done.

    `begun` is written before the wire is touched. A text that is begun and whose process died is `unsure`, for ever: a
    state that ends never changes again (trigger in migration 0002).
    """

    class Method(models.TextChoices):
        SEND = "send", _("send")
        EDIT = "edit", _("change")
        DELETE = "delete", _("delete")
        ANSWER = "answer", _("answer a button")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        BEGUN = "begun", _("handed over")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNSURE = "unsure", _("not known")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    method = models.CharField(max_length=6, choices=Method.choices, default=Method.SEND)
    address_index = models.BinaryField(max_length=16, editable=False)  # one chat's postings go in their order
    content = SealedJSON(key_class="family", null=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="postings")
    address = models.ForeignKey(Address, on_delete=models.SET_NULL, null=True, related_name="postings")
    due_at = models.DateTimeField(default=clock.now)
    not_after = models.DateTimeField(null=True)  # the end of her hours
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    begun_by = models.CharField(max_length=80, blank=True, default="")
    begun_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True, default="")
    external_id = models.CharField(max_length=80, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message"],
                condition=Q(message__isnull=False) & ~Q(state="failed"),
                name="a_message_stands_on_one_channel",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "begun", "done", "failed", "unsure"]), name="a_posting_has_a_state"
            ),
            models.CheckConstraint(
                condition=Q(state="begun") & ~Q(begun_by="") | ~Q(state="begun") & Q(begun_by=""),
                name="who_begun_it_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "due_at", "id"], name="postings_waiting", condition=Q(state="waiting")),
            models.Index(fields=["channel", "id"], name="postings_begun", condition=Q(state="begun")),
            models.Index(fields=["address_index", "id"], name="postings_of_a_chat"),
        ]

    def __str__(self) -> str:
        return f"posting {self.reference}"


class CallBack(models.Model):
    """The hotline calls a family that no message reached. Kept 12 months."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="call_back")
    subject = models.CharField(max_length=20)
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="a_call_back_is_done_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(done_at__isnull=True), name="one_open_call_back_a_family"
            ),
        ]

    def __str__(self) -> str:
        return f"call-back {self.reference}"


class Incoming(models.Model):
    """Something that came in by a channel, stored before it is answered. Its content is gone once handled; the rest kept 7 days."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    external_id = models.CharField(max_length=40)
    number = models.BigIntegerField()  # the order in which it was said
    content = SealedJSON(key_class="family", null=True)
    received_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="what_came_in_is_stored_once"),
        ]
        indexes = [
            models.Index(fields=["channel", "number"], name="incoming_open", condition=Q(handled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"incoming {self.reference}"


class Talk(models.Model):
    """Where a talk on a channel stands, so that it goes on after days and restarts. Forgotten 30 days after its last word."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address_index = models.BinaryField(max_length=16, editable=False)
    language = models.CharField(max_length=5, blank=True, default="")
    step = models.CharField(max_length=20, blank=True, default="")
    said = SealedJSON(key_class="family", null=True)
    subject = models.CharField(max_length=20, blank=True, default="")  # the enquiry linked with this chat
    spoken_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "address_index"], name="one_talk_a_chat"),
        ]

    def __str__(self) -> str:
        return f"talk {self.reference}"
