"""The first page after sign-in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from homeward.access.guards import SignedInRequest, any_staff
from homeward.worklists.queries import piles_for


@any_staff
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What waits for this person."""
    waiting = sorted(piles_for(request.user), key=lambda pile: (pile.since is None, pile.since or 0))
    return render(request, "worklists/staff/home.html", {"waiting": waiting})
