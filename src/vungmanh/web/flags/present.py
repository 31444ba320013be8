"""Flags and their precision in the words of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import FlagFate
from vungmanh.org.listing import names_above
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook import Rule, load_rulebook
from vungmanh.strengthening.flags import Precision, Stage, stage_of
from vungmanh.strengthening.models import Flag
from vungmanh.strengthening.reason_texts import REASON_LABELS, ReasonText, texts_of

FEWEST_TO_SAY = 5  # fewer conclusions than this say nothing about a reason


@dataclass(frozen=True)
class FlagRow:
    """One flag as lists and its page show it."""

    flag: Flag
    name: str
    above: str
    text: ReasonText
    rule: Rule
    on: dt.date

    @property
    def stage(self) -> Stage:
        return stage_of(self.flag, self.on)

    @property
    def fate(self) -> str:
        return _(FlagFate(self.flag.fate).label) if self.flag.fate else ""

    @property
    def term(self) -> str:
        return term_of(self.flag, self.on)


def term_of(flag: Flag, on: dt.date) -> str:
    """What is due by when, or what came of it."""
    match stage_of(flag, on):
        case Stage.WAITING:
            return _("giải trình đến hết %(day)s") % {"day": date_vi(flag.reply_by)}
        case Stage.OVERDUE:
            return _("hết hạn %(day)s, vẫn nhận giải trình") % {"day": date_vi(flag.reply_by)}
        case Stage.ANSWERED:
            return _("chờ cấp trên kết luận")
        case Stage.CONCLUDED:
            return _(FlagFate(flag.fate).label)
    return _("đã hết theo số liệu mới")


def flag_rows(flags: Iterable[Flag], on: dt.date) -> list[FlagRow]:
    """Rows with the names of day `on`, in as many queries whatever their number."""
    found = list(flags)
    units = [flag.unit_id for flag in found]
    versions = UnitVersion.objects.filter(unit_id__in=units).order_by("valid")
    names = {version.unit_id: version.name for version in versions}  # the latest name wins
    above = names_above(units, on)
    view = load_rulebook().on(on)
    rows = []
    for flag in found:
        [text] = texts_of([flag.figures], cells=flag.figures.get("of_cells", 0))
        rows.append(
            FlagRow(
                flag,
                names.get(flag.unit_id, ""),
                above.get(flag.unit_id, ""),
                text,
                view.rule(text.rule_key),
                on,
            )
        )
    return rows


def finding_of_list(counts: dict[Stage, int]) -> str:
    """What waits for whom."""
    if not sum(counts.values()):
        return _("Chưa có lý do nào được nêu trong phạm vi của đồng chí.")
    parts = [
        words % {"n": number_vi(counts[stage])}
        for stage, words in (
            (Stage.ANSWERED, _("%(n)s lý do đã có giải trình, chờ kết luận")),
            (Stage.OVERDUE, _("%(n)s lý do hết hạn chưa giải trình")),
            (Stage.WAITING, _("%(n)s lý do còn trong hạn giải trình")),
        )
        if counts[stage]
    ]
    return "; ".join(parts) + "." if parts else _("Mọi lý do đã nêu đều có kết luận hoặc đã hết.")


def finding_of_flag(row: FlagRow) -> str:
    return _("%(unit)s: %(chip)s; %(term)s.") % {
        "unit": row.name, "chip": row.text.chip, "term": row.term[:1].lower() + row.term[1:],
    }  # fmt: skip


def stage_tabs(counts: dict[Stage, int], shown: Stage, reason: str) -> list[tuple[str, str, bool]]:
    """(words, address, is current) of each stage."""
    more = {"ly-do": reason} if reason else {}
    return [
        (
            f"{_(stage.label)} {number_vi(counts[stage])}",
            f"?{urlencode({'gd': stage.value, **more})}",
            stage is shown,
        )
        for stage in Stage
    ]


def reason_options() -> list[tuple[str, str]]:
    return [("", _("Mọi lý do")), *((key, str(label)) for key, label in _labels().items())]


def _labels() -> dict[str, object]:
    """Reasons and the two marks that must be verified."""
    return {
        **REASON_LABELS,
        "silent": _("Báo cáo quá ít"),
        "meetings_undecided": _("Chưa kết luận được số kỳ họp"),
    }


@dataclass(frozen=True)
class PrecisionRow:
    """Precision of one reason in words."""

    label: str
    counts: Precision
    words: str


def precision_rows(found: Iterable[Precision]) -> list[PrecisionRow]:
    """Each reason with how often it was right, or that there is too little to say."""
    labels = _labels()
    return [PrecisionRow(str(labels.get(one.reason, one.reason)), one, _said(one)) for one in found]


def _said(one: Precision) -> str:
    if one.share is None or one.concluded < FEWEST_TO_SAY:
        return _("chưa đủ để nói (%(n)s kết luận)") % {"n": number_vi(one.concluded)}
    return _("%(share)s đúng (%(part)s/%(whole)s)") % {
        "share": percent_vi(one.share),
        "part": number_vi(one.confirmed),
        "whole": number_vi(one.concluded),
    }
