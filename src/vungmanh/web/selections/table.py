"""The score table of a selection in plain words: why each unit stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.analysis.choosing import Why
from vungmanh.analysis.probability import ProbabilityRules, in_words
from vungmanh.core.programme_words import ChoiceWay
from vungmanh.core.text import fold, number_vi, percent_vi
from vungmanh.core.vocabulary import Sector
from vungmanh.rulebook.values.programmes import GreyZone
from vungmanh.strengthening.models import SelectionOverride
from vungmanh.strengthening.selection_reads import Inputs
from vungmanh.strengthening.statistic_texts import LIKELIHOOD_LABELS
from vungmanh.web.selections.obstacles import (
    SLUGS,
    Count,
    Hindered,
    beside_first,
    counted,
    hindered,
)

#: Whoever qualifies: left out by a limit, by a lot, or by another decision alone.
_ABLE = {
    Why.CHOSEN,
    Why.PROMISED,
    Why.LEAST_OF_KIND,
    Why.CAPACITY,
    Why.AREA_FULL,
    Why.OVERSEERS_FULL,
}
_SILENT = {Why.VERIFY, Why.VERIFY_LATER}
#: Parts of the table as addresses write them.
CHOSEN, VERIFY, GREY = "chon", "xac-minh", "sat-nguong"
NEAR, REST, ALL = "gan", "con-lai", "ca-bang"


@dataclass(frozen=True)
class Row:
    """One unit of the table. `said` is the override on it, `lot` its place among the lots."""

    unit: UUID
    name: str
    area: str
    kind: str
    number: int
    why: Why
    verdict: str
    sentence: str
    facts: str
    rank: str
    likelihood: str
    is_in: bool
    is_grey: bool
    lot: int
    start_year: int | None
    said: SelectionOverride | None
    hindered: Hindered

    def belongs(self, part: str) -> bool:
        """Whether it stands in that part of the table; units may stand in two."""
        return {
            CHOSEN: self.is_in,
            VERIFY: self.why in _SILENT,
            GREY: self.is_grey,
            NEAR: self.why in _ABLE and not self.is_in,
            REST: not self.is_in and self.why not in _ABLE | _SILENT,
            ALL: True,
        }.get(part, part in {SLUGS[one] for one in self.kept_out.by})

    @property
    def kept_out(self) -> Hindered:
        """What keeps it out; nothing of who is in all the same."""
        return Hindered() if self.is_in else self.hindered


@dataclass(frozen=True)
class Context:
    """What every row of one table is told with."""

    result: Mapping[str, Any]
    inputs: Inputs
    names: Mapping[UUID, str]
    overrides: Mapping[UUID, SelectionOverride]
    odds: ProbabilityRules
    year: int


def rows_of(context: Context) -> list[Row]:
    """Every row, in the order of the table: chosen, to verify, near, the rest."""
    lots = {unit: place for place, unit in enumerate(context.result["lots"], start=1)}
    grey = set(context.result["grey"])
    return [_row(row, context, lots, grey) for row in context.result["table"]]


def _row(row: Mapping[str, Any], context: Context, lots: Mapping[str, int], grey: set[str]) -> Row:
    unit, why = UUID(row["unit"]), Why(row["why"])
    said = context.overrides.get(unit)
    is_in = said.is_in if said else bool(row["chosen"])
    met = hindered(row, context.inputs, context.year)
    lot, start_year = lots.get(row["unit"], 0), context.result["start_years"].get(row["unit"])
    return Row(
        unit=unit,
        name=context.names.get(unit, str(unit)),
        area=row["area"],
        kind=_(Sector(row["kind"]).label),
        number=row["number"],
        why=why,
        verdict=_verdict(why, is_in, said, row),
        sentence=" ".join(
            filter(None, (sentence(row, context.inputs.rule, lot, start_year), beside_first(met)))
        ),
        facts=facts(row),
        rank=_rank(row["rank"]),
        # Of whoever does not report the strength is not known, whatever the few months say.
        likelihood="–"
        if why in _SILENT
        else str(LIKELIHOOD_LABELS[in_words(row["probability"], context.odds)]),
        is_in=is_in,
        is_grey=row["unit"] in grey,
        lot=lot,
        start_year=start_year,
        said=said,
        hindered=met,
    )


def _verdict(why: Why, is_in: bool, said: SelectionOverride | None, row: Mapping[str, Any]) -> str:
    """Where it stands in the end, in a word or two."""
    if said is not None and said.is_in != row["chosen"]:
        return _("Đưa vào theo quyết định khác") if is_in else _("Đưa ra theo quyết định khác")
    if is_in:
        return _("Được chọn")
    if why is Why.VERIFY:
        return _("Xác minh trước")
    if why is Why.VERIFY_LATER:
        return _("Phải xác minh, chưa đến lượt")
    return _("Đủ điều kiện, hết chỗ") if why in _ABLE else _("Không chọn")


def sentence(
    row: Mapping[str, Any], rule: Mapping[str, Any], lot: int = 0, start_year: int | None = None
) -> str:
    """Why a unit stands where it stands, in one sentence that names the limit."""
    if lot:
        drawn = {"n": number_vi(lot), "year": start_year}
        if start_year:
            return _("Trong vùng sát ngưỡng; thăm thứ %(n)s: bắt đầu năm %(year)s.") % drawn
        if row["chosen"]:
            return _("Trong vùng sát ngưỡng; bốc thăm được thăm thứ %(n)s: được chọn.") % drawn
        if Why(row["why"]) is Why.CAPACITY:
            return _("Trong vùng sát ngưỡng; bốc thăm được thăm thứ %(n)s: hết chỗ.") % drawn
        return (
            _(
                "Trong vùng sát ngưỡng; bốc thăm được thăm thứ %(n)s: đến lượt thì địa bàn đã đủ "
                "số nơi hoặc không còn đủ người phụ trách."
            )
            % drawn
        )
    why = Why(row["why"])
    said = _sentences()[why] % _words(row, rule)
    if row.get("promised") and why is not Why.PROMISED:
        return _("Bốc thăm năm trước hẹn bắt đầu năm nay, nhưng: %(why)s") % {
            "why": said[:1].lower() + said[1:]
        }
    return said


def own_sentence(row: Mapping[str, Any], rule: Mapping[str, Any], way: str = "") -> str:
    """Why a unit stands where it stands, for the unit itself: no rank (decisions.md 6)."""
    why = Why(row["why"])
    if way == ChoiceWay.LOT:
        return _("Đủ điều kiện, trong vùng sát ngưỡng; được chọn qua bốc thăm.")
    if why is Why.CHOSEN:
        return _("Đủ điều kiện theo tiêu chí và còn chỗ.")
    if why is Why.CAPACITY:
        return _("Đủ điều kiện theo tiêu chí, nhưng hết chỗ.")
    return _sentences()[why] % _words(row, rule)


def _words(row: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, str]:
    return {
        "number": number_vi(row["number"]),
        "area": row["area"] or _("chưa ghi địa bàn"),
        "kind": _(Sector(row["kind"]).label),
        "cells": number_vi(row["cells"]),
        "periods": number_vi(row["bad_periods"]),
        "needed": number_vi(rule["bad_periods"]),
        "years": number_vi(rule["not_again_years"]),
        "reported": percent_vi(row["reported"], decimals=0),
    }


def _sentences() -> dict[Why, str]:
    return {
        Why.CHOSEN: _("Theo thứ tự nhu cầu, thứ %(number)s; đủ điều kiện và còn chỗ."),
        Why.PROMISED: _("Bốc thăm năm trước hẹn bắt đầu năm nay; nay vẫn đủ điều kiện."),
        Why.LEAST_OF_KIND: _("Lấy trước để đủ số ít nhất của loại %(kind)s."),
        Why.VERIFY: _(
            "Chỉ báo cáo %(reported)s số kỳ: chưa biết mạnh yếu, xác minh trước trong phần sức "
            "dành riêng."
        ),
        Why.VERIFY_LATER: _(
            "Chỉ báo cáo %(reported)s số kỳ: chưa biết mạnh yếu; phần sức xác minh đã hết."
        ),
        Why.CAPACITY: _("Đủ điều kiện, thứ %(number)s theo nhu cầu, nhưng hết chỗ."),
        Why.AREA_FULL: _("Đủ điều kiện, nhưng địa bàn %(area)s đã đủ số nơi."),
        Why.OVERSEERS_FULL: _(
            "Đủ điều kiện, nhưng có %(cells)s chi bộ, không còn đủ người phụ trách."
        ),
        Why.NOT_AGAIN: _("Đã củng cố xong chưa quá %(years)s năm nên chưa chọn lại."),
        Why.BEING_HELPED: _("Đang được tập trung củng cố."),
        Why.MAY_STILL_ANSWER: _("Còn trong hạn giải trình lý do đã nêu, nên chưa chọn."),
        Why.TOO_FEW_PERIODS: _("Yếu %(periods)s lần xét; quy định cần %(needed)s lần liền nhau."),
        Why.NOT_WEAK: _("Lần xét này không ở diện cần củng cố."),
    }


def facts(row: Mapping[str, Any]) -> str:
    """The figures that place a unit, in the order in which they count."""
    return _(
        "%(heavy)s lý do nặng; yếu %(periods)s lần liền; %(size)s đảng viên chính thức; báo cáo "
        "%(reported)s"
    ) % {
        "heavy": number_vi(row["heavy"]),
        "periods": number_vi(row["bad_periods"]),
        "size": number_vi(row["size"]),
        "reported": percent_vi(row["reported"], decimals=0),
    }


def _rank(rank: Sequence[int | None]) -> str:
    one, low, high = rank
    if one is None or low is None or high is None:
        return ""
    return _("hạng %(n)s, khoảng từ %(low)s đến %(high)s") % {
        "n": number_vi(one), "low": number_vi(low), "high": number_vi(high),
    }  # fmt: skip


def parts(rows: Sequence[Row], rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parts of the table to choose from, each with its count."""
    words = {
        CHOSEN: _("Được chọn"),
        VERIFY: _("Phải xác minh"),
        GREY: _("Sát ngưỡng"),
        NEAR: _("Đủ điều kiện, hết chỗ"),
        REST: _("Không chọn"),
        ALL: _("Cả bảng"),
    }
    return [
        (part, f"{said} ({number_vi(sum(row.belongs(part) for row in rows))})")
        for part, said in words.items()
    ] + [(one.part, _("Vướng: %(words)s") % {"words": one.words}) for one in obstacles(rows, rule)]


def obstacles(rows: Sequence[Row], rule: Mapping[str, Any]) -> list[Count]:
    """How many each obstacle keeps out of the list."""
    return counted((row.kept_out for row in rows), rule)


def shown(rows: Sequence[Row], part: str, words: str) -> list[Row]:
    """The rows of a part whose name or area holds every word."""
    wanted = fold(words).split()
    return [
        row
        for row in rows
        if row.belongs(part) and all(word in fold(f"{row.name} {row.area}") for word in wanted)
    ]


def way_words(way: str, asked: str = "") -> str:
    """How the grey zone was settled; where lots were asked for and nobody stood near, both."""
    if asked and asked != way:
        return _("%(way)s; không nơi nào sát ngưỡng nên lần này không phải bốc") % {
            "way": _(GreyZone(asked).label)
        }
    return _(GreyZone(way).label)
