"""The roll-up of a month as offices keep it (domain.md §2.4 g), filled from the ledger."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import last_day, month_slug
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import MembershipStatus, ObligationKind
from vungmanh.meetings.models import MeetingReport
from vungmanh.org.models import MembershipCount
from vungmanh.outputs.imports.blanks import committees_of, rows_of_committee
from vungmanh.outputs.workbooks.write import SheetRow
from vungmanh.outputs.workbooks.write_rollup import Bands, write_rollup_workbook
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import MeetingGrades

_TOLD = ("state", "held_on", "members", "score", "note")


def handbook_workbook(viewer: Viewer, unit_id: UUID, month: dt.date) -> tuple[str, bytes]:
    """File name and bytes of one committee's roll-up. Raises NotFound out of scope."""
    for committee in committees_of(viewer, month):
        if committee.unit_id == unit_id:
            break
    else:
        raise NotFound(
            "Không tìm thấy đảng ủy này trong phạm vi của đồng chí.", code="no-committee"
        )
    cells = rows_of_committee(viewer, committee, month)
    units = [UUID(cell.unit) for cell in cells]
    said, members = _reports(units, month), _members(units, month)
    rows = [
        SheetRow(
            cell.unit,
            cell.name,
            cell.organisation,
            said.get(cell.unit, {"members": members.get(cell.unit)}),
        )
        for cell in cells
    ]
    target = io.BytesIO()
    write_rollup_workbook(target, committee.name, month, rows, bands=_bands(month))
    words = "-".join(fold(committee.name).split())
    return f"tong-hop-{words}-{month_slug(month)}.xlsx", target.getvalue()


def _reports(units: list[UUID], month: dt.date) -> dict[str, dict[str, Any]]:
    found = MeetingReport.objects.filter(
        unit_id__in=units, month=month, kind=ObligationKind.REGULAR
    ).values("unit_id", *_TOLD)
    return {str(row.pop("unit_id")): row for row in found}


def _members(units: list[UUID], month: dt.date) -> dict[str, int]:
    """As the register has them; only for cells that have not reported. What was reported stays as
    reported, so that a file that comes back unchanged changes nothing."""
    counts: dict[str, int] = {}
    rows = MembershipCount.objects.filter(unit_id__in=units, valid__contains=last_day(month))
    for row in rows.exclude(status=MembershipStatus.TEMPORARY_IN):
        counts[str(row.unit_id)] = counts.get(str(row.unit_id), 0) + row.count
    return counts


def _bands(month: dt.date) -> Bands | None:
    """The marks of a score by the rule of the month; without a rule the columns stay empty."""
    view = load_rulebook().on(last_day(month))
    if not view.has(MeetingGrades.key):
        return None
    grades = view.of(MeetingGrades)
    return lambda score: grades.band_of(score).code
