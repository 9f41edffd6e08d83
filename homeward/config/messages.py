"""Translations: each `locale/*/LC_MESSAGES/django.po`, of the house and of its rooms, compiled where that is older."""

import os
from pathlib import Path

import polib

from homeward.lib.paths import ROOT

HOUSE = ROOT / "homeward"


def compile_messages() -> int:
    """Compile every catalogue that changed; how many."""
    compiled = 0
    for source in (*HOUSE.glob("locale/*/LC_MESSAGES/django.po"), *HOUSE.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Written aside and moved: two processes that start at once never read half a catalogue.
        aside = Path(f"{target}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(aside))
        aside.replace(target)
        compiled += 1
    return compiled
