from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "homeward.handover"
    label = "handover"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of journeys: who is on the way is expected."""
        from homeward.handover import following  # noqa: F401
