"""The partners' interface over HTTP, version 1. A partner sends its key as `Authorization: Bearer hw-...`."""

from datetime import date
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import Field, NinjaAPI, Router, Schema
from ninja.errors import HttpError, ValidationError
from ninja.responses import Response
from ninja.security import HttpBearer
from pydantic import StringConstraints

from homeward import audit
from homeward.enquiries.facts import BY_CODE
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.partners import actions, pfif, queries, rates
from homeward.partners.deeds import Deed
from homeward.partners.models import Key

MOST_ROWS = 500
BUCKETS = rates.Buckets()


class Slow(Exception):
    """This partner has asked too often; others are not delayed by it."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds


class PartnerKey(HttpBearer):
    """Finds the partner of a key, and takes from that partner's own bucket."""

    def authenticate(self, request: HttpRequest, token: str) -> Key | None:
        """The key's row; None is answered 401, whatever was wrong with it."""
        key = queries.partner_of_key(token) if token.isascii() else None
        if key is None:
            return None
        seconds = BUCKETS.take(key.partner_id, a_minute=key.partner.agreement.a_minute)  # type: ignore[attr-defined]
        if seconds:
            raise Slow(seconds)
        if key.last_used_on != clock.today():
            Key.objects.filter(pk=key.pk).update(last_used_on=clock.today())
        return key


api = NinjaAPI(
    title="Homeward: partners",
    version="1",
    description="Refer enquiries, and see how far your own have come.",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=PartnerKey(),
    urls_namespace="partners_family:partners_api",
)
router = Router()

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class EnquirerIn(Schema, extra="forbid"):
    """She who asks: whatever she agreed to leave."""

    name: Text = ""
    telephone: Text = ""
    email: Text = ""
    telegram: Text = ""
    address: Text = ""
    safe_hours: Text = ""
    remarks: Text = ""


class ReferralIn(Schema, extra="forbid"):
    """One enquiry."""

    number: Number = Field(description="Your own number of it. The same number twice is one enquiry.")
    facts: dict[str, Text] = Field(description=f"What is known of him: {', '.join(BY_CODE)}")
    relation: Literal[
        "mother", "father", "wife", "brother", "sister", "son", "daughter", "relative", "friend", "other", "unknown"
    ] = "unknown"
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] = "uk"
    enquirer: EnquirerIn = EnquirerIn()


class BatchIn(Schema, extra="forbid"):
    """Up to 500 enquiries."""

    referrals: list[ReferralIn] = Field(max_length=MOST_ROWS, min_length=1)


class OutcomeOut(Schema):
    """What became of one row."""

    number: str
    outcome: Literal["accepted", "known", "number_taken", "no_name"]


class BatchOut(Schema):
    """What became of each row, in the order sent."""

    outcomes: list[OutcomeOut]


class SeenOut(Schema):
    """How far one referral has come. `informed`: the family has been told, whatever there was to tell."""

    number: str
    state: Literal["received", "searching", "informed", "withdrawn", "refused"]
    received_on: date


class PageOut(Schema):
    """A page of your referrals; `next` goes into `after` for the next page."""

    referrals: list[SeenOut]
    next: str | None = None


class Problem(Schema):
    """Why not."""

    detail: str


def _key(request: HttpRequest) -> Key:
    key: Key = request.auth  # type: ignore[attr-defined]
    return key


@router.post("/referrals", response={200: BatchOut, 401: Problem, 422: Problem, 429: Problem})
def refer(request: HttpRequest, batch: BatchIn) -> BatchOut:
    """Refer enquiries. All rows that are accepted are written down when the answer comes."""
    key = _key(request)
    if not key.partner.agreement.is_open:  # type: ignore[attr-defined]
        raise HttpError(403, "The agreement does not let this partner refer enquiries now.")
    incoming = [
        actions.Incoming(row.number, row.facts, row.relation, row.language, row.enquirer.dict())
        for row in batch.referrals
    ]
    outcomes = actions.refer(key.partner, incoming)
    return BatchOut(
        outcomes=[
            OutcomeOut(number=row.number, outcome=outcome)  # type: ignore[arg-type]
            for row, outcome in zip(batch.referrals, outcomes, strict=True)
        ]
    )


@router.get("/referrals", response={200: PageOut, 401: Problem, 429: Problem})
def referrals(request: HttpRequest, after: str = "") -> dict[str, Any]:
    """Your referrals in the order you sent them, 200 a page."""
    rows = queries.seen_by(_key(request).partner)
    if after:
        rows = rows.filter(pk__gt=rows.filter(number=after[:60]).values("pk")[:1])
    page = list(rows[: queries.PAGE + 1])
    more = page[queries.PAGE - 1].number if len(page) > queries.PAGE else None
    return {"referrals": [queries.seen(row) for row in page[: queries.PAGE]], "next": more}


@router.get("/referrals/{path:number}", response={200: SeenOut, 401: Problem, 404: Problem, 429: Problem})
def referral(request: HttpRequest, number: str) -> Any:
    """One referral by your number. Another partner's is not there."""
    row = queries.seen_by(_key(request).partner).filter(number=number[:60]).first()
    if row is None or len(number) > 60:
        raise HttpError(404, "You have referred nothing under this number.")
    return queries.seen(row)


@router.get("/pfif", response={401: Problem, 429: Problem})
def records(request: HttpRequest) -> HttpResponse:
    """The records two people of the bureau cleared for you, as PFIF 1.4."""
    key = _key(request)
    rows = list(queries.standing_clearances(key.partner))
    with transaction.atomic():
        audit.record(Deed.EXPORTED, by=None, about=key.partner.reference, detail={"records": len(rows)})
    return HttpResponse(pfif.export(rows), content_type="application/xml; charset=utf-8")


@router.post("/pfif", response={200: dict[str, Any], 401: Problem, 422: Problem, 429: Problem})
def bring_pfif(request: HttpRequest) -> Any:
    """Refer enquiries as a PFIF document, version 1.1 to 1.4; each person is one referral, with its row in the answer."""
    key = _key(request)
    if not key.partner.agreement.is_open:  # type: ignore[attr-defined]
        raise HttpError(403, "The agreement does not let this partner refer enquiries now.")
    try:
        report = pfif.bring(request.body, key.partner)
    except pfif.Unreadable as unreadable:
        raise HttpError(422, str(unreadable)) from unreadable
    return {"rows": [row.__dict__ if hasattr(row, "__dict__") else row._asdict() for row in report]}


@api.exception_handler(Slow)
def _slow(request: HttpRequest, slow: Slow) -> HttpResponse:
    answer = Response({"detail": "Too many requests of this partner."}, status=429)
    answer["Retry-After"] = str(slow.seconds)
    return answer


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    answer = Response({"detail": str(refusal)}, status=refusal.status)
    if refusal.status == 429:
        answer["Retry-After"] = "3600"
    return answer


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    # Where, not what: an echo of the row would put a person's data into the partner's logs.
    places = [".".join(str(part) for part in fault.get("loc", ())[1:])[:120] for fault in invalid.errors[:20]]
    return Response({"detail": "Not readable: " + "; ".join(places)}, status=422)


api.add_router("", router)


def openapi() -> dict[str, Any]:
    """The description that the page for people and the one for machines are both made from."""
    with override("en"):
        return dict(api.get_openapi_schema(path_prefix="/partners/v1/"))
