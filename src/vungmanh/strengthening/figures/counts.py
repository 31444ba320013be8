"""Figures that are a count, a day or a pair of bounds, read for one unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from vungmanh.core.periods import add_months
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import MembershipStatus, ReportedThen, ReportState
from vungmanh.meetings.inspections import Agreement
from vungmanh.org.queries import admissions_of, members_of, secretary_of
from vungmanh.strengthening.figures.words import Told, unknown, wilson_words

if TYPE_CHECKING:
    from vungmanh.strengthening.figures.opened import Subject


def _bounds(subject: Subject) -> Told:
    one = subject.assessment
    terms = (
        (_("Đã họp"), number_vi(one.held)),
        (_("Không họp"), number_vi(one.not_held)),
        (_("Chưa báo cáo"), number_vi(one.no_report)),
        (_("Phải họp"), number_vi(one.due)),
    )
    if one.due == 0:
        return unknown(_("Không có kỳ nào phải họp trong 12 tháng."), terms)
    worst, best = one.held / one.due, (one.held + one.no_report) / one.due
    figures = {
        "held": one.held, "best": one.held + one.no_report, "due": one.due,
        "low": percent_vi(worst), "high": percent_vi(best),
    }  # fmt: skip
    value = _("%(low)s đến %(high)s") % figures
    working = _("%(held)s ÷ %(due)s = %(low)s; %(best)s ÷ %(due)s = %(high)s") % figures
    return Told(value, working, terms)


def _vacant(subject: Subject) -> Told:
    fact = secretary_of(subject.assessment.unit_id, subject.day)
    if fact.since is None:
        return unknown(_("Sổ chưa từng ghi ai giữ chức bí thư ở đây. Chưa ghi không phải khuyết."))
    figures = {"since": date_vi(fact.since), "day": date_vi(subject.day)}
    if fact.in_post:
        return Told(_("0 ngày"), _("Có bí thư từ %(since)s.") % figures)
    days = number_vi(fact.days_vacant(subject.day))
    value = _("%(days)s ngày") % {"days": days}
    return Told(value, _("Khuyết từ %(since)s, đếm đến hết %(day)s.") % figures)


def _carried(subject: Subject) -> Told | None:
    if not subject.is_cell:
        return None
    for record in subject.records[subject.assessment.unit_id]:  # the latest first
        if record.report is not None and record.report.longest_carried is not None:
            times = number_vi(record.report.longest_carried)
            when = f"{record.month:%m/%Y}"
            return Told(
                _("%(times)s lần") % {"times": times},
                _("Ghi trong báo cáo tháng %(month)s.") % {"month": when},
            )
    return unknown(_("Không báo cáo nào trong 12 tháng ghi số này."))


def _admitted(subject: Subject) -> Told | None:
    if not subject.is_cell:
        return None
    years = subject.rules.admission_years
    first = add_months(subject.run.month, 1 - 12 * years)
    count = admissions_of(subject.assessment.unit_id, first, subject.run.month)
    is_reason = any(one["key"] == "no_admission" for one in subject.assessment.reasons)
    if count == 0 and not is_reason:
        return unknown(
            _("Sổ không có ai, nhưng chi bộ hoặc sổ chưa đủ %(years)s năm nên chưa nói là 0.")
            % {"years": years}
        )
    words = _("Cộng các tháng từ %(first)s đến %(last)s.") % {
        "first": f"{first:%m/%Y}", "last": f"{subject.run.month:%m/%Y}",
    }  # fmt: skip
    return Told(_("%(n)s người") % {"n": number_vi(count)}, words)


def _official(subject: Subject) -> Told | None:
    if not subject.is_cell:
        return None
    members = members_of(subject.assessment.unit_id, subject.day)
    day = date_vi(subject.day)
    official = members.get(MembershipStatus.OFFICIAL)
    if official is None:
        return unknown(_("Sổ đảng viên chưa ghi số chính thức ngày %(day)s.") % {"day": day})
    terms = tuple((_(status.label), number_vi(count)) for status, count in members.items())
    value = _("%(n)s người") % {"n": number_vi(official)}
    return Told(value, _("Theo sổ đảng viên ngày %(day)s.") % {"day": day}, terms)


def _failing(subject: Subject) -> Told | None:
    one = subject.assessment
    if subject.is_cell or not one.cells:
        return None
    part, whole = one.failing_cells, one.cells
    limit = f"{subject.rules.failing_numerator}/{subject.rules.failing_denominator}"
    return Told(
        f"{number_vi(part)}/{number_vi(whole)}",
        _(
            "%(part)s chi bộ có lý do nặng trong %(whole)s chi bộ được xét;"
            " mức nhắc là quá %(limit)s."
        )
        % {"part": part, "whole": whole, "limit": limit},
        interval=wilson_words((part, whole)),
    )


def _verified(subject: Subject) -> Told:
    told = [
        one.verified
        for records in subject.records.values()
        for one in records
        if one.verified is not None and one.reported_then is ReportedThen.HELD
    ]
    found = Agreement(told.count(ReportState.HELD), told.count(ReportState.NOT_HELD))
    terms = (
        (_("Buổi đã báo là có họp, được kiểm tra"), number_vi(found.checked)),
        (_("Thấy đúng là có họp"), number_vi(found.confirmed)),
        (_("Thấy không họp"), number_vi(found.refuted)),
    )
    if found.factor is None:
        return unknown(_("Chưa buổi nào đã báo là có họp được kiểm tra trong kỳ này."), terms)
    value = percent_vi(found.factor)
    working = f"{number_vi(found.confirmed)} ÷ {number_vi(found.checked)} = {value}"
    return Told(value, working, terms, wilson_words((found.confirmed, found.checked)))


#: By the code of the figure.
READ: dict[str, Callable[[Subject], Told | None]] = {
    "can-xau-tot": _bounds,
    "khuyet-bi-thu": _vacant,
    "nghi-quyet-keo-dai": _carried,
    "ket-nap": _admitted,
    "dang-vien-chinh-thuc": _official,
    "chi-bo-khong-dat": _failing,
    "he-so-xac-minh": _verified,
}
