"""`homeward export-pfif --partner NAME`: the records cleared for one partner, as PFIF 1.4."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from homeward import audit
from homeward.enquiries.models import Partner
from homeward.partners import pfif, queries
from homeward.partners.deeds import Deed


class Command(BaseCommand):
    """See `homeward export-pfif --help`."""

    help = "Writes the records two people cleared for a partner, as PFIF 1.4."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", required=True, help="the partner's name")
        parser.add_argument("--output", default="-", help="file to write; - is the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = Partner.objects.filter(name=options["partner"]).first()
        if partner is None:
            raise CommandError("There is no partner of this name.")
        rows = list(queries.standing_clearances(partner))
        with transaction.atomic():
            audit.record(Deed.EXPORTED, by=None, about=partner.reference, detail={"records": len(rows)})
        content = pfif.export(rows)
        if options["output"] == "-":
            sys.stdout.buffer.write(content)
        else:
            with open(options["output"], "wb") as file:
                file.write(content)
            self.stdout.write(f"{len(rows)} records written to {options['output']}")
