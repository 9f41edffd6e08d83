"""The description of the interface, for people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from homeward.access.guards import open_to_anyone
from homeward.partners.api import openapi


@open_to_anyone
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """What a partner's programmer needs: addresses, fields, answers. No script, nothing from elsewhere."""
    schema = openapi()
    calls = [
        (method.upper(), address, call.get("summary", ""), call.get("description", ""), sorted(call["responses"]))
        for address, methods in schema["paths"].items()
        for method, call in methods.items()
    ]
    shapes = [
        (
            name,
            shape.get("description", ""),
            [
                (
                    field,
                    each.get("type", "") or "object",
                    each.get("description", ""),
                    field in shape.get("required", []),
                )
                for field, each in shape.get("properties", {}).items()
            ],
        )
        for name, shape in schema.get("components", {}).get("schemas", {}).items()
    ]
    return render(request, "partners/family/description.html", {"calls": calls, "shapes": shapes})
