"""`homeward ...`: the commands of the house (Django's own among them)."""

import os
import sys


def main() -> None:
    """Run one command."""
    if sys.argv[1:2] == ["kit"]:
        # The checkpoint's kit has no house behind it: neither settings nor a database.
        from homeward.checkpoint.kit.cli import main as kit

        sys.exit(kit(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeward.config.settings")
    from django.core.management import execute_from_command_line

    # Commands are named with dashes, as people type them; Django's files cannot be.
    argv = ["homeward", *sys.argv[1:]]
    if len(argv) > 1:
        argv[1] = argv[1].replace("-", "_") if not argv[1].startswith("-") else argv[1]
    execute_from_command_line(argv)


if __name__ == "__main__":
    main()
