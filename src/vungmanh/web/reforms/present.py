"""What the page of a reform shows: its finding, problems, consequences and steps, by pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.access.permissions import can
from vungmanh.core.periods import month_of, month_slug
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import ReformState, UnitKind
from vungmanh.org.models import Reform
from vungmanh.org.reform.steps import Create, Step
from vungmanh.outputs.reforms.consequences import sections_of
from vungmanh.outputs.reforms.describe import names_for, sentence_of
from vungmanh.outputs.reforms.dry_run import DryRun, LedgerChange, ledger_change
from vungmanh.outputs.reforms.sections import Cell, Section
from vungmanh.web.reforms.acts import LABELS
from vungmanh.web.reforms.picks import Pick, picks_for
from vungmanh.web.requests import ViewerRequest

ROWS_SHOWN = 8
STEPS_SHOWN = 20
PROBLEMS_SHOWN = 100
CONTENTS_FROM = 2  # fewer sections need no list of them


@dataclass(frozen=True)
class Shown:
    """A section as far as it is shown, with the way to its other rows."""

    key: str
    title: str
    sentence: str
    heads: list[tuple[str, bool]]
    rows: list[list[tuple[str, Cell, str]]]
    page: Page  # type: ignore[type-arg]
    param: str


@dataclass(frozen=True)
class Event:
    """Something that happened to the reform."""

    words: str
    who: str
    at: Any


@dataclass(frozen=True)
class Button:
    """Whether it is shown, and why not."""

    show: bool
    reason: str = ""


def is_open(reform: Reform) -> bool:
    """Whether it can be changed and carried out: a draft, or one that was taken back."""
    return reform.state != ReformState.COMMITTED


def list_finding(count: int) -> str:
    if not count:
        return _("Chưa có việc sắp xếp tổ chức nào.")
    return _("%s việc sắp xếp tổ chức trong phạm vi của đồng chí.") % number_vi(count)


def new_units(steps: Sequence[Step]) -> list[Pick]:
    """The units that a draft founds, to be chosen by its other steps."""
    return [
        Pick(f"#{step.ref}", step.name, UnitKind(step.kind).label, _("lập mới trong dự thảo này"))
        for step in steps
        if isinstance(step, Create)
    ]


def page_of(
    request: ViewerRequest, reform: Reform, steps: Sequence[Step], run: DryRun | None
) -> dict[str, Any]:
    """Everything the page shows beside the buttons."""
    problems = list(run.preview.problems) if run else []
    sections = sections_of(run) if run else []
    told = run.preview.consequences if run else None
    ledger = ledger_change(reform)
    months = _months(reform, run)
    may_edit = is_open(reform) and can(request.viewer, "org.reform.draft")
    words = " ".join(request.GET.get("q", "")[:200].split())
    page = Paginator(steps, STEPS_SHOWN).get_page(request.GET.get("buoc"))
    names = names_for(page.object_list)
    return {
        "finding": finding(reform, len(steps), len(problems)),
        "lead": _lead(reform, sections),
        "ledger": _ledger_words(ledger) if ledger else "",
        "events": _events(reform),
        "basis": run.preview.basis if run else "",
        "commit": _commit_button(request, len(steps), len(problems)),
        "problems": problems[:PROBLEMS_SHOWN],
        "problem_count": len(problems),
        "warnings": told.warnings if told else (),
        "sections": [_shown(request, section, months) for section in sections],
        "contents": _contents(sections, len(problems), len(steps)),
        "steps_page": page,
        "steps": [
            (number, sentence_of(step, names))
            for number, step in enumerate(page.object_list, start=page.start_index())
        ],
        "step_acts": (("up", _("Lên")), ("down", _("Xuống")), ("remove", _("Bỏ"))),
        "may_edit": may_edit,
        "unit_acts": list(LABELS.items()),
        "words": words,
        "found": picks_for(request.viewer, words, reform.effective_on) if may_edit else [],
    }


def finding(reform: Reform, steps: int, problems: int) -> str:
    """The sentence the page opens with."""
    words = {
        "title": reform.title,
        "steps": number_vi(steps),
        "day": date_vi(reform.effective_on),
        "problems": number_vi(problems),
    }
    if reform.state == ReformState.COMMITTED:
        return _("Đã thực hiện: %(title)s, %(steps)s bước, hiệu lực %(day)s.") % words
    if reform.state == ReformState.UNDONE:
        return _("Đã hoàn tác: %(title)s; thực hiện lại được.") % words
    if not steps:
        return _("Dự thảo: %(title)s, chưa có bước nào.") % words
    if problems:
        return _("Dự thảo: %(title)s, %(steps)s bước, còn %(problems)s chỗ phải sửa.") % words
    return _("Dự thảo: %(title)s, %(steps)s bước, hiệu lực %(day)s; thực hiện được.") % words


def _lead(reform: Reform, sections: Sequence[Section]) -> str:
    if reform.state == ReformState.COMMITTED:
        kept = _("Số liệu trước ngày hiệu lực giữ nguyên theo cơ cấu khi đó.")
        return f"{sections[0].sentence} {kept}" if sections else kept
    first = [one for one in sections if one.key in {"so-luong", "dang-vien"}] or sections[:1]
    told = " ".join(one.sentence for one in first)
    return f"{_('Chưa ghi gì vào sổ.')} {told}".strip()


def _ledger_words(change: LedgerChange) -> str:
    words = {
        "added": number_vi(change.added),
        "removed": number_vi(change.removed),
        "changed": number_vi(change.changed),
        "months": number_vi(change.months),
    }
    told = _("thêm %(added)s nghĩa vụ, bớt %(removed)s, sửa %(changed)s") % words
    if not change.months:
        return told
    return told + _("; nhận diện lại %(months)s tháng") % words


def _contents(sections: Sequence[Section], problems: int, steps: int) -> list[tuple[str, str, str]]:
    """The way down a long page: id, words and number of rows of each section."""
    found = [(one.key, one.title, number_vi(len(one.rows))) for one in sections]
    if problems:
        found.insert(0, ("phai-sua", _("Phải sửa"), number_vi(problems)))
    found.append(("cac-buoc", _("Các bước"), number_vi(steps)))
    return found if len(found) > CONTENTS_FROM else []


def _events(reform: Reform) -> list[Event]:
    told = (
        (_("Soạn"), reform.drafted_by, reform.drafted_at),
        (_("Thực hiện"), reform.committed_by, reform.committed_at),
        (_("Hoàn tác"), reform.undone_by, reform.undone_at),
    )
    return [
        Event(words, str(who) if who else _("lúc nạp sổ ban đầu"), at)
        for words, who, at in told
        if at is not None
    ]


def _commit_button(request: ViewerRequest, steps: int, problems: int) -> Button:
    if not steps:
        return Button(False)
    if problems:
        return Button(False, _("Sửa các chỗ nêu bên dưới rồi mới thực hiện được."))
    if not can(request.viewer, "org.reform.commit"):
        return Button(False, _("Chuyên viên Ban Tổ chức của tỉnh thực hiện sau khi xem dự thảo."))
    return Button(True)


def _months(reform: Reform, run: DryRun | None) -> tuple[str, str, set[str]]:
    """The last month of the old structure, the first of the new one, and whom only that one has.

    Empty while nothing is carried out: then every unit stands in the month looked at.
    """
    told = run.preview.consequences if run and not is_open(reform) else None
    if told is None:
        return "", "", set()
    eve = month_of(told.on - dt.timedelta(days=1))
    return month_slug(eve), month_slug(month_of(told.on)), {one.unit.id for one in told.founded}


def _href(cell: Cell, months: tuple[str, str, set[str]]) -> str:
    """The page of the unit a cell names, in a month in which it lived."""
    if not cell.unit:
        return ""
    old, new, founded = months
    month = new if cell.unit in founded else old
    return reverse("unit", args=[cell.unit]) + (f"?ky={month}" if month else "")


def _shown(request: ViewerRequest, section: Section, months: tuple[str, str, set[str]]) -> Shown:
    param = f"t-{section.key}"
    pages = Paginator(section.rows, ROWS_SHOWN, orphans=ROWS_SHOWN // 2)
    page = pages.get_page(request.GET.get(param))
    rows = [
        [(head, cell, _href(cell, months)) for head, cell in section.labelled(row)]
        for row in page.object_list
    ]
    return Shown(
        section.key, section.title, section.sentence, section.head_cells, rows, page, param
    )
