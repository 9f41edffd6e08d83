"""How and when an enquirer may be reached, noted while she tells it. Nothing is unmasked here: a place is known by its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.enquiries import queries, reach_family
from homeward.enquiries.forms import StaffWishesForm
from homeward.enquiries.models import Enquiry
from homeward.lib.refusals import Refusal

_EITHER = (Right.ENQUIRIES_FILE, Right.ENQUIRIES_CONTACTS)


def _standing(request: SignedInRequest, reference: str) -> Enquiry:
    visible = queries.enquiries_visible_to(request.user).filter(withdrawn_at__isnull=True)
    return get_object_or_404(visible, reference=reference)


@requires(*_EITHER)
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: SignedInRequest, reference: str) -> HttpResponse:
    """Her places in her order, hours, quiet days, language."""
    found = _standing(request, reference)
    stands = reach_family.stands_for(found)
    initial = {key: value for key, value in stands.typed.items() if key != "cover_phrase"}
    form = StaffWishesForm(
        request.POST or None, stands=[(each.reference, each.words) for each in stands.places], initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            phrase = form.cleaned_data["cover_phrase"].strip() or None
            reach_family.change(found, **form.said(), cover_phrase=phrase, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted. It holds from now on."))
            return redirect("enquiries:wishes", found.reference)
    context = {"enquiry": found, "form": form, "stands": stands}
    return render(request, "enquiries/staff/wishes.html", context)


@requires(*_EITHER)
@require_POST
def not_at_all(request: SignedInRequest, reference: str) -> HttpResponse:
    """She wishes no contact any more."""
    found = _standing(request, reference)
    reach_family.not_at_all(found, by=request.user)
    messages.success(request, _("Noted. Nobody writes to her and nobody calls."))
    return redirect("enquiries:wishes", found.reference)
