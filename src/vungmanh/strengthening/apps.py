from django.apps import AppConfig


class StrengtheningConfig(AppConfig):
    name = "vungmanh.strengthening"
    label = "strengthening"

    def ready(self) -> None:
        from vungmanh.meetings.digest import ask_also
        from vungmanh.strengthening.decisions_waiting import decisions_waiting
        from vungmanh.strengthening.file_news import files_waiting

        ask_also(files_waiting)
        ask_also(decisions_waiting)
