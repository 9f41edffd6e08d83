from django.apps import AppConfig


class CheckpointConfig(AppConfig):
    name = "homeward.checkpoint"
    label = "checkpoint"
    default_auto_field = "django.db.models.BigAutoField"
