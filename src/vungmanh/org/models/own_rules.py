"""Rules of the province itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import OwnRuleState


class OwnRule(models.Model):
    """A rule of the province itself: drafted on the page, in force once adopted with its document.

    `text` is the value of the rule as YAML, in the words of `rulebook`; what is adopted becomes one
    more file of the rulebook (`own_rules.rule_texts`). `copied_from` is the id of the rule it was
    copied from. Nothing is deleted: what is withdrawn keeps its reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=60)
    scope = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    text = models.TextField()
    copied_from = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    document_type = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=600, blank=True)
    state = models.CharField(max_length=12, choices=OwnRuleState.choices())
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True)
    accepted_because = models.CharField(max_length=600, blank=True)  # the checker warned
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=600, blank=True)  # of withdrawing, or of ending it
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="adopted")
                | models.Q(
                    adopted_at__isnull=False, issued_on__isnull=False, valid_from__isnull=False
                ),
                name="org_own_rule_adopted_with_document",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="org_own_rule_days",
            ),
        ]

    def __str__(self) -> str:
        return self.title
