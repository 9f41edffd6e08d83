"""What a deed is called on a page. Each room lists its own in `<room>/deeds.py`."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from inspect import getmembers, isclass

from django.apps import apps
from django.db.models import TextChoices
from django.utils.functional import Promise


@lru_cache(maxsize=1)
def _all_deeds() -> dict[str, str | Promise]:
    labels: dict[str, str | Promise] = {}
    for room in apps.get_app_configs():
        if room.name.startswith("homeward.") and find_spec(f"{room.name}.deeds"):
            for _name, deeds in getmembers(import_module(f"{room.name}.deeds"), isclass):
                if issubclass(deeds, TextChoices) and deeds.__module__.startswith(room.name):
                    # Lazy labels: read from the enum, the words follow the reader's language.
                    labels.update({deed.value: deed._label_ for deed in deeds})
    return labels


def label_of(deed: str) -> str:
    """The deed in words, in the reader's language; its code where no room knows it any more."""
    return str(_all_deeds().get(deed, deed))


def known_deeds() -> dict[str, str]:
    """Every deed the rooms know, by code."""
    return {code: str(label) for code, label in _all_deeds().items()}
