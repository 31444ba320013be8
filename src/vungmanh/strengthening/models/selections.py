"""Choosing whom to strengthen: one act of one committee for one year, that can be done again.

What it was computed from is an `InputSnapshot`; the score table it gave is kept with its hash, so
that anybody may compute it anew years later and find the same bytes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.programme_words import ChoiceWay, SelectionState
from vungmanh.strengthening.models.assessments import InputSnapshot
from vungmanh.strengthening.models.programmes import Programme

REASON, TEXT = 500, 2000  # the longest of each


class Selection(models.Model):
    """One committee's choosing for one year. `rules` is {key: rule id}, `terms` what was asked for.

    `seed` (hexadecimal) draws lots; it is kept from the start, and published with the decision.
    """

    dated_as = "lần lựa chọn đơn vị củng cố"
    open_as = "lần lựa chọn chưa quyết định"
    open_when = Q(state__in=["draft", "submitted"])

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="selections")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="selections")
    year = models.PositiveSmallIntegerField()
    month = models.DateField()  # of the assessment it rests on
    state = models.CharField(max_length=12, choices=SelectionState.choices())
    rules = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    rulebook_version = models.CharField(max_length=64)
    code_version = models.CharField(max_length=32)
    snapshot = models.ForeignKey(InputSnapshot, on_delete=models.PROTECT, related_name="selections")
    seed = models.CharField(max_length=64)
    result = models.JSONField()  # the whole score table, in order (strengthening.choosing)
    result_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_on_behalf = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)  # the day of the decision's document
    number = models.CharField(max_length=60, blank=True)
    withdrawn_reason = models.CharField(max_length=REASON, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-year", "-made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "year"],
                condition=~Q(state="withdrawn"),
                name="strengthening_one_selection_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | Q(decided_at__isnull=False, decided_on__isnull=False),
                name="strengthening_selection_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="strengthening_selection_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.state}"


class SelectionOverride(models.Model):
    """A unit taken in or left out against the rule, by name and with a reason. Append-only."""

    dated_as = "quyết định khác tiêu chí khi lựa chọn"

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="overrides")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    is_in = models.BooleanField()
    reason = models.CharField(max_length=REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["selection", "at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="strengthening_override_reason")
        ]

    def __str__(self) -> str:
        return f"{self.selection_id} {self.unit_id} {self.is_in}"


class Choice(models.Model):
    """A unit chosen by a decided selection. Nobody is chosen by two committees for one year."""

    dated_as = "việc được chọn để củng cố"

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="choices")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="choices")
    year = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=12, choices=ChoiceWay.choices())
    reason = models.CharField(max_length=REASON, blank=True)
    withdrawn_at = models.DateTimeField(null=True)  # after an appeal
    withdrawn_reason = models.CharField(max_length=REASON, blank=True)

    class Meta:
        ordering = ["selection", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                condition=Q(withdrawn_at=None),
                name="strengthening_chosen_once_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(way="override") | ~Q(reason=""),
                name="strengthening_choice_override_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="strengthening_choice_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"


class SelectionAppeal(models.Model):
    """What a unit says against being chosen, or left out, and what it was answered."""

    dated_as = "kiến nghị về lựa chọn"
    open_as, open_when = "kiến nghị về lựa chọn chưa trả lời", Q(answered_at=None)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="appeals")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=TEXT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=TEXT, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "unit"],
                condition=Q(answered_at=None),
                name="strengthening_one_open_appeal",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_granted=None, answer="")
                | (Q(answered_at__isnull=False, is_granted__isnull=False) & ~Q(answer="")),
                name="strengthening_appeal_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.selection_id} {self.unit_id}"
