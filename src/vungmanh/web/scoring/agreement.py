"""Đối chiếu điểm: how far the two sides agree, for oneself and, added up, for the committee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.core.periods import add_months
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.meetings.rated import (
    COMMITTEE,
    FEWEST_RATERS,
    CriterionGap,
    RatedMeeting,
    Summed,
    agreement_of,
    mine_of,
    rated_meetings,
    summed,
)
from vungmanh.meetings.raters import FEWEST, FOR_KAPPA, LEVEL, Agreement, Span
from vungmanh.org.models import UnitVersion
from vungmanh.web.access import needs
from vungmanh.web.components import Stat
from vungmanh.web.requests import ViewerRequest

VIEW = "meetings.meeting.view"
ON_A_PAGE = 24
MONTHS = 12


@require_safe
@needs(VIEW)
def rater_agreement(request: ViewerRequest) -> HttpResponse:
    """Twelve months: one's own meetings, and the sum for the committee."""
    viewer = request.viewer
    first, last = add_months(request.period, 1 - MONTHS), request.period
    rated = rated_meetings(viewer, viewer.on, first, last)
    mine = mine_of(viewer, rated)
    own, whole = agreement_of(mine, last), summed(viewer, rated, viewer.on, first, last)
    is_committee = viewer.role in COMMITTEE
    page = Paginator(mine, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "finding": _summed_words(whole) if whole else _own_words(own, mine, viewer.user.pk),
        "first": first,
        "last": last,
        "is_committee": is_committee,
        "own": _stats(own),
        "own_words": _own_words(own, mine, viewer.user.pk),
        "page": page,
        "rows": _rows(list(page.object_list)),
        "summed": whole,
        "summed_stats": _stats(whole.agreement) if whole and whole.agreement else [],
        "gaps": [_gap(one) for one in whole.gaps] if whole else [],
        "fewest": FEWEST,
        "for_kappa": FOR_KAPPA,
        "level": percent_vi(LEVEL),
    }
    return render(request, "scoring/agreement.html", context)


# --- words -------------------------------------------------------------------------------------


def _own_words(found: Agreement, mine: list[RatedMeeting], me: object) -> str:
    if not found.is_enough:
        return _(
            "Chưa đủ để nói: đồng chí có %(n)s buổi mà cả hai bên đã chấm, cần ít nhất %(few)s."
        ) % {"n": found.pairs, "few": FEWEST}
    is_superior = mine[0].superior_by == me
    middle = _middle(found)
    if abs(middle) < 0.05:
        return _("Trong %(n)s buổi, hai bên chấm trung bình bằng nhau.") % {"n": found.pairs}
    own_is_higher = middle > 0
    higher = own_is_higher is not is_superior
    said = (
        _("Trong %(n)s buổi, đồng chí chấm cao hơn bên kia trung bình %(points)s điểm.")
        if higher
        else _("Trong %(n)s buổi, đồng chí chấm thấp hơn bên kia trung bình %(points)s điểm.")
    )
    return said % {"n": found.pairs, "points": number_vi(abs(middle))}


def _summed_words(found: Summed) -> str:
    if found.agreement is None:
        return _(
            "Chưa đủ để nói: mới có %(n)s buổi do %(raters)s cấp ủy viên chấm, cần ít nhất %(few)s "
            "người để không nói riêng về ai."
        ) % {"n": found.pairs, "raters": found.raters, "few": FEWEST_RATERS}
    middle = _middle(found.agreement)
    said = (
        _("Trong %(n)s buổi, chi bộ tự chấm cao hơn cấp trên trung bình %(points)s điểm.")
        if middle > 0
        else _("Trong %(n)s buổi, chi bộ tự chấm thấp hơn cấp trên trung bình %(points)s điểm.")
    )
    if abs(middle) < 0.05:
        said = _("Trong %(n)s buổi, hai bên chấm trung bình bằng nhau.")
    return said % {"n": found.pairs, "points": number_vi(abs(middle))}


def _middle(found: Agreement) -> float:
    if found.difference is not None:
        return found.difference.estimate
    return found.all_differ_by or 0.0


def _stats(found: Agreement) -> list[Stat]:
    """Nothing for too few meetings: a figure would be believed."""
    if not found.is_enough:
        return []
    level = percent_vi(LEVEL)
    if found.difference is None:
        apart = Stat(
            _("Chênh trung bình"), _signed(_middle(found)), "", _("điểm; buổi nào cũng như nhau")
        )
    else:
        apart = Stat(
            _("Chênh trung bình"),
            _signed(found.difference.estimate),
            "",
            _("điểm, chi bộ trừ cấp trên"),
            _between(found.difference, level),
        )
    same = Stat(_("Cùng mức chất lượng"), str(found.same), str(found.graded), _("buổi"))
    if found.same_share is not None:
        share = found.same_share
        span = f"{percent_vi(share.low, decimals=0)}–{percent_vi(share.high, decimals=0)}"
        words = _("%(span)s (khoảng tin cậy %(level)s)") % {"span": span, "level": level}
        same = Stat(same.label, same.figure, same.of, same.unit, words)
    kappa = "–" if found.kappa is None else number_vi(found.kappa, decimals=2)
    told = _("kappa, 1 là luôn cùng mức")
    if found.kappa is None:
        told = _("cần %s buổi và hơn một mức") % FOR_KAPPA
    return [apart, same, Stat(_("Đồng thuận ngoài may rủi"), kappa, "", told)]


def _between(span: Span, level: str) -> str:
    return _("từ %(low)s đến %(high)s (khoảng tin cậy %(level)s)") % {
        "low": _signed(span.low),
        "high": _signed(span.high),
        "level": level,
    }


def _signed(number: float) -> str:
    text = number_vi(abs(number))
    if text == "0":
        return text
    return f"{'+' if number > 0 else '−'}{text}"


# --- rows --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeetingRow:
    rated: RatedMeeting
    name: str
    own: str
    superior: str
    difference: str


def _rows(rated: Sequence[RatedMeeting]) -> list[MeetingRow]:
    units = {one.unit_id for one in rated}
    named = UnitVersion.objects.filter(unit_id__in=units).order_by("unit_id", "valid")
    names = dict(named.values_list("unit_id", "name"))
    return [
        MeetingRow(
            one,
            names.get(one.unit_id, ""),
            number_vi(one.pair.own),
            number_vi(one.pair.superior),
            _signed(one.pair.difference),
        )
        for one in rated
    ]


@dataclass(frozen=True)
class GapRow:
    gap: CriterionGap
    mean: str
    apart: str
    most: str


def _gap(one: CriterionGap) -> GapRow:
    return GapRow(one, _signed(one.mean), number_vi(one.apart), number_vi(one.most))
