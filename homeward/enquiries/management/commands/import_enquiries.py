"""`homeward import-enquiries FILE`: enquiries that a partner refers in bulk."""

from homeward.intake.command import ImportCommand


class Command(ImportCommand):
    """See `homeward import-enquiries --help`."""

    help = "Brings a partner's list of enquiries in (CSV, XLSX, ODS, XLS)."
    target = "enquiries"
    source_option = "--partner"
