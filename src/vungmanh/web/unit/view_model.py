"""What the page of one unit shows, gathered up to the day looked at and no further."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.posts import posts_on
from vungmanh.core.text import NBSP, number_vi
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Sector, Status, UnitKind
from vungmanh.evaluation.models import YearGrade
from vungmanh.evaluation.queries import grades_of
from vungmanh.meetings.queries import marks_by_year
from vungmanh.meetings.series import marks_by_year_of
from vungmanh.meetings.visits import listed_visits
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import members_of, path_above, secretary_of, units_visible
from vungmanh.org.structure import Forebear, predecessors_of
from vungmanh.rulebook import Rule, Rulebook, load_rulebook
from vungmanh.rulebook.values import GradeScale
from vungmanh.strengthening.file_list import open_file_of
from vungmanh.strengthening.flags import flags_visible
from vungmanh.strengthening.models import Assessment, Flag
from vungmanh.strengthening.reason_texts import ReasonText, texts_of
from vungmanh.web.cadre.present import post_row
from vungmanh.web.components import GradeTable, GradeYear
from vungmanh.web.figures.present import FIGURE_OF_REASON, figure_address
from vungmanh.web.flags.present import term_of
from vungmanh.web.marks import Tally, YearRow
from vungmanh.web.training.present import attended_rows
from vungmanh.web.unit.history import History

TAUGHT_SHOWN = 3
VISITS_SHOWN = 3
YEARS_OPEN = 5  # years of the grid shown at once; earlier ones are in a fold


@dataclass(frozen=True)
class Above:
    """A unit above, with its address if the viewer may open it."""

    version: UnitVersion
    is_visible: bool


@dataclass(frozen=True)
class ReasonWithRule:
    """A reason, the rule that sets its threshold, and how far that rule may be trusted."""

    text: ReasonText
    rule: Rule
    flag: Flag | None = None  # the flag it raised, where the viewer may follow it
    href: str = ""  # opens the figure that the reason rests on

    @property
    def term(self) -> str:
        """Until when the unit may answer, or what was concluded."""
        return term_of(self.flag, localdate()) if self.flag else ""


def above(viewer: Viewer, unit_id: UUID, as_of: dt.date) -> list[Above]:
    """The way down from the root; a name above one's scope is shown and not linked."""
    versions = path_above(unit_id, as_of)
    seen = set(
        units_visible(viewer, as_of).filter(descendant_id__in=[one.unit_id for one in versions])
    )
    return [Above(one, one.unit_id in seen) for one in versions]


def is_cell(version: UnitVersion) -> bool:
    return UnitKind(version.kind) in CELL_KINDS


def facts(version: UnitVersion, as_of: dt.date) -> dict[str, Any]:
    """The facts beside the grid: kind, members, secretary."""
    members = members_of(version.unit_id, as_of)
    today = min(as_of, localdate())  # nobody has been away on a day that has not come
    secretary = secretary_of(version.unit_id, today)
    counted = [
        members.get(s, 0) for s in (MembershipStatus.OFFICIAL, MembershipStatus.PROBATIONARY)
    ]
    return {
        "kind": UnitKind(version.kind).label,
        "members": sum(counted) if members else None,
        "members_text": "; ".join(
            f"{_(status.label).lower()} {number_vi(count)}" for status, count in members.items()
        ),
        "secretary": secretary,
        "vacant_days": secretary.days_vacant(today),
        "counted_on": today,
    }


def years_of(unit_id: UUID, as_of: dt.date) -> list[YearRow]:
    """Twelve months a year, the latest year first; months after the day looked at are not due."""
    rows = marks_by_year(unit_id, until=as_of)
    return [YearRow(year, marks) for year, marks in sorted(rows.items(), reverse=True)]


def around(viewer: Viewer, version: UnitVersion, as_of: dt.date) -> dict[str, Any]:
    """Who came to see the unit, its open file, who held its posts, for whoever may see it."""
    visits = listed_visits(viewer, as_of, unit_id=version.unit_id).filter(on__lte=as_of)
    sees_posts = can(viewer, "cadre.post.view")
    return {
        "visits": visits[:VISITS_SHOWN],
        "support_file": open_file_of(viewer, version.unit_id),
        "posts": [post_row(one, as_of) for one in posts_on(version, as_of)] if sees_posts else [],
        "sees_training": can(viewer, "cadre.training.view"),
        "taught": attended_rows(viewer, version.unit_id, as_of, TAUGHT_SHOWN)
        if can(viewer, "cadre.training.view")
        else [],
    }


@dataclass(frozen=True)
class Earlier:
    """A cell that went into this one, with its months."""

    predecessor: Forebear
    years: list[YearRow]


def earlier_cells(viewer: Viewer, history: History, unit_id: UUID, as_of: dt.date) -> list[Earlier]:
    """The cells that went into a cell by a day, the latest first, as far as they are in sight."""
    if not history.came_from:
        return []
    found = predecessors_of(unit_id, as_of)
    seen = {
        day: set(units_visible(viewer, day).filter(descendant_id__in=[o.unit_id for o in found]))
        for day in {one.until for one in found}
    }
    shown = [one for one in found if one.unit_id in seen[one.until]]
    marks = marks_by_year_of([one.unit_id for one in shown], until=as_of)
    return [
        Earlier(one, [YearRow(*year) for year in marks[one.unit_id].items()])
        for one in shown
        if marks[one.unit_id]
    ]


def reasons_with_rules(
    viewer: Viewer, assessment: Assessment | None, as_of: dt.date
) -> list[ReasonWithRule]:
    """Every reason with its rule as it stood on that day; cells out of sight are not named."""
    if assessment is None:
        return []
    cells = assessment.cells if assessment.cell_position is None else 0
    texts = texts_of(assessment.reasons, cells=cells)
    named = {cell["unit"] for text in texts for cell in text.named}
    if named:
        in_sight = units_visible(viewer, as_of).filter(descendant_id__in=named)
        seen = {str(unit_id) for unit_id in in_sight}
        texts = [
            replace(text, named=tuple(cell for cell in text.named if cell["unit"] in seen))
            for text in texts
        ]
    view = load_rulebook().on(as_of)
    flags = _standing_flags(viewer, assessment.unit_id)
    unit, month = assessment.unit_id, as_of.replace(day=1)
    return [
        ReasonWithRule(
            text,
            view.rule(text.rule_key),
            flags.get(text.key),
            figure_address(FIGURE_OF_REASON[text.key], unit, month),
        )
        for text in texts
    ]


def _standing_flags(viewer: Viewer, unit_id: UUID) -> dict[str, Flag]:
    """The flags that stand against a unit today, by reason."""
    if not can(viewer, "strengthening.flag.list"):
        return {}
    standing = flags_visible(viewer, localdate()).filter(unit_id=unit_id, cleared_month=None)
    return {flag.reason: flag for flag in standing}


def grade_table(unit_id: UUID, as_of: dt.date) -> GradeTable | None:
    """Grades decided by that day, each half in its own scale; None without any."""
    book = load_rulebook()
    grades = {
        grade.year: grade
        for grade in grades_of(unit_id, until=as_of.year - 1)
        if grade.decided_on is None or grade.decided_on <= as_of
    }
    if not grades:
        return None
    years = [_grade_year(book, year, grades.get(year)) for year in range(min(grades), as_of.year)]
    return GradeTable(
        tuple(years),
        _labels(book, [one.year for one in years if one.scale == 0]),
        _labels(book, [one.year for one in years if one.scale == 1]),
    )


def _grade_year(book: Rulebook, year: int, grade: YearGrade | None) -> GradeYear:
    document = book.grade_scale_rule(year).document
    codes = [one.code for one in book.grade_scale(year).grades]
    level = codes.index(grade.grade) if grade and grade.grade in codes else None
    signed = document.date.year if document.date else ""
    regime = f"{document.type} {document.number.split('-')[0]}, {signed}"
    return GradeYear(year, regime, int(_is_new(book, year)), level)


def _is_new(book: Rulebook, year: int) -> bool:
    """Whether a year stands on the scale in use today rather than on the one before the break."""
    (*_, newest) = (rule.value for rule in book.history(GradeScale.key))
    assert isinstance(newest, GradeScale)
    return book.grade_scale(year).comparable_group == newest.comparable_group


def _labels(book: Rulebook, years: list[int]) -> tuple[str, ...]:
    if not years:
        return ()
    return tuple(grade.label for grade in book.grade_scale(years[-1]).grades)


def finding(
    version: UnitVersion, assessment: Assessment | None, texts: list[ReasonWithRule]
) -> str:
    """The sentence that opens the page: the counts, then where the unit stands."""
    if assessment is None and version.sector == Sector.COMMITTEE:
        return _("%(name)s: lý do được tính cho từng tổ chức bên dưới.") % {"name": version.name}
    if assessment is None:
        return _("%(name)s: kỳ này chưa có đánh giá.") % {"name": version.name}
    if assessment.status == Status.MUST_VERIFY:
        return _(
            "%(name)s mới báo cáo %(reported)s trong %(due)s kỳ bắt buộc gần nhất; phải xác minh."
        ) % {
            "name": version.name,
            "reported": number_vi(assessment.held + assessment.not_held),
            "due": number_vi(assessment.due),
        }
    figures = {
        "name": version.name,
        "held": number_vi(assessment.held),
        "due": number_vi(assessment.due),
    }
    text = _("%(name)s họp %(held)s trong %(due)s kỳ bắt buộc gần nhất") % figures
    vacant = next((one.text for one in texts if one.text.key == "secretary_vacant"), None)
    if vacant:
        text += _(" và %(chip)s") % {
            "chip": vacant.chip.replace(f"{vacant.figure} ", vacant.figure + NBSP)
        }
    status = _(Status(assessment.status).label).lower()
    return text + _("; %(status)s.") % {"status": status}


def second_sentence(assessment: Assessment | None) -> str:
    """What must be known before the first sentence is believed."""
    if assessment is None:
        return ""
    tally = Tally(assessment.held, assessment.not_held, assessment.no_report, assessment.excused)
    words = tally.words()
    text = words[:1].upper() + words[1:] + "."
    if assessment.no_report:
        text += " " + _("Chưa có báo cáo không tính là không họp.")
    if assessment.previous_status:
        before = _(Status(assessment.previous_status).label).lower()
        text += " " + _("Kỳ trước: %(status)s.") % {"status": before}
    return text
