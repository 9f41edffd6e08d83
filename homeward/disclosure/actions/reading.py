"""What the family does with her answer."""

from django.db import transaction

from homeward import audit
from homeward.disclosure import queries
from homeward.disclosure.deeds import Deed
from homeward.disclosure.models import Answer, AnswerReading
from homeward.enquiries.models import Enquiry
from homeward.lib import clock


@transaction.atomic
def open_answer(enquiry: Enquiry) -> Answer | None:
    """She opens her answer; from the first opening on it stays 72 hours. None where there is nothing she may read."""
    answer = queries.readable_answer(enquiry)
    if answer is None:
        return None
    _reading, is_first = AnswerReading.objects.get_or_create(answer=answer)
    if is_first:
        audit.record(Deed.ANSWER_OPENED, by=None, about=enquiry.reference)
    return answer


@transaction.atomic
def keep_answer(enquiry: Enquiry) -> Answer | None:
    """She wishes it to stay on her page; None where she has opened none."""
    answer = queries.readable_answer(enquiry)
    if answer is None or not AnswerReading.objects.filter(answer=answer, kept_at=None).update(kept_at=clock.now()):
        return None
    audit.record(Deed.ANSWER_KEPT, by=None, about=enquiry.reference)
    return answer


@transaction.atomic
def put_away_answer(enquiry: Enquiry) -> None:
    """She wants it off her page at once, and need not say why."""
    answer = queries.readable_answer(enquiry)
    if answer is None:
        return
    past = clock.now() - queries.STAYS
    if AnswerReading.objects.filter(answer=answer).update(opened_at=past, kept_at=None):
        audit.record(Deed.ANSWER_PUT_AWAY, by=None, about=enquiry.reference)
