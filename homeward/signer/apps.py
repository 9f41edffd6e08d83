from django.apps import AppConfig


class SignerConfig(AppConfig):
    name = "homeward.signer"
    label = "signer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The check of the deployment."""
        from homeward.signer import checks  # noqa: F401
