"""A revocation stands; a list's number is given once."""

from django.db import migrations

from homeward.lib.triggers import append_only, refuse


class Migration(migrations.Migration):
    dependencies = [("signer", "0001_initial")]
    operations = [
        *append_only("signer_revocation"),
        *append_only("signer_published"),
        # SQLite's INSERT OR REPLACE removes the older row without asking the delete trigger.
        refuse(
            "signer_revocation",
            "signer_revocation_is_not_replaced",
            before="INSERT",
            condition="EXISTS (SELECT 1 FROM signer_revocation r WHERE r.id = NEW.id OR r.pass_id = NEW.pass_id)",
            message="a revocation stands",
        ),
        refuse(
            "signer_published",
            "signer_published_is_not_replaced",
            before="INSERT",
            condition="EXISTS (SELECT 1 FROM signer_published p WHERE p.id = NEW.id "
            "OR (p.kind = NEW.kind AND p.number = NEW.number))",
            message="a number is given once",
        ),
    ]
