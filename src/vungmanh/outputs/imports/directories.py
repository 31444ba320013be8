"""The directory of one month from the register: the cells a viewer may write for, and the names of
everything above."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import cells_visible, units_held
from vungmanh.outputs.workbooks.directory import Container, Directory, Entry

_RANKS = {
    UnitKind.DANG_BO_TINH: 0,
    UnitKind.DANG_BO_HUYEN: 1,
    UnitKind.DANG_BO_CAP_TREN: 1,
    UnitKind.DANG_BO_XA: 2,
    UnitKind.DANG_BO_CO_SO: 3,
}


def directory_of(viewer: Viewer, month: dt.date) -> Directory:
    """The cells the viewer may report for in `month`, by the structure of its last day.

    A unit that ended or moved within the month answers to where it stood at the month's end, which
    is also the day on which the month is judged.
    """
    day = last_day(month)
    cells = list(
        cells_visible(viewer, day)
        .filter(unit_id__in=units_held(viewer, day))
        .order_by()
        .values_list("unit_id", "name", "official_code")
    )
    above = _above(day)
    entries = [
        Entry(str(unit), name, code, frozenset(above.get(unit, ()))) for unit, name, code in cells
    ]
    return Directory(entries, _containers(day))


def _above(day: dt.date) -> dict[object, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT descendant_id, array_agg(ancestor_id::text) FROM org_unitclosure
            WHERE depth > 0 AND valid @> %s::date GROUP BY descendant_id
            """,
            [day],
        )
        return dict(cursor.fetchall())


def _containers(day: dt.date) -> dict[str, Container]:
    rows = (
        UnitVersion.objects.filter(valid__contains=day)
        .exclude(kind__in=[kind.value for kind in CELL_KINDS])
        .order_by()
        .values_list("unit_id", "name", "kind")
    )
    return {str(unit): Container(name, _RANKS[UnitKind(kind)]) for unit, name, kind in rows}
