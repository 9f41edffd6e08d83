"""The family's pages: coming back, what stands, leaving quickly."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from homeward.access.guards import open_to_anyone
from homeward.enquiries import family, passphrases
from homeward.enquiries.family import FamilyRequest, requires_family
from homeward.enquiries.forms_family import ComeBackForm
from homeward.enquiries.her_page import sections_for

# What the browser is told to forget; honoured over HTTPS and on the machine itself.
CLEAR = '"cache", "cookies", "storage"'


@open_to_anyone
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Reference and passphrase, and she is in. What she typed stays on the page until it is right."""
    form = ComeBackForm(request.POST or None)
    status, wait = 200, 0
    if request.method == "POST" and form.is_valid():
        try:
            enquiry = passphrases.check_passphrase(form.cleaned_data["number"], form.cleaned_data["secret"])
        except passphrases.NotReadable as unreadable:
            form.add_error("secret", str(unreadable))
        except passphrases.TryAgain as busy:
            form.add_error(None, str(busy))
            status, wait = busy.status, busy.after
        else:
            if enquiry is not None:
                family.let_in(request, enquiry)
                return redirect("enquiries_family:state")
            form.add_error(
                None, _("The number and the passphrase do not belong together. Look at both again, letter by letter.")
            )
    response = render(request, "enquiries/family/come_back.html", {"form": form}, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@requires_family
@require_safe
def state(request: FamilyRequest) -> HttpResponse:
    """What stands, as each room says it. At kinship level 0 and 1 it is the same whatever the register holds."""
    context = {"enquiry": request.enquiry, "sections": sections_for(request)}
    return render(request, "enquiries/family/state.html", context)


@csrf_exempt  # whoever sends her away from outside does her no harm; a lost cookie must not keep her here
@open_to_anyone
@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Out at once: the session is destroyed, the browser told to forget, and a page that says nothing comes up."""
    family.let_out(request)
    response = HttpResponseRedirect(reverse("enquiries_family:nothing"))
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        response.delete_cookie(cookie, samesite="Strict")
    response.headers["Clear-Site-Data"] = CLEAR
    return response


@open_to_anyone
@require_safe
def nothing(request: HttpRequest) -> HttpResponse:
    """A page that says nothing about anything."""
    response = render(request, "enquiries/family/nothing.html")
    response.headers["Clear-Site-Data"] = CLEAR
    return response
