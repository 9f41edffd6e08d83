"""The warning of the scam watch, for pages of the family site that belong to no room."""

from django import template
from django.utils.translation import get_language

from homeward.disclosure import queries

register = template.Library()


@register.simple_tag
def current_warning() -> str:
    """Its words in the language of the page; "" while none stands."""
    found = queries.current_warning()
    return found.in_language(get_language() or "en") if found else ""
