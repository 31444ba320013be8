"""How strong a unit is estimated to be, and how surely: for lists and for the page of the unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.core.periods import add_months
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.strengthening.figures.estimates import (
    REACH,
    Change,
    certainty,
    change,
    doubts_of,
    points,
    typical_shown,
)
from vungmanh.strengthening.models import Assessment
from vungmanh.strengthening.statistic_texts import PART_LABELS, whole_percent
from vungmanh.web.intervals import IntervalBar


@dataclass(frozen=True)
class Strength:
    """The estimate of one unit in words and as drawings. `rank` is empty where it is not told."""

    bar: IntervalBar
    index: str
    interval: str
    certainty: str
    probability: str
    rank: str = ""
    rank_bar: IntervalBar | None = None


def strength_of(one: Assessment, odds: ProbabilityRules, *, ranked: bool) -> Strength | None:
    """What an assessment estimates; None where nothing could be. `ranked`: the reader may know."""
    if one.estimate is None or one.low is None or one.high is None:
        return None
    limit = one.statistics["reference"]  # None: the base period is not over yet
    figures: dict[str, Any] = {
        "level": odds.interval_percent,
        "index": number_vi(round(one.estimate, 1)),
        "low": number_vi(round(one.low, 1)),
        "high": number_vi(round(one.high, 1)),
    }
    label = _("Chỉ số %(index)s, khoảng %(level)s %% từ %(low)s đến %(high)s") % figures
    if limit is not None:
        label += _("; mốc yếu của nhóm %(limit)s") % {"limit": number_vi(round(limit, 1))}
    rank, rank_bar = _rank(one) if ranked else ("", None)
    return Strength(
        IntervalBar(one.estimate, one.low, one.high, label, limit=limit),
        figures["index"],
        _("từ %(low)s đến %(high)s") % figures,
        certainty(one, odds),
        "" if one.probability is None else whole_percent(one.probability),
        rank,
        rank_bar,
    )


def _rank(one: Assessment) -> tuple[str, IntervalBar | None]:
    if one.rank is None or one.rank_low is None or one.rank_high is None or one.ranked is None:
        return "", None
    told = {
        "rank": number_vi(one.rank),
        "low": number_vi(one.rank_low),
        "high": number_vi(one.rank_high),
        "of": number_vi(one.ranked),
    }
    if one.rank_low == one.rank_high:
        words = _("hạng %(rank)s trong %(of)s") % told
    else:
        words = _("hạng %(low)s–%(high)s trong %(of)s") % told
    label = _("Hạng %(rank)s, khoảng từ %(low)s đến %(high)s trong %(of)s nơi cùng loại") % told
    bar = IntervalBar(one.rank, one.rank_low, one.rank_high, label, first=1, last=one.ranked)
    return words, bar


@dataclass(frozen=True)
class Part:
    """One part of the index: what was counted, what is estimated, what it does to the index."""

    label: str
    code: str  # of its figure
    counted: str
    share: str
    interval: str
    typical: str
    weight: str
    points: str
    verdict: str


@dataclass(frozen=True)
class Explained:
    """The estimate of a unit taken apart: parts whose points add up, doubts, the last periods."""

    strength: Strength
    parts: tuple[Part, ...]
    typical: str
    worst: str
    best: str
    doubts: tuple[str, ...]
    change: Change | None
    series: tuple[IntervalBar, ...]


FIGURE_OF_PART = {"held": "hop-du-ky", "attendance": "du-hop", "tasks": "viec-dung-han"}


def explained(
    one: Assessment, odds: ProbabilityRules, month: dt.date, *, ranked: bool
) -> Explained | None:
    """The estimate of one unit for its own page; None where nothing could be estimated."""
    strength = strength_of(one, odds, ranked=ranked)
    if strength is None:
        return None
    found = one.statistics
    series = [pair for pair in found["series"] if pair[0] is not None]
    moved = change(*(tuple(pair) for pair in series[-2:])) if len(series) > 1 else None
    due = one.due or 1
    return Explained(
        strength,
        tuple(_part(part) for part in found["parts"]),
        number_vi(typical_shown(one)),
        percent_vi(one.held / due) if one.due else _("chưa biết"),
        percent_vi((one.held + one.no_report) / due) if one.due else _("chưa biết"),
        tuple(doubts_of(one)),
        moved,
        tuple(_of_period(found, place, month) for place in range(len(found["series"]))
              if found["series"][place][0] is not None),
    )  # fmt: skip


def _part(part: dict[str, Any]) -> Part:
    known = part["estimate"] is not None and part["weight"] > 0
    span = {"low": percent_vi(part["low"]), "high": percent_vi(part["high"])} if known else {}
    if part["explains"]:
        verdict = _("kém hơn mức giữa, chắc")
    elif part["points"] < 0:
        verdict = _("có thể kém, chưa chắc")
    else:
        verdict = _("không kém mức giữa")
    return Part(
        str(PART_LABELS[part["part"]]),
        FIGURE_OF_PART[part["part"]],
        f"{number_vi(part['done'])}/{number_vi(part['of'])}"
        if part["of"]
        else _("chưa có số liệu"),
        percent_vi(part["estimate"]) if known else _("chưa biết"),
        _("%(low)s–%(high)s") % span if known else "",
        percent_vi(part["typical"]) if known and part["typical"] is not None else "–",
        number_vi(part["weight"]),
        points(part["points"]),
        verdict if part["weight"] else _("không tính"),
    )


def _of_period(found: dict[str, Any], place: int, month: dt.date) -> IntervalBar:
    """The estimate of one earlier period; each ends a year before the next."""
    value, sd = found["series"][place]
    end = add_months(month, -12 * (len(found["series"]) - 1 - place))
    low, high = max(value - REACH * sd, 0.0), min(value + REACH * sd, 100.0)
    told = {
        "month": f"{end:%m/%Y}", "value": number_vi(round(value, 1)),
        "low": number_vi(round(low, 1)), "high": number_vi(round(high, 1)),
    }  # fmt: skip
    label = _("%(month)s: %(value)s, từ %(low)s đến %(high)s") % told
    return IntervalBar(value, low, high, label, limit=found["reference"])
