"""Reads about what integrity checks found: each reader sees the findings of the units in sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Role, Severity
from vungmanh.org.models import IntegrityFinding, IntegrityRun, UnitVersion
from vungmanh.org.queries import units_visible

#: Findings that name no unit, or one without a day of life, are the province's to see.
EVERYWHERE = frozenset({Role.PROVINCIAL_ANALYST})


def findings_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[IntegrityFinding]:
    """The findings that stand today, the gravest first.

    An administrator sees those that are an administrator's to mend; everybody else those of the
    units in sight, of an ended unit as on its last day. What names accounts is never a unit's.
    """
    findings = IntegrityFinding.objects.filter(resolved_at=None)
    if viewer is None or viewer.role is None:
        return findings.none()
    if viewer.role is Role.ADMINISTRATOR:
        seen = findings.filter(owner=Role.ADMINISTRATOR.value)
    else:
        theirs = findings.exclude(owner=Role.ADMINISTRATOR.value)
        ended = theirs.exclude(lived_until=None).values_list("lived_until", flat=True)
        scope = Q(lived_until=None, unit_id__in=units_visible(viewer, as_of))
        for day in filter(None, ended.order_by().distinct()):
            scope |= Q(lived_until=day, unit_id__in=units_visible(viewer, day))
        if viewer.role in EVERYWHERE:
            scope |= Q(unit_id=None)
        seen = theirs.filter(scope)
    return seen.order_by(_gravest_first(), "code", "first_seen", "unit_id", "subject")


def finding_visible(viewer: Viewer | None, finding_id: UUID, as_of: dt.date) -> IntegrityFinding:
    """One finding. Raises NotFound alike for one that is gone and one out of sight."""
    finding = findings_visible(viewer, as_of).filter(pk=finding_id).first()
    if finding is None:
        raise NotFound(
            "Phát hiện này không còn, hoặc không thuộc phạm vi của đồng chí. Tải lại danh sách.",
            code="finding-not-found",
        )
    return finding


def counts_by_severity(findings: QuerySet[IntegrityFinding]) -> dict[Severity, int]:
    """How many wait for somebody, by severity; those accepted are left out."""
    waiting = findings.filter(accepted_at=None).order_by().values_list("severity")
    counted = dict(waiting.annotate(times=Count("pk")))
    return {severity: counted.get(severity.value, 0) for severity in Severity}


def names_of(findings: Iterable[IntegrityFinding]) -> dict[UUID, str]:
    """What the units of findings in sight were last called."""
    units = {finding.unit_id for finding in findings if finding.unit_id}
    versions = UnitVersion.objects.filter(unit_id__in=units).order_by("valid")
    return dict(versions.values_list("unit_id", "name"))  # the latest of each comes last


def latest_run() -> IntegrityRun | None:
    return IntegrityRun.objects.first()


def _gravest_first() -> Case:
    order = [When(severity=one.value, then=Value(place)) for place, one in enumerate(Severity)]
    return Case(*order, default=Value(len(order)))
