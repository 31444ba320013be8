"""The pre-addressed workbooks a viewer may send out: one per collecting committee and month."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import last_day, month_slug
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import CELL_KINDS, Reach, UnitKind
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import cells_visible, versions_visible
from vungmanh.outputs.workbooks.write import SheetRow, write_blank_workbook

_CELLS = [kind.value for kind in CELL_KINDS]
#: Kinds that collect through the committees below them; by themselves only for their own cells.
_COLLECT_BELOW = [UnitKind.DANG_BO_TINH.value, UnitKind.DANG_BO_HUYEN.value]
_ZIP_DATE = (2026, 1, 1, 0, 0, 0)  # fixed, so that the same register gives the same bytes


@dataclass(frozen=True)
class Committee:
    """A committee that collects reports. `is_direct`: only from the cells right below it."""

    unit_id: UUID
    name: str
    is_direct: bool


def committees_of(viewer: Viewer, month: dt.date) -> list[Committee]:
    """The committees whose cells the viewer may report for, in Vietnamese order. One query.

    Below a province or district these are the committees directly under it, and itself for the
    cells that have no other; anybody else collects for their own unit.
    """
    check_can(viewer, "meetings.report.import")
    day = last_day(month)
    ours = viewer.units_with(Reach.UNIT_AND_BELOW) + viewer.units_with(Reach.UNIT)
    visible = versions_visible(viewer, day).exclude(kind__in=_CELLS)
    collecting = visible.filter(
        (~Q(kind__in=_COLLECT_BELOW) & (Q(unit_id__in=ours) | _under(_COLLECT_BELOW, day)))
        | (Q(kind__in=_COLLECT_BELOW) & _over(_CELLS, day))
    )
    return [
        Committee(version.unit_id, version.name, version.kind in _COLLECT_BELOW)
        for version in collecting.order_by("name_key", "unit_id")
    ]


def _under(kinds: list[str], day: dt.date) -> Exists:
    """Whether the unit right above is of one of the kinds."""
    return Exists(
        UnitClosure.objects.filter(
            descendant_id=OuterRef("unit_id"),
            depth=1,
            valid__contains=day,
            ancestor__versions__valid__contains=day,
            ancestor__versions__kind__in=kinds,
        )
    )


def _over(kinds: list[str], day: dt.date) -> Exists:
    """Whether a unit right below is of one of the kinds."""
    return Exists(
        UnitClosure.objects.filter(
            ancestor_id=OuterRef("unit_id"),
            depth=1,
            valid__contains=day,
            descendant__versions__valid__contains=day,
            descendant__versions__kind__in=kinds,
        )
    )


def blank_workbook(viewer: Viewer, unit_id: UUID, month: dt.date) -> tuple[str, bytes]:
    """File name and bytes of one committee's workbook. Raises NotFound out of scope."""
    for committee in committees_of(viewer, month):
        if committee.unit_id == unit_id:
            return _file_name(committee, month), _bytes_of(viewer, committee, month)
    raise NotFound("Không tìm thấy đảng ủy này trong phạm vi của đồng chí.", code="no-committee")


def all_blank_workbooks(viewer: Viewer, month: dt.date) -> tuple[str, bytes]:
    """File name and bytes of a zip with every committee's workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, committee in enumerate(committees_of(viewer, month), start=1):
            name = f"{number:02d}-{_file_name(committee, month)}"
            data = _bytes_of(viewer, committee, month)
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data)
    return f"bao-cao-{month_slug(month)}.zip", target.getvalue()


def rows_of_committee(viewer: Viewer, committee: Committee, month: dt.date) -> list[SheetRow]:
    """The visible cells a committee collects from: its own first, then by organisation."""
    day = last_day(month)
    below = UnitClosure.objects.filter(ancestor_id=committee.unit_id, valid__contains=day)
    if committee.is_direct:
        below = below.filter(depth=1)
    cells = list(cells_visible(viewer, day).filter(unit_id__in=below.values("descendant_id")))
    homes = _organisations_above(cells, day)
    rows = []
    for cell in cells:
        home = None if cell.is_organisation else homes.get(cell.unit_id)
        is_own = home is None or home.unit_id == committee.unit_id
        order = (not is_own, b"" if home is None or is_own else bytes(home.name_key))
        rows.append((order, SheetRow(str(cell.unit_id), cell.name, home.name if home else "")))
    # Stable: within an organisation the cells keep their Vietnamese order.
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _organisations_above(cells: list[UnitVersion], day: dt.date) -> dict[UUID, UnitVersion]:
    """The nearest organisation above each cell."""
    links = (
        UnitClosure.objects.filter(
            descendant_id__in=[cell.unit_id for cell in cells],
            depth__gt=0,
            valid__contains=day,
            ancestor__versions__valid__contains=day,
            ancestor__versions__is_organisation=True,
        )
        .order_by("-depth")
        .values_list("descendant_id", "ancestor_id")
    )
    nearest = dict(links)  # the last link of a cell, the nearest, stays
    found: QuerySet[UnitVersion] = UnitVersion.objects.filter(
        unit_id__in=set(nearest.values()), valid__contains=day
    )
    versions = {version.unit_id: version for version in found}
    return {cell: versions[home] for cell, home in nearest.items()}


def _file_name(committee: Committee, month: dt.date) -> str:
    words = "-".join(fold(committee.name).split())
    return f"{words}-{month_slug(month)}.xlsx"


def _bytes_of(viewer: Viewer, committee: Committee, month: dt.date) -> bytes:
    target = io.BytesIO()
    rows = rows_of_committee(viewer, committee, month)
    write_blank_workbook(target, committee.name, [month], rows)
    return target.getvalue()
