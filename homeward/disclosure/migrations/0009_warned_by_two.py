"""No warning stands on the family site without a second person's approval over its words."""

from django.db import migrations

from homeward.decisions.triggers import require_approval


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0008_scams"), ("decisions", "0002_two_people")]
    operations = [*require_approval("disclosure_warning", kind="disclosure.warning")]
