"""Before a house goes live: the key that signs belongs to a process of its own."""

import os
from typing import Any

from django.core.checks import Error, Tags, register

from homeward.lib import keys
from homeward.signer import keyring


@register(Tags.security, deploy=True)
def the_signer_stands_apart(app_configs: Any = None, **kwargs: Any) -> list[Error]:
    """`homeward check --deploy` fails while pages and signatures share a process."""
    found = []
    if keyring.is_embedded():
        found.append(
            Error(
                "The signing key is embedded: passes say TRAINING.",
                hint="Run `homeward signer` as a system user of its own and set HOMEWARD_SIGNER to its socket.",
                id="signer.E001",
            )
        )
    elif keys.zone() != "signer" and os.access(keyring.path(), os.R_OK):
        found.append(
            Error(
                "This process can read the signing key.",
                hint="Give the key file (HOMEWARD_SIGNER_KEYS) to the signer's system user, mode 0600.",
                id="signer.E002",
            )
        )
    return found
