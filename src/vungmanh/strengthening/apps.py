from django.apps import AppConfig


class StrengtheningConfig(AppConfig):
    name = "vungmanh.strengthening"
    label = "strengthening"
