"""From a dropped workbook to a drafted reform: read, matched with the register, all or nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi
from vungmanh.org.actions.reforms import draft_reform, revise_reform
from vungmanh.org.models import Reform
from vungmanh.outputs.reforms.assemble import assemble
from vungmanh.outputs.reforms.layout import DECISION_SHEET, FACT_TITLES, Fact
from vungmanh.outputs.reforms.read import ReadReform, read_reform_workbook
from vungmanh.outputs.reforms.units import KnownUnit, UnitIndex, index_of
from vungmanh.outputs.reforms.write import write_template
from vungmanh.outputs.workbooks.rows import Problem


@dataclass(frozen=True)
class Dropped:
    """What became of a file: a draft, or everything that stands against it."""

    reform: Reform | None
    problems: tuple[Problem, ...] = ()
    rows: int = 0


def draft_from_workbook(
    *, data: bytes, name: str, by: Viewer, at: dt.datetime, replaces: Reform | None = None
) -> Dropped:
    """Draft the reform of a workbook, or revise the draft it `replaces`.

    Raises InputError when the file as a whole cannot be read. With any problem nothing is written.
    """
    check_can(by, "org.reform.draft")
    found = read_reform_workbook(data, name)
    problems = [*_decision_problems(found), *found.problems]
    effective_on = found.effective_on
    if effective_on is None:
        return Dropped(None, tuple(problems), len(found.rows))
    index = index_of(by, effective_on)
    if not len(index):
        return Dropped(None, (*problems, _nothing_on(effective_on)), len(found.rows))
    made = assemble(found.rows, index)
    problems = sorted([*problems, *made.problems], key=_row_of)
    if problems:
        return Dropped(None, tuple(problems), len(found.rows))
    values = {
        "title": found.title,
        "document": found.document,
        "signed_on": found.signed_on,
        "effective_on": effective_on,
        "steps": made.steps,
        "by": by,
        "at": at,
    }
    if replaces is not None:
        return Dropped(revise_reform(reform_id=replaces.pk, **values), (), len(found.rows))
    return Dropped(draft_reform(**values), (), len(found.rows))


def template_for(viewer: Viewer, on: dt.date) -> bytes:
    """The workbook filled in with the units a viewer sees on a day, top down, name by name."""
    check_can(viewer, "org.reform.draft")
    return write_template(_top_down(index_of(viewer, on)), effective_on=None)


def _top_down(index: UnitIndex) -> list[KnownUnit]:
    """Each unit followed by those below it; the order of the register within."""
    below: dict[str, list[KnownUnit]] = {}
    for unit in index.by_id.values():
        is_top = unit.above_id is None or str(unit.above_id) not in index.by_id
        below.setdefault("" if is_top else str(unit.above_id), []).append(unit)
    ordered: list[KnownUnit] = []
    waiting = below.get("", [])[::-1]
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting += below.get(str(unit.unit_id), [])[::-1]
    return ordered


def _decision_problems(found: ReadReform) -> list[Problem]:
    said = {
        Fact.TITLE: found.title,
        Fact.DOCUMENT: found.document,
        Fact.EFFECTIVE_ON: found.effective_on,
    }
    told = {problem.field for problem in found.problems}
    problems = [
        Problem(fact.value, f"trang “{DECISION_SHEET}”", f"Ghi “{FACT_TITLES[fact]}”.")
        for fact, value in said.items()
        if not value and fact.value not in told
    ]
    if not found.rows and not found.problems:
        message = "Chưa có bước nào: chọn việc ở cột “Việc” của ít nhất một dòng."
        problems.append(Problem("steps", "trang “Các bước”", message))
    return problems


def _nothing_on(day: dt.date) -> Problem:
    message = (
        f"Chưa có dữ liệu về tổ chức nào trong phạm vi của đồng chí vào ngày {date_vi(day)}. "
        "Xem lại ngày hiệu lực."
    )
    return Problem(Fact.EFFECTIVE_ON.value, f"trang “{DECISION_SHEET}”", message)


def _row_of(problem: Problem) -> int:
    """The row a problem stands in, for order; those of the decision come first."""
    digits = "".join(one for one in problem.place.split(",")[0] if one.isdecimal())
    return int(digits) if digits else 0
