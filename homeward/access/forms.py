"""What the administrator types about staff."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from homeward.access.models import Staff
from homeward.access.roles import ROLES, conflict_in


class RolesForm(forms.Form):
    """Who somebody is and what she may do."""

    name = forms.CharField(label=_("Name"), max_length=120)
    desk = forms.CharField(label=_("Desk"), max_length=40, initial="1")
    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(role.code, role.label) for role in ROLES.values()],
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("May sign in"), required=False, initial=True)

    def clean_roles(self) -> list[str]:
        """Two roles that watch each other are refused together."""
        roles: list[str] = self.cleaned_data["roles"]
        pair = conflict_in(roles)
        if pair:
            words = {"first": ROLES[pair[0]].label, "second": ROLES[pair[1]].label}
            raise forms.ValidationError(_("One person cannot be both %(first)s and %(second)s.") % words)
        return roles


class NewStaffForm(RolesForm):
    """A new account."""

    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least twelve characters. The person changes it and adds a second factor at the first sign-in."),
        widget=forms.PasswordInput(render_value=False),
    )
    field_order = ("username", "name", "desk", "password", "roles", "is_active")

    def clean_username(self) -> str:
        """Every sign-in name once."""
        username: str = self.cleaned_data["username"].strip()
        if Staff.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("This sign-in name is taken."))
        return username

    def clean(self) -> dict[str, Any]:
        """A password that is not the name and not in the lists everybody tries first."""
        said = super().clean() or {}
        if said.get("password"):
            try:
                validate_password(said["password"], Staff(username=said.get("username", ""), name=said.get("name", "")))
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return said
