from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "vungmanh.org"
    label = "org"
