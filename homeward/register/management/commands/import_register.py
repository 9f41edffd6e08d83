"""`homeward import-register FILE`: a camp's or hospital's list into the register."""

from homeward.intake.command import ImportCommand


class Command(ImportCommand):
    """See `homeward import-register --help`."""

    help = "Brings a list of captured and deceased persons into the register (CSV, XLSX, ODS, XLS)."
    target = "register"
    source_option = "--source"
