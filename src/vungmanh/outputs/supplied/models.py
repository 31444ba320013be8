"""A supplied form as it is kept: the file untouched, and which figure goes into which cell."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Vocabulary


class FormPurpose(Vocabulary):
    """From where the figures of a form come."""

    CYCLE = "cycle", "Xếp loại năm"
    UNIT = "unit", "Tổ chức và đảng viên"
    PERIOD = "period", "Thống kê đảng viên theo kỳ"


class SuppliedForm(models.Model):
    """A template of Excel that a unit keeps, for itself and for those below it.

    `cells` lists in order {figure, text, sheet, cell, name}: what `catalogue` calls the figure, and
    a cell by sheet and address or by the name the template gives it. `version` counts changes.
    """

    dated_by, dated_as = "kept_on", "mẫu biểu Excel"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=8, choices=FormPurpose.choices())
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    cells = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    kept_on = models.DateField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=models.Q(removed_at=None),
                name="outputs_form_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
