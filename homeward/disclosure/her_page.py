"""Her answer on her own page. Where there is none she may read, this says nothing: her page is that of all who wait."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from homeward.disclosure import actions, queries
from homeward.enquiries.family import FamilyRequest
from homeward.enquiries.her_page import her_page_section


@her_page_section(order=5, news=True)
def answer(request: FamilyRequest) -> SafeString | None:
    """A closed envelope first; once opened, its words, and until when they stay."""
    found = queries.readable_answer(request.enquiry)
    if found is None:
        return None
    reading = getattr(found, "reading", None)
    context = {
        "answer": found,
        "reading": reading,
        "until": reading.opened_at + queries.STAYS if reading is not None and reading.kept_at is None else None,
    }
    return render_to_string("disclosure/family/_answer.html", context, request=request)


@her_page_section(order=90)
def warning(request: FamilyRequest) -> SafeString | None:
    """The warning that stands, the same for everybody; that she was shown it is noted."""
    found = queries.current_warning()
    if found is None:
        return None
    actions.note_seen(found, request.enquiry)
    text = found.in_language(get_language() or "en")
    return render_to_string("disclosure/family/_warning.html", {"warning": text}, request=request)
