from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "homeward.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the matcher how to read this side, and the lists how to come in."""
        from homeward.intake.target import offer
        from homeward.matching import sides
        from homeward.register.lists import RegisterList
        from homeward.register.matchable import every, some

        sides.register(sides.Side("register", every, some))
        offer(RegisterList())
