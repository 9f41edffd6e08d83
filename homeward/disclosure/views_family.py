"""Pages of the family site: her answer, the checking of a paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from homeward.access.guards import open_to_anyone
from homeward.disclosure import actions, codes, queries
from homeward.disclosure.turnstile import Turnstile
from homeward.enquiries.family import FamilyRequest, requires_family

# Five codes a second and process: at that pace 53 random bits outlast the papers.
TURNSTILE = Turnstile(every=0.2, longest_wait=0.4)
# Two reports a second: a flood of them fills no disk, and the text she typed is kept in the form meanwhile.
SCAM_TURNSTILE = Turnstile(every=0.5, longest_wait=0.4)


@open_to_anyone
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Is this paper genuine? Says valid, already used, expired or unknown, and nothing about anybody."""
    context: dict[str, object] = {"outcome": "", "mistyped": False}
    status = 200
    if request.method == "POST":
        typed = request.POST.get("code", "")
        if not codes.tidy(typed):
            # Said before anything is looked up: no such code was ever printed.
            context["mistyped"] = True
        elif seconds := TURNSTILE.enter():
            context["come_again"], status = seconds, 503
        else:
            context["outcome"] = str(actions.check_code(typed))
    response = render(request, "disclosure/family/verify.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = str(context["come_again"])
    return response


@requires_family
@require_POST
def open_answer(request: FamilyRequest) -> HttpResponse:
    """She opens it; where there is nothing, the page just comes again."""
    actions.open_answer(request.enquiry)
    return redirect("enquiries_family:state")


@requires_family
@require_POST
def keep(request: FamilyRequest) -> HttpResponse:
    """It stays on her page."""
    actions.keep_answer(request.enquiry)
    return redirect("enquiries_family:state")


@requires_family
@require_POST
def put_away(request: FamilyRequest) -> HttpResponse:
    """It goes from her page at once."""
    actions.put_away_answer(request.enquiry)
    return redirect("enquiries_family:state")


@open_to_anyone
@require_http_methods(["GET", "HEAD", "POST"])
def report_scam(request: HttpRequest) -> HttpResponse:
    """Somebody asked her for money: she copies the text here. No sign-in; who she is is not asked."""
    context: dict[str, object] = {"warning": "", "done": False, "empty": False}
    status = 200
    if request.method == "POST":
        text = request.POST.get("text", "").strip()
        if not text:
            context["empty"] = True
        elif seconds := SCAM_TURNSTILE.enter():
            context["come_again"], context["text"], status = seconds, text[:4000], 503
        else:
            actions.report_scam(text, language=request.LANGUAGE_CODE)
            context["done"] = True
    warning = queries.current_warning()
    context["warning"] = warning.in_language(request.LANGUAGE_CODE) if warning else ""
    response = render(request, "disclosure/family/report.html", context, status=status)
    if status == 503:
        response.headers["Retry-After"] = str(context["come_again"])
    return response
