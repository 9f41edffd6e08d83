from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "homeward.enquiries"
    label = "enquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Place what she told on her page; tell the matcher how to read this side, and the lists how to come in."""
        from homeward.contact import audiences
        from homeward.enquiries import sections_family  # noqa: F401
        from homeward.enquiries.audience import Enquirers
        from homeward.enquiries.lists import EnquiriesList
        from homeward.enquiries.matchable import every, some
        from homeward.intake.target import offer
        from homeward.matching import sides

        sides.register(sides.Side("sought", every, some))
        offer(EnquiriesList())
        audiences.offer(Enquirers())
