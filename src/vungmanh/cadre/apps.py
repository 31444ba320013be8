from django.apps import AppConfig


class CadreConfig(AppConfig):
    name = "vungmanh.cadre"
    label = "cadre"
