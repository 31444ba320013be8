from django.apps import AppConfig
from django.conf import settings


class OrgConfig(AppConfig):
    name = "vungmanh.org"
    label = "org"

    def ready(self) -> None:
        from vungmanh.org.own_rules import source  # models must be loaded first
        from vungmanh.rulebook import use_own_rules

        use_own_rules(source, home=settings.PROVINCE)
