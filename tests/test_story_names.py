"""docs/story.md names the files of the house; a file that moves takes its line there with it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_file_the_story_names_exists() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", (ROOT / "docs" / "story.md").read_text(encoding="utf-8")))

    assert len(named) > 30
    for name in named:
        assert (ROOT / name).is_file() or (ROOT / "homeward" / name).is_file(), name
