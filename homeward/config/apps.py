from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "homeward.config"
    label = "config"
