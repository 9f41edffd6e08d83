"""Two committees that refer enquiries: East and West."""

import json
from typing import Any

from django.test import Client

from homeward.enquiries.models import Partner
from homeward.partners import actions
from homeward.testing import make_staff

OSTAP = {"surname": "Щербацький", "given": "Остап", "patronymic": "Іванович", "born": "1990-05-28", "unit": "45261"}


def a_partner(name: str = "Committee East", *, records: bool = False, **changes: Any) -> Partner:
    """A partner with an agreement."""
    terms = {"a_minute": 600, "a_day": 5000, "is_open": True, **changes}
    return actions.agree(name, desk="1", receives_records=records, by=make_staff("administrator"), **terms)


class Api:
    """A partner's program."""

    def __init__(self, partner: Partner, client: Client | None = None) -> None:
        self.key = actions.make_key(partner, by=make_staff("administrator"))
        self.client = client or Client()

    def get(self, path: str) -> Any:
        """Ask."""
        return self.client.get(f"/partners/v1{path}", headers={"Authorization": f"Bearer {self.key}"})

    def post(self, path: str, body: Any, content_type: str = "application/json") -> Any:
        """Send."""
        content = json.dumps(body) if content_type == "application/json" and not isinstance(body, bytes) else body
        return self.client.post(
            f"/partners/v1{path}", content, content_type=content_type, headers={"Authorization": f"Bearer {self.key}"}
        )

    def refer(self, *numbers: str, **changes: Any) -> Any:
        """Refer Ostap under these numbers."""
        rows = [{"number": number, "facts": OSTAP, "relation": "mother", **changes} for number in numbers]
        return self.post("/referrals", {"referrals": rows})
