"""Plans of who oversees which cell. What holds is the dated grant (`access.RoleGrant`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.programme_words import PlanState

REASON = 500


class OversightPlan(models.Model):
    """One committee's plan, from the planner or by hand. `inputs` is what it was computed from.

    `result` says what was reached for each objective, the best possible, and the rules that had to
    be relaxed. Approving it gives and ends grants from `valid_from` on; who asks never approves.
    """

    dated_by, dated_as = "valid_from", "kế hoạch phân công phụ trách"
    open_as, open_when = "kế hoạch phân công chưa duyệt", Q(state__in=["draft", "submitted"])

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="oversight_plans")
    valid_from = models.DateField()
    valid_until = models.DateField()
    state = models.CharField(max_length=12, choices=PlanState.choices())
    rules = models.JSONField(default=dict)
    inputs = models.JSONField()
    input_hash = models.CharField(max_length=64)
    result = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_on_behalf = models.ForeignKey(
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
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True)
    withdrawn_reason = models.CharField(max_length=REASON, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-valid_from", "-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="strengthening_plan_days"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_at__isnull=False, decided_on__isnull=False),
                name="strengthening_plan_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="strengthening_plan_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.valid_from}"


class PlannedOversight(models.Model):
    """One line of a plan. `overseer` null: nobody could be given, `why` says what stood against it.

    A line changed by hand keeps what the planner gave and the reason.
    """

    follows_register = True

    plan = models.ForeignKey(OversightPlan, on_delete=models.CASCADE, related_name="lines")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    overseer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    planned = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    before = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    why = models.CharField(max_length=REASON, blank=True)
    changed_reason = models.CharField(max_length=REASON, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["plan", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit"], name="strengthening_line_once"),
            models.CheckConstraint(
                condition=Q(changed_by=None) | ~Q(changed_reason=""),
                name="strengthening_line_change_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.unit_id}"
