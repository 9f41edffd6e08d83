"""The family's part of this room: her pass to print."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from homeward import audit
from homeward.checkpoint import papers, queries
from homeward.checkpoint.deeds import Deed
from homeward.enquiries.family import FamilyRequest, requires_family


@requires_family
@require_safe
def paper(request: FamilyRequest, reference: str) -> HttpResponse:
    """Her pass as PDF, in the language of her page."""
    found = get_object_or_404(queries.passes_on_her_page(request.enquiry), reference=reference)
    with transaction.atomic():
        audit.record(Deed.PRINTED, by=None, about=found.reference)
    content = papers.pass_paper(found, language=get_language() or "en")
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="paper.pdf"'}
    )
