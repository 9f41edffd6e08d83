"""Pages of the family site: the checking of a paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from homeward.access.guards import open_to_anyone
from homeward.disclosure import actions, codes
from homeward.disclosure.turnstile import Turnstile

# Five codes a second and process: at that pace 53 random bits outlast the papers.
TURNSTILE = Turnstile(every=0.2, longest_wait=0.4)


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
