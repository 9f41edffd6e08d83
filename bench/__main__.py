"""`./dev bench NAME`: measure the house, or the matching library beside its peers."""

import argparse
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ABOUT = {
    "doors": "the family site: sign-in flood, intake, and whether its pages or their times tell anything",
    "house": "the whole house on a million entries",
    "oracle": "what the time of an answer tells: held, dead, unknown, on her page and at the partners' interface",
    "hotline": "real calls to `homeward phone`: many at once, a thousand in a row",
    "namesake": "the matching library beside its peers (installed into .venv-bench)",
    "journeys": "four ways on the whole network; a closure that touches a thousand journeys",
    "passes": "passes under attack: every edit, and a million random and mutated texts",
    "messages": "messages out and in: an hour without Telegram, kill -9, doorbells, the webhook",
}


def main() -> int:
    """Pick the bench by name; each reads its own options."""
    parser = argparse.ArgumentParser("./dev bench", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, about in ABOUT.items():
        module = import_module(f"bench.{name}")
        one = commands.add_parser(name, help=about, description=module.__doc__)
        one.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add_arguments(one)
    options = parser.parse_args()
    if options.name == "namesake" and not os.environ.get("NAMESAKE_BENCH"):
        return in_own_environment()
    return int(import_module(f"bench.{options.name}").main(options) or 0)


def in_own_environment() -> int:
    """Run the same command where the peers are installed, which the house itself never needs."""
    folder, lock = ROOT / ".venv-bench", ROOT / "bench" / "requirements.lock"
    python, stamp = folder / "bin" / "python", folder / ".stamp"
    uv = Path(sys.executable).parent / "uv"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        print("Installing the peers into .venv-bench ...", file=sys.stderr)
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", lock], check=True)
        stamp.write_bytes(lock.read_bytes())
    environment = {**os.environ, "NAMESAKE_BENCH": "1"}
    return subprocess.run([python, "-m", "bench", *sys.argv[1:]], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
