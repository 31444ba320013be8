"""What a reform leaves in the history of each unit and each role it touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from vungmanh.access.ledger import Said, record_many
from vungmanh.access.models import RoleGrant, User
from vungmanh.org.models import Lineage, Reform
from vungmanh.org.reform.people import papers_of
from vungmanh.org.reform.roles import GRANTS
from vungmanh.org.reform.write import VERSIONS


def tell_committed(reform: Reform, grants_end: dt.date, *, by: User, at: dt.datetime) -> None:
    """Events of units and roles, once the reform is written."""
    ended = _before(reform, {"ends_on": grants_end.isoformat()})
    given = [
        _said(one, reform, {"reach": one.reach, "valid_from": one.valid.lower.isoformat()})
        for one in _opened(reform)
    ]
    record_many("unit.reformed", by=by, at=at, said=_units(reform))
    record_many("role.ended", by=by, at=at, said=ended)
    record_many("role.granted", by=by, at=at, said=given)
    for verb, papers in _papers(reform).items():
        record_many(f"{verb}.reformed", by=by, at=at, said=papers)


def tell_undone(reform: Reform, *, by: User, at: dt.datetime) -> None:
    """The same the other way round. Call it while the journal still stands."""
    today = timezone.localdate(at).isoformat()
    record_many("unit.reform_undone", by=by, at=at, said=_units(reform))
    taken = [_said(one, reform, {"ends_on": today}) for one in _opened(reform)]
    record_many("role.ended", by=by, at=at, said=taken)
    record_many("role.granted", by=by, at=at, said=_before(reform, {"valid_from": today}))
    for verb, papers in _papers(reform).items():
        record_many(f"{verb}.reform_undone", by=by, at=at, said=papers)


def _papers(reform: Reform) -> dict[str, list[Said]]:
    """Transfers and admissions on their way that went on with the heirs of their units."""
    return {
        subject: [(f"{subject}:{row}", {"reform": str(reform.pk)}, {}) for row in rows]
        for subject, rows in papers_of(_journal(reform)).items()
    }


def _units(reform: Reform) -> Iterable[Said]:
    """Units founded, ended, changed, or gone on with by another; not those that merely moved."""
    journal = _journal(reform)
    heirs = Lineage.objects.filter(reform=reform).values_list("successor_id", flat=True)
    units = {*journal["created"], *journal["ended"], *journal["after"][VERSIONS], *map(str, heirs)}
    return [(f"unit:{unit}", {"reform": str(reform.pk)}, {}) for unit in sorted(units)]


def _opened(reform: Reform) -> Iterable[RoleGrant]:
    return RoleGrant.objects.filter(pk__in=_journal(reform)["opened"].get(GRANTS, []))


def _before(reform: Reform, data: dict[str, Any]) -> list[Said]:
    """The roles that stood before the reform ended them."""
    return [
        (
            f"unit:{row['unit_id']}",
            {"role": row["role"], "reform": str(reform.pk), **data},
            {"user": row["user_id"]},
        )
        for row in _journal(reform)["before"].get(GRANTS, [])
    ]


def _said(grant: RoleGrant, reform: Reform, data: dict[str, Any]) -> Said:
    return (
        f"unit:{grant.unit_id}",
        {"role": grant.role, "reform": str(reform.pk), **data},
        {"user": str(grant.user_id)},
    )


def _journal(reform: Reform) -> dict[str, Any]:
    journal: dict[str, Any] | None = reform.journal
    assert journal is not None  # a reform that is told of has been written
    return journal
