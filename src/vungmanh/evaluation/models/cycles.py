"""The yearly rating by one committee: who is rated, by which rules, until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import CycleState


class Cycle(models.Model):
    """One year of one committee, `unit`, which decides the grades of what stands below it.

    `on` is the day whose structure and rules hold: the last of the rating year, or the day of
    opening where that came first. `rules` maps each key to the id of the rule of that day,
    `rulebook` names the whole book. `deadlines` maps acts to the last day of each, `bodies` lists
    who gives an opinion. `name` is what the committee was called then.
    """

    dated_by, dated_as = "on", "kỳ xếp loại năm"
    open_as, open_when = "kỳ xếp loại năm chưa xong", Q(state="open")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="cycles")
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    regime = models.CharField(max_length=4)
    on = models.DateField()
    rules = models.JSONField()
    rulebook = models.CharField(max_length=64)
    bodies = models.JSONField(default=list)
    deadlines = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=CycleState.choices())
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="evaluation_cycle_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.year}"
