"""How, when and in which language she may be reached: seen and changed by herself."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from homeward.enquiries import reach_family
from homeward.enquiries.family import FamilyRequest, requires_family
from homeward.enquiries.forms_family import WishesForm
from homeward.lib.refusals import Refusal


@requires_family
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: FamilyRequest) -> HttpResponse:
    """Her places in her order, her hours, her quiet days, her language. Of each place only its end is shown."""
    enquiry = request.enquiry
    if enquiry.withdrawn_at is not None:
        return redirect("enquiries_family:state")
    stands = reach_family.stands_for(enquiry)
    form = WishesForm(
        request.POST or None, stands=[(each.reference, each.words) for each in stands.places], initial=stands.typed
    )
    if request.method == "POST" and form.is_valid():
        try:
            reach_family.change(enquiry, **form.said(), cover_phrase=form.cleaned_data["cover_phrase"], by=None)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("enquiries_family:state")
    return render(request, "enquiries/family/wishes.html", {"form": form, "stands": stands})


@requires_family
@require_POST
def not_at_all(request: FamilyRequest) -> HttpResponse:
    """From now on nobody writes to her and nobody calls."""
    if request.enquiry.withdrawn_at is None:
        reach_family.not_at_all(request.enquiry, by=None)
    return redirect("enquiries_family:state")
