"""The guard of the family site: who came back with her reference and passphrase, and for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from homeward.enquiries.models import Credential, Enquiry
from homeward.lib import clock

View = TypeVar("View", bound=Callable[..., HttpResponse])
IDLE = timedelta(minutes=15)
LONGEST = timedelta(minutes=60)
_KEY = "family"


class FamilyRequest(HttpRequest):
    """A request whose guard has passed: `enquiry` is hers. `news_stands` once her page is made: something on it is news of him."""

    enquiry: Enquiry
    news_stands: bool


def requires_family(view: View) -> View:
    """Open to whoever came back with reference and passphrase; all others are led to where one comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        enquiry = enquiry_of(request)
        if enquiry is None:
            return redirect("enquiries_family:come_back")
        request.enquiry = enquiry  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    guarded.guard = "family"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def let_in(request: HttpRequest, enquiry: Enquiry) -> None:
    """She is in from now on: fifteen minutes from each page, sixty in all."""
    request.session.cycle_key()
    moment = clock.now().timestamp()
    request.session[_KEY] = {
        "enquiry": enquiry.reference,
        "credential": Credential.objects.values_list("reference", flat=True).get(enquiry=enquiry),
        "since": moment,
        "seen": moment,
    }


def let_out(request: HttpRequest) -> None:
    """Nothing of her is left in this session, nor in any draft of it."""
    request.session.flush()


def enquiry_of(request: HttpRequest) -> Enquiry | None:
    """The enquiry of whoever is in, while the time runs and the passphrase is still the one she came in with."""
    said = request.session.get(_KEY)
    if not said:
        return None
    now = clock.now()
    since, seen = (datetime.fromtimestamp(said[name], UTC) for name in ("since", "seen"))
    credential = None
    if now - seen <= IDLE and now - since <= LONGEST:
        rows = Credential.objects.select_related("enquiry__sought")
        credential = rows.filter(reference=said["credential"], enquiry__reference=said["enquiry"]).first()
    if credential is None:
        del request.session[_KEY]
        return None
    request.session[_KEY] = {**said, "seen": now.timestamp()}
    return credential.enquiry
