"""What the hosted provider asks while a call runs. Nobody else gets an answer: each request carries its signature."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from homeward.access.guards import open_to_anyone
from homeward.hotline import actions, provider, recordings
from homeward.hotline.models import AtDesk, Call
from homeward.hotline.script import Keyed, Silence
from homeward.hotline.speaking import turn_of

View = Callable[[HttpRequest], HttpResponse]


def from_the_provider(view: View) -> View:
    """404 for everybody but the provider, as for an address that does not exist."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if not provider.is_genuine(request):
            raise Http404
        return view(request)

    return csrf_exempt(open_to_anyone(require_POST(checked)))  # type: ignore[no-any-return]


def _line_id(request: HttpRequest) -> str:
    return f"web:{request.POST.get('CallSid', '')[:60]}"


def _answer(call: Call) -> HttpResponse:
    desk = AtDesk.objects.filter(staff=call.operator).first() if call.operator_id else None
    return HttpResponse(
        provider.rendered(turn_of(call), desk=desk.sip_address if desk else ""), content_type="text/xml"
    )


def _known(request: HttpRequest) -> str:
    line_id = _line_id(request)
    if not Call.objects.filter(line_id=line_id).exists():
        raise Http404
    return line_id


@from_the_provider
def call(request: HttpRequest) -> HttpResponse:
    """A call comes in."""
    return _answer(actions.ring(_line_id(request), number=request.POST.get("From", "")[:40]))


@from_the_provider
def keys(request: HttpRequest) -> HttpResponse:
    """Keys, or none."""
    pressed = request.POST.get("Digits", "")[:200]
    return _answer(actions.hear(_known(request), Keyed(pressed) if pressed else Silence()))


@from_the_provider
def said(request: HttpRequest) -> HttpResponse:
    """What was to be spoken was spoken."""
    return _answer(actions.hear(_known(request), Silence()))


@from_the_provider
def recorded(request: HttpRequest) -> HttpResponse:
    """Her message lies with the provider: the worker fetches it, seals it and has it removed there."""
    line_id = _known(request)
    length = request.POST.get("RecordingDuration", "")
    if length.isdecimal() and int(length) > 0:
        recordings.fetch_later(line_id, request.POST.get("RecordingUrl", ""))
        return _answer(actions.message_left(line_id))
    return _answer(actions.hear(line_id, Silence()))


@from_the_provider
def ended(request: HttpRequest) -> HttpResponse:
    """The call is over."""
    actions.hang_up(_known(request))
    return HttpResponse("<Response><Hangup/></Response>", content_type="text/xml")
