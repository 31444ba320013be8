"""Figures of the second layer, read from what an assessment stored (`strengthening.statistics`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from vungmanh.analysis.probability import ProbabilityRules, in_words
from vungmanh.core.periods import month_label, parse_month
from vungmanh.core.text import number_vi
from vungmanh.strengthening.figures.words import Told, unknown
from vungmanh.strengthening.models import Assessment
from vungmanh.strengthening.statistic_texts import LIKELIHOOD_LABELS, PART_LABELS, whole_percent

if TYPE_CHECKING:
    from vungmanh.strengthening.figures.opened import Subject

#: Level of the intervals of differences and slopes, and its normal quantile.
LEVEL = 90
REACH = 1.6448536269514722


@dataclass(frozen=True)
class Change:
    """What an estimate moved between two periods, with its 90 % interval."""

    difference: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether it is more than what chance alone may do."""
        return self.low > 0 or self.high < 0

    @property
    def words(self) -> str:
        """ "khá lên", "kém đi", or that it cannot be told from chance."""
        if not self.is_sure:
            return _("chưa hơn dao động thường")
        return _("khá lên") if self.difference > 0 else _("kém đi")


def change(before: tuple[float, float], now: tuple[float, float]) -> Change:
    """From (estimate, standard deviation) to (estimate, standard deviation), taken as independent.

    The two share a history, so the interval is rather too wide than too narrow.
    """
    difference = now[0] - before[0]
    reach = REACH * math.hypot(before[1], now[1])
    return Change(difference, difference - reach, difference + reach)


def last_of(one: Assessment) -> tuple[float, float] | None:
    """(estimate, standard deviation) of the period an assessment ends with; None if unknown."""
    return back_of(one, 0)


def back_of(one: Assessment, periods: int) -> tuple[float, float] | None:
    """What the same assessment now says of so many whole periods before its last."""
    series = one.statistics.get("series", [])
    return _known(series[-1 - periods :][:1]) if periods < len(series) else None


def _known(found: list[list[float | None]]) -> tuple[float, float] | None:
    if not found or found[0][0] is None or found[0][1] is None:
        return None
    return found[0][0], found[0][1]


def certainty(one: Assessment, odds: ProbabilityRules) -> str:
    """How sure we are that a unit is weak, in words."""
    return str(LIKELIHOOD_LABELS[in_words(one.probability, odds)])


def points(value: float) -> str:
    """A difference of points with its sign: "+1,2", "−3,4", "0"."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number_vi(abs(round(value, 1)))}"


def typical_shown(one: Assessment) -> float:
    """The typical index of the like kind, rounded so that the points shown lead to the index."""
    gap = sum(part["points"] for part in one.statistics["parts"])
    return round(round(one.estimate or 0.0, 1) - gap, 1)


def _span(low: float, high: float) -> str:
    shown = [number_vi(round(end, 1)).replace("-", "−") for end in (low, high)]
    words = {"low": shown[0], "high": shown[1]}
    return _("từ %(low)s đến %(high)s") % words


def _nothing() -> Told:
    return unknown(_("Kỳ này không có gì để ước lượng cho đơn vị này."))


def _index(subject: Subject) -> Told:
    one, found = subject.assessment, subject.assessment.statistics
    if one.estimate is None or one.low is None or one.high is None:
        return _nothing()
    terms = [
        (
            str(PART_LABELS[part["part"]]).capitalize(),
            _("%(done)s/%(of)s; trọng số %(weight)s; so với mức giữa %(points)s điểm") % {
                "done": number_vi(part["done"]), "of": number_vi(part["of"]),
                "weight": number_vi(part["weight"]), "points": points(part["points"]),
            },
        )
        for part in found["parts"]
    ]  # fmt: skip
    gap = sum(part["points"] for part in found["parts"])
    working = _("%(typical)s (mức giữa của nhóm) %(gap)s điểm = %(index)s") % {
        "typical": number_vi(typical_shown(one)), "gap": points(gap),
        "index": number_vi(round(one.estimate, 1)),
    }  # fmt: skip
    value = _("%(n)s điểm") % {"n": number_vi(round(one.estimate, 1))}
    span = _span(one.low, one.high)
    return Told(
        value, working, tuple(terms), span, subject.odds.interval_percent, tuple(doubts_of(one))
    )


def doubts_of(one: Assessment) -> list[str]:
    """What is to be kept in mind before an estimate is believed, of this unit now."""
    found, told = one.statistics, []
    if not found:
        return []
    unknown_parts = [
        str(PART_LABELS[p["part"]]) for p in found["parts"] if p["weight"] and not p["of"]
    ]
    nobody = [str(PART_LABELS[p["part"]]) for p in found["parts"] if not p["weight"]]
    if nobody:
        told.append(
            _("Không nơi nào ghi %(parts)s, nên chỉ số chỉ tính từ các phần còn lại.")
            % {"parts": ", ".join(nobody)}
        )
    if unknown_parts:
        told.append(
            _("Đơn vị này chưa có số liệu %(parts)s; phần ấy lấy mức của nhóm và khoảng rộng ra.")
            % {"parts": ", ".join(unknown_parts)}
        )
    if found["due"] > one.due:
        told.append(
            _(
                "Ước lượng tính cả phần của nơi trước đây đã nhập vào: %(all)s kỳ phải họp, riêng"
                " nơi này %(own)s kỳ."
            )
            % {"all": number_vi(found["due"]), "own": number_vi(one.due)}
        )
    if found["received"] < found["due"]:
        told.append(
            _("Đã có báo cáo %(received)s trong %(due)s kỳ phải họp.")
            % {"received": number_vi(found["received"]), "due": number_vi(found["due"])}
        )
    if found["set_aside"]:
        told.append(
            _(
                "%(n)s tháng để riêng vì số người có mặt đều bất thường hoặc nộp dồn tháng 12: coi"
                " là chưa biết, nên bảng trên đếm ít kỳ hơn số đã báo cáo. Xem từng kỳ ở dưới."
            )
            % {"n": number_vi(found["set_aside"])}
        )
    if found["december"]:
        told.append(_("Nhiều báo cáo đầu năm nộp dồn vào tháng 12."))
    return told


def _probability(subject: Subject) -> Told:
    one, found = subject.assessment, subject.assessment.statistics
    if one.probability is None:
        return unknown(_("Chưa có ước lượng, hoặc nhóm cùng loại chưa có mốc yếu."))
    words = certainty(one, subject.odds)
    value = f"{words} ({whole_percent(one.probability)})"
    working = _("khả năng chỉ số thật dưới %(reference)s là %(p)s") % {
        "reference": number_vi(round(found["reference"], 1)), "p": whole_percent(one.probability),
    }  # fmt: skip
    terms = [(_("Chỉ số ước tính"), number_vi(round(one.estimate or 0.0, 1)))]
    terms.append((_("Mốc yếu của nhóm"), number_vi(round(found["reference"], 1))))
    if found["before"] is not None:
        terms.append((_("Kỳ trước"), whole_percent(found["before"])))
    if found["hidden"] is not None:
        label = _("Nếu các kỳ chưa rõ đều không họp")
        terms.append((label, whole_percent(found["hidden"])))
    return Told(value, working, tuple(terms), doubts=tuple(doubts_of(one)))


def _rank(subject: Subject) -> Told | None:
    one = subject.assessment
    if not subject.shows_rank:
        return None
    if one.rank is None or one.rank_low is None or one.rank_high is None or one.ranked is None:
        return unknown(_("Nơi phải xác minh, hoặc không có gì để ước lượng, thì không xếp hạng."))
    value = _("hạng %(rank)s") % {"rank": number_vi(one.rank)}
    working = _("Trong %(of)s nơi cùng loại được xếp; 1 là yếu nhất.") % {
        "of": number_vi(one.ranked)
    }
    return Told(
        value, working, (), _span(one.rank_low, one.rank_high), subject.odds.interval_percent
    )


def _set_aside(subject: Subject) -> Told:
    one, found = subject.assessment, subject.assessment.statistics
    if not found:
        return _nothing()
    claimed = number_vi(one.held)
    why = [
        (_("Số người dự lặp lại đều hơn mức thường"), _("có") if found["uneven"] else _("không")),
        (_("Báo cáo nộp dồn tháng 12"), _("có") if found["december"] else _("không")),
    ]
    value = _("%(n)s tháng") % {"n": number_vi(found["set_aside"])}
    return Told(value, _("Trong %(n)s kỳ báo là đã họp.") % {"n": claimed}, tuple(why))


def _slope(subject: Subject) -> Told:
    found = subject.assessment.statistics
    slope = found.get("slope", [None])
    if slope[0] is None:
        return unknown(_("Cần ít nhất hai năm có số liệu mới nói được xu hướng."))
    per_year, low, high = slope
    if found["declining"]:
        told = _("đang yếu đi")
    elif high < 0:  # the years fall, the last two do not by themselves (analysis.weakening)
        told = _("qua các năm có giảm, nhưng các kỳ gần nhất chưa đủ để nói đang yếu đi")
    else:
        told = _("chưa đủ căn cứ để nói đang yếu đi")
    value = _("%(n)s điểm mỗi năm") % {"n": points(per_year)}
    series = [pair[0] for pair in found["series"] if pair[0] is not None]
    terms = ((_("Chỉ số ước tính các kỳ"), "; ".join(number_vi(round(v, 1)) for v in series)),)
    return Told(value, told, terms, _span(low, high), LEVEL)


def _signal(subject: Subject) -> Told | None:
    """What the chart of monthly meetings says of a cell; organisations have none of their own."""
    if not subject.is_cell:
        return None
    found = subject.assessment.statistics
    if not found:
        return _nothing()
    terms = (
        (
            _("Tín hiệu nhầm chờ đợi"),
            _("chừng %(n)s mỗi tháng trong cả tỉnh") % {"n": subject.odds.false_signals},
        ),
    )
    since = found["worse_since"]
    if since is None:
        words = _("Ba tháng gần nhất biểu đồ không vượt ngưỡng.")
        return Told(_("không có tín hiệu"), words, terms)
    month = month_label(parse_month(since))
    words = _("Các kỳ không họp dồn lại nhiều hơn nếp chung từ %(month)s.") % {"month": month}
    return Told(_("tín hiệu yếu đi từ %(month)s") % {"month": month}, words, terms)


def _two_periods(subject: Subject) -> Told:
    before, now = back_of(subject.assessment, 1), last_of(subject.assessment)
    if before is None or now is None:
        return unknown(_("Chưa có ước lượng của cả kỳ này lẫn kỳ trước."))
    moved = change(before, now)
    working = f"{number_vi(round(now[0], 1))} − {number_vi(round(before[0], 1))}"
    value = _("%(n)s điểm") % {"n": points(moved.difference)}
    terms = ((_("Đọc là"), moved.words),)
    return Told(f"{value}, {moved.words}", working, terms, _span(moved.low, moved.high), LEVEL)


#: By the code of the figure.
ESTIMATED: dict[str, Callable[[Subject], Told | None]] = {
    "chi-so": _index,
    "xac-suat-yeu": _probability,
    "thu-hang": _rank,
    "thang-de-rieng": _set_aside,
    "xu-huong": _slope,
    "cusum": _signal,
    "hai-ky": _two_periods,
}
