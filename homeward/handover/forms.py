"""What officers at the meeting point type."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.access.roles import ROLES
from homeward.handover import queries
from homeward.handover.actions import Car, Sheet
from homeward.handover.models import ArrivalState, FollowUpOutcome, Method, Outcome, Role
from homeward.handover.signatures import Signed, as_png, drawn
from homeward.lib import clock
from homeward.returns.models import Return, Says

_MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, **kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, input_formats=[_MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT), **kwargs,
    )  # fmt: skip


class StaffChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Colleagues by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name."""
        return str(obj.name)


def _holding(right: Right, desk: str) -> Any:
    roles = [role.code for role in ROLES.values() if right in role.rights]
    return Staff.objects.filter(is_active=True, desk=desk, grants__role__in=roles).distinct().order_by("name")


class ExpectForm(forms.Form):
    """Where and when a family is expected."""

    place = forms.ChoiceField(label=_("Meeting point"))
    at = _moment(_("Expected"))

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = queries.places_to_meet(language)  # type: ignore[attr-defined]


class ReceiveForm(forms.Form):
    """The document laid beside the face."""

    document_number = forms.CharField(label=_("Number of the document she shows"), max_length=40)
    saw_face = forms.BooleanField(label=_("I compared the face with the document"), required=False)


class NotReceivedForm(forms.Form):
    """Why she is not received."""

    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (each.value, each.label)
            for each in (ArrivalState.NOT_COME, ArrivalState.WRONG_PERSON, ArrivalState.TURNED_BACK)
        ],
    )


class ConvoyForm(forms.Form):
    """A drive."""

    from_place = forms.ChoiceField(label=_("From"))
    to_place = forms.ChoiceField(label=_("To"), initial="KYIV")
    leaves_at = _moment(_("Leaves"))
    arrives_at = _moment(_("Arrives"))
    escorts = forms.ModelMultipleChoiceField(
        label=_("Escorts"), queryset=Staff.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, desk: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_place", "to_place"):
            self.fields[name].choices = queries.places_to_meet(language)  # type: ignore[attr-defined]
        field = self.fields["escorts"]
        field.queryset = _holding(Right.HANDOVER_ESCORT, desk)  # type: ignore[attr-defined]
        field.label_from_instance = lambda staff: staff.name  # type: ignore[attr-defined]


class CarForm(forms.Form):
    """A vehicle."""

    label = forms.CharField(label=_("Vehicle"), max_length=40, required=False)
    seats = forms.IntegerField(label=_("Seats for families"), min_value=1, max_value=80, required=False)
    step_free = forms.BooleanField(label=_("Step-free"), required=False)
    driver = forms.CharField(label=_("Driver"), max_length=80, required=False)

    def car(self) -> Car | None:
        """As the action takes it; None for an empty line."""
        said = self.cleaned_data
        if not said.get("label") or not said.get("seats"):
            return None
        return Car(said["label"], said["seats"], bool(said.get("step_free")), said.get("driver") or "")


CarFormSet = forms.formset_factory(CarForm, extra=4, max_num=12)


class SeatForm(forms.Form):
    """A vehicle for a family."""

    vehicle = forms.CharField(required=False, max_length=20)


_ID = re.compile(r"[0-9a-f]{32}")


class SheetForm(forms.Form):
    """The sheet of a handover, as two officers fill it in; with signatures drawn, scanned or on paper."""

    receipt_id = forms.RegexField(regex=_ID, widget=forms.HiddenInput)
    happened_at = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("How it ended"), choices=Outcome.choices, widget=forms.RadioSelect)
    place = forms.CharField(label=_("Place"), max_length=80)
    second_officer = StaffChoice(label=_("Second officer"), queryset=Staff.objects.none(), required=False)
    his_document = forms.CharField(label=_("How he was known: document, card, number"), max_length=120, required=False)
    relative_document = forms.CharField(label=_("Number of her document"), max_length=40, required=False)
    receiver = forms.CharField(label=_("Name of the relative who receives him"), max_length=120, required=False)
    identities_agree = forms.BooleanField(
        label=_("Both officers, each by herself, found that he and she are the people named"), required=False
    )
    asked_alone = forms.BooleanField(label=_("He was asked once more, alone"), required=False)
    says = forms.ChoiceField(label=_("He says"), choices=Says.choices, widget=forms.RadioSelect, required=False)
    interpreter = forms.CharField(label=_("Interpreter (empty: none was needed)"), max_length=120, required=False)
    effects_agree = forms.BooleanField(label=_("Effects and money were gone through with the list"), required=False)
    medical_note = forms.CharField(
        label=_("Medical note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    goes_to = forms.CharField(label=_("They go to"), max_length=200, required=False)
    observer = forms.CharField(label=_("Neutral observer"), max_length=120, required=False)
    note = forms.CharField(
        label=_("What else has to be said"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = _holding(Right.HANDOVER_RECORD, staff.desk).exclude(pk=staff.pk)
        self.fields["second_officer"].queryset = colleagues  # type: ignore[attr-defined]
        for role in Role:
            self.fields[f"{role.value}_name"] = forms.CharField(label=_("Name"), max_length=120, required=False)
            self.fields[f"{role.value}_drawn"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.fields[f"{role.value}_file"] = forms.FileField(
                label=_("or a picture of the signature, or a photograph of the signed paper"), required=False,
                widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
            )  # fmt: skip
            self.fields[f"{role.value}_paper"] = forms.BooleanField(
                label=_("It is a photograph of the signed paper"), required=False
            )

    def clean_happened_at(self) -> datetime:
        """The device's own time, in UTC; now, where a page without scripts sends none."""
        said: str = self.cleaned_data["happened_at"]
        if not said:
            return clock.now()
        try:
            moment = datetime.fromisoformat(said)
        except ValueError:
            raise forms.ValidationError(_("The time cannot be read.")) from None
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    @property
    def places_to_sign(self) -> list[dict[str, Any]]:
        """For the page: each role with its fields."""
        return [
            {
                "role": role.value,
                "label": role.label,
                "needed": role in (Role.HANDING, Role.SECOND, Role.RECEIVER, Role.WITNESS),
                **{part: self[f"{role.value}_{part}"] for part in ("name", "drawn", "file", "paper")},
            }
            for role in Role
        ]

    def sheet(self) -> Sheet:
        """As the action takes it. Raises NotASignature."""
        said = self.cleaned_data
        signatures = []
        for role in Role:
            name = said[f"{role.value}_name"]
            if said[f"{role.value}_file"]:
                method = Method.ON_PAPER if said[f"{role.value}_paper"] else Method.SCANNED
                signatures.append(Signed(role, method, name, as_png(said[f"{role.value}_file"].read())))
            elif said[f"{role.value}_drawn"]:
                signatures.append(Signed(role, Method.DRAWN, name, as_png(drawn(said[f"{role.value}_drawn"]))))
        return Sheet(
            receipt_id=said["receipt_id"],
            outcome=Outcome(said["outcome"]),
            happened_at=said["happened_at"],
            place=said["place"],
            second_officer=said["second_officer"],
            says=Says(said["says"]) if said["says"] else None,
            asked_alone=said["asked_alone"],
            interpreter=said["interpreter"],
            his_document=said["his_document"],
            relative_document=said["relative_document"],
            receiver=said["receiver"],
            identities_agree=said["identities_agree"],
            effects_agree=said["effects_agree"],
            medical_note=said["medical_note"],
            observer=said["observer"],
            goes_to=said["goes_to"],
            note=said["note"],
            signatures=tuple(signatures),
        )


class FollowUpForm(forms.Form):
    """What a contact found."""

    outcome = forms.ChoiceField(label=_("How they are"), choices=FollowUpOutcome.choices)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    again_on = forms.DateField(
        label=_("Call again on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def first_place(return_of: Return) -> str:
    """Where the convoy that brought the family drove to."""
    arrival = return_of.arrivals.filter(vehicle__isnull=False).select_related("vehicle__convoy").order_by("-pk").first()
    return arrival.vehicle.convoy.to_place if arrival and arrival.vehicle else ""
