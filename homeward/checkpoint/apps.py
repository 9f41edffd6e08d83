from django.apps import AppConfig


class CheckpointConfig(AppConfig):
    name = "homeward.checkpoint"
    label = "checkpoint"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Place this room's part on the families' page and on their journeys, and hear of these."""
        from homeward.checkpoint import following, her_page  # noqa: F401
