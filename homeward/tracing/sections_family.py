"""What tracing says on a family's own page: that we search, when last, among how many. The same for everybody.

Nothing of her own case is asked for here: whether he is held, dead or unknown, the same queries run and the same words come out
(`tests/test_oracle.py`).
"""

from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from homeward.enquiries.family import FamilyRequest
from homeward.enquiries.her_page import her_page_section, news_stands
from homeward.lib import clock
from homeward.tracing.models import Progress, SearchDay


@her_page_section(order=10)
def what_stands(request: FamilyRequest) -> SafeString | None:
    """We are searching; last when, among how many, and how many were added since last week. Not beside news of him."""
    enquiry = request.enquiry
    if enquiry.withdrawn_at is not None or news_stands(request):
        return None
    progress = Progress.objects.filter(singleton=True).first()
    week_ago = timezone.localdate(clock.now()) - timedelta(days=7)
    before = SearchDay.objects.filter(day__lte=week_ago).order_by("-day").first()
    searched_at = progress.at if progress else None
    context = {
        # Hers may have come in after the last search: then the first one is still to come.
        "searched_at": searched_at if searched_at and searched_at >= enquiry.received_at else None,
        "size": progress.register_size if progress else 0,
        "before": before,
        "more": max(0, progress.register_size - before.register_size) if progress and before else 0,
    }
    return render_to_string("tracing/family/_what_stands.html", context)
