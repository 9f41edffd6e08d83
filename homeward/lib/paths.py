"""Where the house keeps its data: one folder, named by HOMEWARD_HOME."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def home() -> Path:
    """The data folder (database, keys, stored lists, sockets); made on first use, readable by its owner only."""
    folder = Path(os.environ.get("HOMEWARD_HOME") or ROOT / "var")
    if not folder.is_dir():
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    return folder


def matcher_socket() -> Path:
    """The unix socket at which the matcher process answers."""
    return home() / "matcher.sock"
