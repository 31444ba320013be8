"""Taking a reform back: every row as it was, as long as nothing rests on what it made."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import ReformState
from vungmanh.org.closure import closure_rebuilt_once
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.reform.people import carried_rows, people_back, people_in_the_way
from vungmanh.org.reform.roles import roles_in_the_way
from vungmanh.org.reform.speakers import speakers_of_units
from vungmanh.org.reform.sql import run
from vungmanh.org.reform.write import (
    COUNTS,
    GUARDED,
    PARENTS,
    POSTS,
    TABLES,
    VERSIONS,
    fingerprints,
)

_TOLD = {
    VERSIONS: "tên, loại hoặc thời gian hoạt động",
    PARENTS: "cấp trên",
    COUNTS: "số đảng viên",
    POSTS: "cán bộ",
}
_NAMED = 3


def blockers_of_undo(reform: Reform) -> list[str]:
    """Why a committed reform cannot be taken back now, in Vietnamese; empty when it can."""
    if reform.journal is None:
        return ["Việc sắp xếp đã có sẵn khi nạp sổ nên không có nhật ký để hoàn tác."]
    return [
        *_later_reforms(reform),
        *_changed_since(reform.journal),
        *roles_in_the_way(reform.journal),
        *people_in_the_way(reform.journal),
        *_stand_below(reform.journal),
        *_speak_of(reform.journal),
    ]


def put_back(journal: dict[str, Any]) -> None:
    """Restore every row of the journal and remove what the reform opened.

    Call it only when `blockers_of_undo` is empty.
    """
    for model, key in speakers_of_units():
        follows = getattr(model, "follows_register", False)
        if isinstance(follows, Q):  # the program's own remarks on units that go
            rows = model._default_manager.filter(follows, **{f"{key}__in": journal["created"]})
            if model._meta.get_field(key).null:
                rows.update(**{key: None})
            else:
                rows.delete()
    people_back(journal)
    with closure_rebuilt_once():
        for table in TABLES:
            kept = journal["before"].get(table, [])
            gone = [*journal["opened"].get(table, []), *(row["id"] for row in kept)]
            if not gone:
                continue
            run(f"DELETE FROM {table} WHERE id = ANY (%s)", gone)
            run(
                f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s)",
                json.dumps(kept),
            )
    run("DELETE FROM org_unit WHERE id = ANY (%s::uuid[])", list(journal["created"]))


def _later_reforms(reform: Reform) -> list[str]:
    assert reform.journal is not None
    later = reforms_touching(reform.journal["units"]).filter(committed_at__gt=reform.committed_at)
    return [
        f"Việc sắp xếp “{one.title}” (hiệu lực {date_vi(one.effective_on)}) thực hiện sau "
        "trên cùng đơn vị: hoàn tác việc đó trước."
        for one in later.exclude(pk=reform.pk)
    ]


def reforms_touching(units: list[str]) -> Any:
    """Committed reforms that wrote of any of the units, the latest first."""
    return (
        Reform.objects.filter(state=ReformState.COMMITTED, journal__isnull=False)
        .extra(where=["journal -> 'units' ?| %s::text[]"], params=[units])
        .defer("journal", "steps", "told")
        .order_by("-committed_at")
    )


def _changed_since(journal: dict[str, Any]) -> list[str]:
    found = []
    for table in GUARDED:
        after = journal["after"][table]
        now = fingerprints(table, sorted(after))
        changed = [unit for unit, digest in after.items() if now[unit] != digest]
        if changed:
            found.append(
                f"Đã có thay đổi về {_TOLD[table]} của {_names(changed)} sau khi thực hiện."
            )
    return found


def _stand_below(journal: dict[str, Any]) -> list[str]:
    """Units put since under one that the reform founded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unit_id FROM org_unitparent"
            " WHERE parent_id = ANY (%s::uuid[]) AND NOT id = ANY (%s)",
            [journal["created"], journal["opened"][PARENTS]],
        )
        units = [str(unit) for (unit,) in cursor.fetchall()]
    return [f"{_names(units)} đã được đặt dưới đơn vị do việc sắp xếp lập."] if units else []


def _speak_of(journal: dict[str, Any]) -> list[str]:
    """Rows of any room that speak of a unit the reform founded and do not merely follow it."""
    found = []
    carried = carried_rows(journal)
    for model, key in speakers_of_units():
        follows = getattr(model, "follows_register", False)
        if follows is True:
            continue
        rows = model._default_manager.filter(**{f"{key}__in": journal["created"]})
        rows = rows.exclude(pk__in=carried.get(model._meta.db_table, []))
        if isinstance(follows, Q):
            rows = rows.exclude(follows)
        named = sorted({str(unit) for unit in rows.values_list(key, flat=True).distinct()})
        if named:
            told = getattr(model, "dated_as", None) or model._meta.verbose_name
            found.append(f"Đã có {told} của {_names(named)}, là đơn vị do việc sắp xếp lập.")
    return found


def _names(units: list[str]) -> str:
    versions = UnitVersion.objects.filter(unit_id__in=[UUID(unit) for unit in units[:_NAMED]])
    names = dict(versions.order_by("valid").values_list("unit_id", "name"))
    more = f" và {len(units) - _NAMED} đơn vị nữa" if len(units) > _NAMED else ""
    return ", ".join(names.get(UUID(unit), unit) for unit in units[:_NAMED]) + more
