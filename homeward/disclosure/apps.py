from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "homeward.disclosure"
    label = "disclosure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Her answer takes its place on her page."""
        from homeward.disclosure import her_page  # noqa: F401
