"""The register candidates for what is being typed, within the request."""

from collections.abc import Mapping
from typing import Any

from homeward import audit
from homeward.access.models import Staff
from homeward.enquiries.facts import person_typed
from homeward.lib.changes.models import Side
from homeward.matching import client, sides
from homeward.register.models import Entry
from homeward.tracing import reading, words
from homeward.tracing.deeds import Deed

SHOWN = 5


def candidates_for(typed: Mapping[str, Any], *, by: Staff) -> dict[str, Any]:
    """Template context: the likeliest entries with a line each, or that the matcher is away."""
    person = person_typed(typed)
    if person is None:
        return {"lines": []}
    try:
        found = client.search(Side.REGISTER, person, SHOWN).found
    except client.MatcherAway:
        return {"away": True}
    references = dict(Entry.objects.filter(pk__in=[each.key for each in found]).values_list("pk", "reference"))
    items = {item.key: item for item in sides.registered()[Side.REGISTER].some(list(references.values()))}
    audit.record(Deed.SEARCHED, by=by, detail={"shown": len(items)})
    return {
        "lines": [
            {
                "name": reading.name_of(items[each.key].persons[0]),
                "more": reading.more_of(items[each.key].persons[0]),
                "percent": words.percent(each.probability),
            }
            for each in found
            if each.key in items and items[each.key].persons
        ]
    }
