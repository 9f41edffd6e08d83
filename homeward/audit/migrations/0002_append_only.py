from django.db import migrations

from homeward.lib.triggers import append_only, refuse


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        *append_only("audit_event"),
        *append_only("audit_checkpoint"),
        refuse(
            "audit_event",
            "audit_event_no_gap",
            before="INSERT",
            condition="NEW.number <> COALESCE((SELECT MAX(number) FROM audit_event), 0) + 1",
            message="events are numbered without gaps",
        ),
        refuse(
            "audit_checkpoint",
            "audit_checkpoint_once",
            before="INSERT",
            # Stops INSERT OR REPLACE, which on SQLite removes a row without asking the other triggers.
            condition="EXISTS (SELECT 1 FROM audit_checkpoint WHERE size >= NEW.size)",
            message="checkpoints only go forward",
        ),
        *append_only("audit_head", updates=False),
        refuse(
            "audit_head",
            "audit_head_forward",
            before="UPDATE",
            condition="NEW.size < OLD.size OR NEW.id <> OLD.id",
            message="the log only grows",
        ),
        refuse(
            "audit_head",
            "audit_head_once",
            before="INSERT",
            condition="EXISTS (SELECT 1 FROM audit_head)",
            message="the log has one head",
        ),
    ]
