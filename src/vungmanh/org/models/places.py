"""Villages, enterprises and cooperatives, with or without an organisation of their own.

A place is no unit: nobody meets or is counted in it. It lies under a committee, which looks whether
an organisation ought to stand there. How many official members a place has is told by the units
that count them, as numbers only.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Sector
from vungmanh.org.models.reforms import Reform
from vungmanh.org.models.register import Unit

WORDS = 300


class Place(models.Model):
    """A village, an enterprise or a cooperative under a committee. `ended_on`: first day without.

    A place whose committee was merged is looked after by the heir of that committee.
    """

    dated_as = "thôn, doanh nghiệp, hợp tác xã thuộc địa bàn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    name_fold = models.CharField(max_length=200)  # core.text.fold(name): search
    sector = models.CharField(max_length=16, choices=Sector.choices())
    under = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="places")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=WORDS, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name_fold", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_reason="")
                | (Q(ended_on__gte=F("began_on")) & ~Q(ended_reason="")),
                name="org_place_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceUnit(models.Model):
    """The place has an organisation of its own: this unit, for as long as it lives.

    Said by a person, or by the reform that founded the unit for the place; then it goes with it.
    """

    follows_register = Q(reform__isnull=False)
    dated_as = "tổ chức riêng của một nơi"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="own_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="own_places")
    reform = models.ForeignKey(Reform, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "unit"], name="org_place_unit_once")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} has {self.unit_id}"


class PlaceMembers(models.Model):
    """Official members who live or work in a place, as the unit that counts them reports it.

    The latest report up to a day holds for it. What was taken back, or said anew for the same day,
    is kept with its reason.
    """

    follows_register = Q(undone_at__isnull=False)  # what was taken back holds no reform
    dated_by, dated_as = "on", "số đảng viên báo theo nơi ở, nơi làm việc"
    dated_when = Q(undone_at=None)

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="place_reports")
    official = models.PositiveIntegerField()
    on = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=WORDS, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "unit", "on"],
                condition=Q(undone_at=None),
                name="org_place_report_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undone_reason=""),
                name="org_place_report_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.official} on {self.on}"


class ArrangingDraft(models.Model):
    """Which finding a draft reform answers, by which rule, and who would come to what it founds.

    `ref` is the unit the draft founds for `places`, ids, of which `place` is the first; `sources`
    the units whose members would come, [{unit, count}], to be sent by transfers once the reform is
    carried out.
    """

    reform = models.OneToOneField(Reform, on_delete=models.CASCADE, related_name="arranging")
    code = models.CharField(max_length=40)
    key = models.CharField(max_length=64, blank=True, db_index=True)
    text = models.CharField(max_length=WORDS)
    rule_id = models.CharField(max_length=80, blank=True)
    citation = models.CharField(max_length=WORDS, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="drafts")
    places = models.JSONField(default=list)
    ref = models.CharField(max_length=40, blank=True)
    sources = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.code

    @property
    def expected(self) -> int:
        """How many members would come from all units."""
        return sum(one["count"] for one in self.sources)


class ArrangingDismissal(models.Model):
    """A finding that a person laid aside with a reason, until a day or until its figures differ.

    `key` says which organisations and places it was about, `unit` is the committee that looks after
    them; `figures` are those that were read, null where they were not kept.
    """

    dated_as = "việc sắp xếp đã để lại có lý do"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="arranging_dismissals")
    code = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    figures = models.JSONField(null=True)
    reason = models.CharField(max_length=WORDS)
    until = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "key"], condition=Q(undone_at=None), name="org_dismissal_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="org_dismissal_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code} until {self.until}"
