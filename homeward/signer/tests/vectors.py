"""Public test vectors, where they are at hand: a folder named by HOMEWARD_VECTORS, or `shared/vectors` beside a checkout.

They are data of others (the EU certificate test cases, cose-wg, Wycheproof; see the README there) and not part of this repository.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest


def folder() -> Path | None:
    named = os.environ.get("HOMEWARD_VECTORS")
    places = [Path(named)] if named else [parent / "shared" / "vectors" for parent in Path(__file__).resolve().parents]
    return next((place for place in places if (place / "cose").is_dir()), None)


def cases(pattern: str) -> list[tuple[str, dict[str, Any]]]:
    """(name, content) of each JSON file."""
    found = folder()
    if found is None:
        return []
    return [(path.stem, json.loads(path.read_text())) for path in sorted(found.glob(pattern))]


needs_vectors = pytest.mark.skipif(
    folder() is None, reason="no test vectors here (HOMEWARD_VECTORS names their folder)"
)
