from django.apps import AppConfig


class OutputsConfig(AppConfig):
    name = "vungmanh.outputs"
    label = "outputs"
