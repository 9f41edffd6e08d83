from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    name = "homeward.worklists"
    label = "worklists"
