from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vungmanh.web"
    label = "web"

    def ready(self) -> None:
        from vungmanh.web import second_factor  # noqa: F401  registers what listens to signing in
