"""Members of cells with names as an Excel list: masked, or in full by telling what for.

A masked list read again says nothing where it is masked, and finds everybody by the id in its first
column; a full one by the key of the member database too. Either way there is nothing to change.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.actions.exchange import EXCHANGE, reveal_many
from vungmanh.org.models import Membership, UnitParent, UnitVersion
from vungmanh.org.named import given_name_key, units_with_names
from vungmanh.org.personal import FIELDS, for_export, in_full
from vungmanh.org.queries import cells_visible, visible_unit
from vungmanh.outputs.members.models import MemberColumn
from vungmanh.outputs.workbooks.write import CREATED

#: Columns with their width; 0 hides one.
_COLUMNS: tuple[tuple[str, int], ...] = (
    (MemberColumn.ROW.label, 0),
    ("STT", 6),
    (MemberColumn.KEY.label, 22),
    (MemberColumn.NAME.label, 28),
    (MemberColumn.BORN.label, 13),
    (MemberColumn.JOINED.label, 15),
    (MemberColumn.STATUS.label, 26),
    (MemberColumn.UNIT.label, 34),
    (MemberColumn.CODE.label, 16),
    (MemberColumn.ABOVE.label, 34),
)
#: What of a person a list in full shows that a masked one does not.
MASKED = tuple(name for name, one in FIELDS.items() if one.is_masked)
_HEAD = 3


def export_masked(viewer: Viewer, on: dt.date) -> bytes:
    """The list with masked fields masked. Raises NotAllowed."""
    check_can(viewer, EXCHANGE)
    return _workbook(viewer, on, _listed(viewer, on), is_full=False)


@transaction.atomic
def export_full(*, purpose: str, by: Viewer, at: dt.datetime) -> bytes:
    """The list in full; the ledger keeps whose fields were shown, to whom and what for.

    Raises NotAllowed, InputError (`reason`) without a purpose.
    """
    check_can(by, EXCHANGE)
    today = localdate(at)
    rows = _listed(by, today)
    why = f"unit:{by.unit_id}"
    shown = {row.person_id: [name for name in MASKED if getattr(row.person, name)] for row in rows}
    reveal_many(fields_of=shown, purpose=purpose, why=why, by=by, at=at)
    record(
        "members.exported", by=by.user, at=at, subject=why,
        data={"people": len(shown), "fields": list(MASKED)}, personal={"purpose": purpose},
    )  # fmt: skip
    return _workbook(by, today, rows, is_full=True)


def _listed(viewer: Viewer, on: dt.date) -> list[Membership]:
    cells = units_with_names(
        cells_visible(viewer, on).order_by().values_list("unit_id", flat=True), on
    )
    rows = Membership.objects.filter(
        unit_id__in=cells, valid__contains=on, person__erased_at=None
    ).select_related("person")
    return list(rows)


def _workbook(viewer: Viewer, on: dt.date, rows: list[Membership], *, is_full: bool) -> bytes:
    import xlsxwriter

    names, above = _places({row.unit_id for row in rows}, on)
    rows.sort(
        key=lambda row: (
            names[row.unit_id][0], given_name_key(row.person.name), str(row.person_id),
        )
    )  # fmt: skip
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "Danh sách đảng viên", "created": CREATED})
        sheet = book.add_worksheet("Đảng viên")
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        title = visible_unit(viewer, viewer.unit_id, on).name if viewer.unit_id else ""
        sheet.write_string(0, 1, f"Danh sách đảng viên, {title}, đến {date_vi(on)}", bold)
        words = "Đủ các mục: giữ kín, xong việc thì hủy." if is_full else "Các mục riêng đã che."
        sheet.write_string(1, 1, words)
        for column, (label, width) in enumerate(_COLUMNS):
            sheet.write_string(_HEAD, column, label, bold)
            sheet.set_column(column, column, width or None, None, {"hidden": not width})
        sheet.freeze_panes(_HEAD + 1, 4)
        for number, row in enumerate(rows, start=1):
            values = _values(row, number, names, above, is_full=is_full)
            for column, text in enumerate(values):
                sheet.write_string(_HEAD + number, column, text)
    return data.getvalue()


def _values(
    row: Membership,
    number: int,
    names: dict[UUID, tuple[str, str]],
    above: dict[UUID, str],
    *,
    is_full: bool,
) -> list[str]:
    def shown(name: str) -> str:
        value: Any = getattr(row.person, name)
        if value in (None, ""):
            return ""
        return in_full(value) if is_full else for_export(name, value)

    return [
        str(row.person_id), str(number), shown("external_key"), shown("name"), shown("born_on"),
        shown("joined_on"), row.get_status_display(), *names[row.unit_id],
        above.get(row.unit_id, ""),
    ]  # fmt: skip


def _places(units: set[UUID], on: dt.date) -> tuple[dict[UUID, tuple[str, str]], dict[UUID, str]]:
    """Name and official code of each cell, and the name of what stands above it."""
    versions = UnitVersion.objects.filter(unit_id__in=units, valid__contains=on)
    names = {one.unit_id: (one.name, one.official_code) for one in versions}
    parents = dict(
        UnitParent.objects.filter(unit_id__in=units, valid__contains=on).values_list(
            "unit_id", "parent_id"
        )
    )
    over = UnitVersion.objects.filter(unit_id__in=set(parents.values()), valid__contains=on)
    called = dict(over.exclude(kind=UnitKind.DANG_BO_TINH).values_list("unit_id", "name"))
    return names, {unit: called.get(parent, "") for unit, parent in parents.items()}
