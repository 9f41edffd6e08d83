"""`python -m namesake`."""

import sys

from namesake.cli import main

if __name__ == "__main__":
    sys.exit(main())
