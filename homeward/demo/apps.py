"""The demo as Django knows it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Commands only; the demo has no tables and no pages."""

    name = "homeward.demo"
