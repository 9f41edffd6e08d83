"""The environment of the tests, set before pytest-django reads the settings (pytest loads this file first: `-p`)."""

import atexit
import os
import shutil
import tempfile

# Each test process has its own data folder, and removes it.
HOME = tempfile.mkdtemp(prefix="homeward-test-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["HOMEWARD_HOME"] = HOME
os.environ["HOMEWARD_ZONE"] = "command"
for name in ("HOMEWARD_KEYS", "HOMEWARD_SITE", "HOMEWARD_PRODUCTION", "HOMEWARD_HOSTS", "HOMEWARD_SIGNER"):
    os.environ.pop(name, None)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside the live server
