"""Those who ask, as a group one neutral text may go to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from homeward.contact.audiences import Choice
from homeward.enquiries.forms import LANGUAGES
from homeward.enquiries.models import Enquiry, Partner, SoughtPerson, State

# Past these, two people have confirmed who he is.
_CONFIRMED = (State.FATE_ESTABLISHED, State.INFORMED, State.IN_CONTACT)
CONFIRMED = "confirmed"


class Enquirers:
    """See `homeward.contact.audiences.Audience`."""

    code = "enquiries"

    def choices(self) -> Sequence[Choice]:
        """By the state of the case, the desk, her language, the partner."""
        desks = SoughtPerson.objects.order_by("desk").values_list("desk", flat=True).distinct()[:100]
        partners = Partner.objects.order_by("name").values_list("reference", "name")[:300]
        return [
            Choice("state", _("State of the case"), [(CONFIRMED, _("confirmed who he is")), *State.choices]),
            Choice("desk", _("Desk"), [(desk, desk) for desk in desks]),
            Choice("language", _("Language"), list(LANGUAGES)),
            Choice("partner", _("Partner organisation"), list(partners)),
        ]

    def subjects(self, chosen: Mapping[str, str]) -> Iterable[str]:
        """The references of the enquiries that stand."""
        found = Enquiry.objects.filter(withdrawn_at__isnull=True)
        if chosen.get("state") == CONFIRMED:
            found = found.filter(sought__state__in=_CONFIRMED)
        elif chosen.get("state"):
            found = found.filter(sought__state=chosen["state"])
        if chosen.get("desk"):
            found = found.filter(sought__desk=chosen["desk"])
        if chosen.get("language"):
            found = found.filter(language=chosen["language"])
        if chosen.get("partner"):
            found = found.filter(partner__reference=chosen["partner"])
        return found.order_by("pk").values_list("reference", flat=True)
