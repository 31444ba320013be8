from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "vungmanh.meetings"
    label = "meetings"
