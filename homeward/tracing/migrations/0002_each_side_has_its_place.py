from django.db import migrations, models


def from_the_common_place(apps, schema_editor):
    progress = apps.get_model("tracing", "Progress")
    progress.objects.update(sought_number=models.F("number"))


class Migration(migrations.Migration):
    dependencies = [("tracing", "0001_initial")]

    operations = [
        migrations.AddField("progress", "sought_number", models.BigIntegerField(default=0)),
        migrations.AddField("progress", "sweep_until", models.BigIntegerField(null=True)),
        migrations.AddField("progress", "sweep_after", models.BigIntegerField(default=0)),
        migrations.RunPython(from_the_common_place, migrations.RunPython.noop),
    ]
