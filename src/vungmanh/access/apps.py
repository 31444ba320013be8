from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "vungmanh.access"
    label = "access"
