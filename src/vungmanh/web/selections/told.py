"""What a list tells beside its table: more than planned, drawn anew, moved since, helped beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileState, SelectionState
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status
from vungmanh.meetings.models import Task
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.choosing_figures import is_assessed_anew, is_old, moved_since
from vungmanh.strengthening.file_reads import files_visible
from vungmanh.strengthening.models import Selection
from vungmanh.strengthening.selection_reads import helped_beside
from vungmanh.web.selections.table import Row


def grounds_of(one: Selection) -> list[tuple[str, str]]:
    """Why it asks for more than the programme plans, and why lots were drawn anew."""
    over, redraw = one.terms.get("over_plan"), one.terms.get("redraw")
    found = []
    if over:
        planned = _("Chọn nhiều hơn %(n)s nơi của đề án") % {"n": number_vi(over["a_year"])}
        found.append((planned, over["reason"]))
    if redraw:
        found.append((_("Bốc thăm lại từ số gốc mới"), redraw["reason"]))
    if is_old(one):
        found.append(
            (_("Kết quả nhận diện"), _("Đã cũ hơn 12 tháng lúc lập danh sách; chưa có tháng mới."))
        )
    return found


def returned(one: Selection) -> dict[str, Any] | None:
    """Why a list came back to who put it forward, from whom, when; None where it did not."""
    said = one.terms.get("returned")
    if not said or one.state not in {SelectionState.DRAFT, SelectionState.SUBMITTED}:
        return None
    by = User.objects.filter(pk=said["by"]).first()
    return {**said, "on": dt.date.fromisoformat(said["on"]), "by": by or "–"}


def files_of(viewer: Viewer, one: Selection) -> list[tuple[UUID, str, str]]:
    """The files that the decision opened, in sight: key, unit, state."""
    if one.state != SelectionState.DECIDED:
        return []
    files = list(files_visible(viewer).filter(choice__selection=one).order_by("choice__position"))
    names = named((file.unit_id for file in files), viewer.on)
    return [
        (file.pk, names.get(file.unit_id, ""), _(FileState(file.state_now).label)) for file in files
    ]


def moved(one: Selection, rows: Iterable[Row]) -> tuple[bool, list[tuple[str, str]]]:
    """Whether the month was assessed anew since, and what that changed of those in the list."""
    if not is_assessed_anew(one):
        return False, []
    names = {row.unit: row.name for row in rows if row.is_in}
    words = _figures()
    told: dict[UUID, list[str]] = {}
    for each in moved_since(one, list(names)):
        change = {
            "figure": words[each.figure], "before": _value(each.before), "now": _value(each.now)
        }  # fmt: skip
        said = _("%(figure)s: %(before)s, nay %(now)s") % change
        told.setdefault(each.unit, []).append(said)
    return True, [(names[unit], "; ".join(said)) for unit, said in told.items()]


def _figures() -> dict[str, str]:
    return {
        "status": _("trạng thái"),
        "held": _("kỳ đã họp"),
        "not_held": _("kỳ không họp"),
        "no_report": _("kỳ chưa báo cáo"),
        "heavy": _("lý do nặng"),
    }


def _value(value: Any) -> str:
    if value is None:
        return _("không còn số")
    if isinstance(value, int):
        return number_vi(value)
    return str(_(Status(value).label)).lower()


def beside(viewer: Viewer, rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Units of the list above or below which another is being strengthened, by name."""
    names = {row.unit: row.name for row in rows if row.is_in}
    found = helped_beside(viewer, list(names))
    return [(names[unit], "; ".join(others)) for unit, others in found.items()]


def verifying(one: Selection, rows: Iterable[Row]) -> list[tuple[str, Task]]:
    """The task that verifies each silent unit, once it was decided."""
    names = {str(row.unit): row.name for row in rows}
    given = one.terms.get("verify") or {}
    tasks = Task.objects.in_bulk([UUID(task) for task in given.values()])
    return [
        (names[unit], tasks[UUID(task)])
        for unit, task in given.items()
        if unit in names and UUID(task) in tasks
    ]
