from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "vungmanh.evaluation"
    label = "evaluation"
