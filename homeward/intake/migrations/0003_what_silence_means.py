from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_file_kept")]

    operations = [
        migrations.AddField("batch", "silence", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("source", "silence", models.CharField(blank=True, default="", max_length=12)),
    ]
