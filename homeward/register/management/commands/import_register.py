"""`homeward import-register FILE --source NAME`: a list of a camp or a hospital, from the command line."""

from typing import ClassVar

from homeward.intake.command import ImportCommand


class Command(ImportCommand):
    help = "Bring a list of captured or deceased persons into the register."
    target: ClassVar[str] = "register"
    source_option: ClassVar[str] = "--source"
