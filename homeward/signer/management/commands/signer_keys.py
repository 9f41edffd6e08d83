"""`homeward signer-keys`: the key set and its offline root."""

import base64
import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from homeward.signer import cose, keyring
from homeward.signer.trust import Untrusted


class Command(BaseCommand):
    """make-root and sign belong on a machine without network; the rest on the signer's."""

    help = "Makes the offline root, and renews the signer's key set under it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which step."""
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("make-root", help="write a new root key and its public half").add_argument("folder", type=Path)
        steps.add_parser("begin", help="begin the signer's key file under this root").add_argument("public", type=Path)
        steps.add_parser("request", help="make new keys; write what the root has to sign").add_argument(
            "file", type=Path
        )
        sign = steps.add_parser("sign", help="sign a request with the root")
        sign.add_argument("request", type=Path)
        sign.add_argument("root", type=Path)
        sign.add_argument("file", type=Path)
        steps.add_parser("take", help="take the signed key set").add_argument("file", type=Path)
        steps.add_parser("show", help="list the keys of the set")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        """One step."""
        getattr(self, f"_{step.replace('-', '_')}")(options)

    def _make_root(self, options: dict[str, Any]) -> None:
        root = ec.generate_private_key(ec.SECP256R1())
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(folder / "root.key", json.dumps({"private": f"{root.private_numbers().private_value:064x}"}), 0o600)
        public = cose.public_of(root)
        _write(folder / "root.pub", json.dumps({"x": public.x.hex(), "y": public.y.hex()}), 0o644)
        self.stdout.write(
            f"The root is called {public.kid.hex()}. Keep root.key away from every network, and a copy apart."
        )

    def _begin(self, options: dict[str, Any]) -> None:
        keyring.set_up(json.loads(options["public"].read_text()))

    def _request(self, options: dict[str, Any]) -> None:
        _write(options["file"], json.dumps(keyring.request()), 0o644)

    def _sign(self, options: dict[str, Any]) -> None:
        root = ec.derive_private_key(int(json.loads(options["root"].read_text())["private"], 16), ec.SECP256R1())
        signed = keyring.sign_request(json.loads(options["request"].read_text()), root)
        _write(options["file"], base64.b64encode(signed).decode(), 0o644)

    def _take(self, options: dict[str, Any]) -> None:
        try:
            taken = keyring.take(base64.b64decode(options["file"].read_text()))
        except (Untrusted, ValueError) as fault:
            raise CommandError(f"Not taken: {fault}.") from fault
        self.stdout.write(f"Key set {taken.number} with {len(taken.keys)} keys.")

    def _show(self, options: dict[str, Any]) -> None:
        held = keyring.key_set()
        for key in held.keys:
            self.stdout.write(f"{key.public.kid.hex()}  {key.purpose.name.lower():<11} until {key.not_after}")


def _write(path: Path, content: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(content + "\n")
