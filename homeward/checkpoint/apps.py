from django.apps import AppConfig


class CheckpointConfig(AppConfig):
    name = "homeward.checkpoint"
    label = "checkpoint"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Place this room's part on the families' page."""
        from homeward.checkpoint import her_page  # noqa: F401
