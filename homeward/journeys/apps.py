from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "homeward.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Place this room's part on the families' page."""
        from homeward.journeys import her_page  # noqa: F401
