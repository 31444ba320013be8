from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vungmanh.web"
    label = "web"
