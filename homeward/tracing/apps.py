from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "homeward.tracing"
    label = "tracing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell families what was searched, on their own pages."""
        from homeward.tracing import sections_family  # noqa: F401
