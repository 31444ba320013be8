"""The course of a file in words: each month beside what was expected, the terms, like units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from vungmanh.analysis.rebound import FEWEST
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.rulebook.programmes.exit import CriterionFinding, Exit
from vungmanh.rulebook.values.programmes import YES_NO_CHECKS
from vungmanh.strengthening.comparison import Comparison
from vungmanh.strengthening.file_course import CourseTold
from vungmanh.strengthening.following import CourseMonth

OPEN = 12  # months shown at once; earlier ones are in a fold
_STATES = {Exit.MET: "đạt", Exit.NOT_YET: "chưa đạt", Exit.UNKNOWN: "chưa rõ"}


@dataclass(frozen=True)
class MonthRow:
    """A month as the page tells it."""

    month: dt.date
    meetings: str
    actual: str
    expected: str
    is_below: bool


@dataclass(frozen=True)
class TermRow:
    """One criterion of leaving, its last value and for how many months it was met."""

    words: str
    state: str
    is_met: bool
    value: str


@dataclass(frozen=True)
class CourseShown:
    """What the section shows."""

    sentence: str
    months: list[MonthRow]
    earlier: list[MonthRow]
    terms: list[TermRow]
    terms_sentence: str
    is_over: bool


def shown(told: CourseTold) -> CourseShown:
    rows = [_month(one) for one in reversed(told.course.months) if one.due]
    return CourseShown(
        _sentence(told),
        rows[:OPEN],
        rows[OPEN:],
        [_term(one, bool(told.course.months)) for one in told.leaving.criteria]
        if told.leaving
        else [],
        _terms_sentence(told),
        told.is_over,
    )


def _sentence(told: CourseTold) -> str:
    course = told.course
    if course.base is None:
        base = _("Năm trước khi vào diện báo cáo còn thiếu, chưa nói được họp bao nhiêu phần.")
    else:
        base = _("Năm trước khi vào diện họp %s số kỳ đã báo cáo.") % _percent(course.base)
    if not course.is_slow or not told.is_open:
        return base
    slow = _("Chuyển biến chậm: các tháng gần nhất đều dưới lộ trình.")
    return f"{base} {slow} " + _("Cần một người cụ thể kiểm điểm.")


def _month(one: CourseMonth) -> MonthRow:
    meetings = _("%(held)s/%(due)s") % {"held": number_vi(one.held), "due": number_vi(one.due)}
    if one.no_report:
        meetings += ", " + _("chưa báo cáo %s") % number_vi(one.no_report)
    return MonthRow(one.month, meetings, _percent(one.actual), _percent(one.expected), one.is_below)


def _percent(value: Fraction | float | None) -> str:
    return _("chưa rõ") if value is None else percent_vi(float(value) / 100)


def _term(one: CriterionFinding, any_month: bool) -> TermRow:
    check, value = one.criterion.check, one.value
    words = _(check.label)
    if one.criterion.minimum is not None:
        words = _("%(what)s: từ %(n)s") % {"what": words, "n": number_vi(one.criterion.minimum)}
    if not any_month:
        return TermRow(words, _("chưa có tháng để xét"), False, "")
    now = _("đạt %s tháng liền") % number_vi(one.months_met)
    if check not in YES_NO_CHECKS:
        known = _("chưa rõ") if value is None else number_vi(float(value))
        now = _("hiện nay %(now)s; %(met)s") % {"now": known, "met": now}
    return TermRow(words, _(_STATES[one.state]), one.state is Exit.MET, now)


def _terms_sentence(told: CourseTold) -> str:
    if told.leaving is None:
        return ""
    if not told.course.months:
        return _("Chưa hết tháng trọn vẹn nào từ khi vào diện nên chưa có tháng để xét.")
    found = told.leaving
    met = sum(one.state is Exit.MET for one in found.criteria)
    said = _("Đạt %(met)s trong %(all)s tiêu chí; %(n)s căn cứ độc lập.") % {
        "met": number_vi(met), "all": number_vi(len(found.criteria)),
        "n": number_vi(found.independent),
    }  # fmt: skip
    if found.missing:
        said += " " + _("Còn thiếu %s căn cứ của người không trực tiếp củng cố.") % number_vi(
            found.missing
        )
    return said


def beside(one: Comparison) -> list[tuple[str, str]]:
    """Before and after, of the unit and of its like; never an effect of one unit, and nothing where
    too few are like it: their figures would be theirs alone, and its own would stand alone."""
    if one.expected is None:
        return [(_("Chưa đánh giá tác dụng"), too_few_like(one.like))]
    return [
        (_("Đơn vị này"), _pair(one.before, one.after)),
        (_("Các đơn vị cùng loại không được chọn, trước đó gần bằng"),
         _pair(one.like_before, one.like_after)),
        (_("Nếu không ai giúp, chỉ theo xu thế chung và quay về mức trung bình"),
         _("khoảng %(low)s đến %(high)s") % {
             "low": _percent(max(one.expected.low, 0)),
             "high": _percent(min(one.expected.high, 100)),
         }),
        (_("Số đơn vị cùng loại không được chọn"), number_vi(one.like)),
    ]  # fmt: skip


def too_few_like(count: int) -> str:
    """Why nothing is compared."""
    return _(
        "Có %(n)s đơn vị cùng loại không được chọn, biết cả hai năm; cần ít nhất %(least)s mới đặt "
        "cạnh được."
    ) % {"n": number_vi(count), "least": number_vi(FEWEST)}


def _pair(before: float | None, after: float | None) -> str:
    return _("năm trước %(before)s, năm sau %(after)s") % {
        "before": _percent(before), "after": _percent(after),
    }  # fmt: skip
