from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "homeward.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Place this room's part on the family's own page."""
        from homeward.returns import her_page  # noqa: F401
