"""How the best grades are spread, in words and drawings: shares with what luck alone would do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.analysis.fairness import Share
from vungmanh.core.text import number_vi
from vungmanh.strengthening.year_fairness import FEW, Fairness, SpreadRow
from vungmanh.web.intervals import IntervalBar


@dataclass(frozen=True)
class SpreadLine:
    """One kind, area or size."""

    label: str
    count: str
    bar: IntervalBar
    interval: str
    parts: str
    verdict: str
    is_apart: bool


@dataclass(frozen=True)
class SpreadTable:
    """`is_few`: no line of it stands for enough to say anything."""

    title: str
    lines: tuple[SpreadLine, ...]
    is_few: bool


@dataclass(frozen=True)
class FairnessShown:
    words: str
    tables: tuple[SpreadTable, ...]
    again: str


def fairness_shown(found: Fairness) -> FairnessShown | None:
    """Nothing to show while nobody has the best grade or comes within the cap."""
    if not found.best:
        return None
    words = _(
        "%(best)s trong %(all)s nơi từ hoàn thành tốt trở lên có mức cao nhất (%(share)s%%). Vạch "
        "đỏ là phần chung ấy; gạch là khoảng mà may rủi cho phép, 95 lần trên 100."
    ) % {
        "best": number_vi(found.best), "all": number_vi(found.eligible),
        "share": _percent(found.overall),
    }  # fmt: skip
    tables = tuple(
        SpreadTable(
            _(one.by.label),
            tuple(_line(row, found.overall) for row in one.rows),
            all(row.is_few for row in one.rows),
        )
        for one in found.spreads
    )
    return FairnessShown(words, tables, _again(found))


def _line(row: SpreadRow, overall: float) -> SpreadLine:
    share = row.share
    told = {
        "best": number_vi(share.k), "all": number_vi(share.n), "share": _percent(share.share),
        "low": _percent(share.low), "high": _percent(share.high),
    }  # fmt: skip
    label = _("%(best)s trong %(all)s, %(share)s%%, khoảng %(low)s đến %(high)s%%") % told
    bar = IntervalBar(
        share.share * 100, share.low * 100, share.high * 100, label, limit=overall * 100
    )
    part = "–" if row.part_of_best is None else f"{_percent(row.part_of_best)}%"
    return SpreadLine(
        share.label,
        _("%(best)s trong %(all)s") % told,
        bar,
        _("%(low)s đến %(high)s%%") % told,
        _("%(best)s và %(all)s%%") % {"best": part, "all": _percent(row.part_of_eligible)},
        _verdict(row, overall),
        row.is_apart and not row.is_few,
    )


def _verdict(row: SpreadRow, overall: float) -> str:
    if row.is_few:
        return _("dưới %s nơi, chưa nói được gì") % FEW
    if not row.is_apart:
        return _("chưa thấy khác phần chung")
    more = row.share.share > overall
    return _("nhiều hơn phần chung, nên hỏi vì sao") if more else _("ít hơn, nên hỏi vì sao")


def _again(found: Fairness) -> str:
    """Whether last year's best grade tells of this one, with what is not known."""
    if found.is_break:
        return _("Năm trước xếp theo quy định khác, nên không so ai được lại mức cao nhất.")
    if found.again is None or not found.again.again.n:
        return _("Chưa có nơi nào ở mức cao nhất năm trước để xem được lại hay không.")
    again, newly = found.again
    said = _("Trong %(of)s, %(again)s lại được; trong các nơi khác, %(newly)s mới được.") % {
        "of": _("%s nơi ở mức cao nhất năm trước") % number_vi(again.n),
        "again": _share(again), "newly": _share(newly),
    }  # fmt: skip
    if found.again.tells:
        return said
    return said + " " + _("Hai khoảng chồng nhau: mức năm trước chưa nói được gì về năm nay.")


def _share(one: Share) -> str:
    if not one.n:
        return _("không nơi nào")
    return _("%(k)s trong %(n)s (khoảng %(low)s đến %(high)s%%)") % {
        "k": number_vi(one.k), "n": number_vi(one.n), "low": _percent(one.low),
        "high": _percent(one.high),
    }  # fmt: skip


def _percent(share: float) -> str:
    return number_vi(round(share * 100))
