"""What the page before the vote shows: doubts by unit, counts, strictness, the year before.

Everything comes from `strengthening.moderation`; here it only gets words, drawings and links. A
committee reads its own strictness, everybody else sums, and those only of enough committees that
no single one can be told from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.core.periods import month_label
from vungmanh.core.text import number_vi
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.strengthening.moderation import (
    CommitteeModeration,
    Discrepancy,
    Doubt,
    GradeCount,
    Leaning,
    Moderation,
    Strict,
)
from vungmanh.strengthening.moderation_texts import before_text, discrepancy_text, strict_text
from vungmanh.strengthening.moderation_years import YearBefore
from vungmanh.strengthening.year_moderation import standing_grade
from vungmanh.web.evaluation.words import grade_labels
from vungmanh.web.intervals import IntervalBar

#: Sums over fewer committees that could be compared would tell of single ones.
FEWEST_SUMMED = 5
#: Places in a hundred at either end of the scale of strictness.
WIDEST = 50.0


@dataclass(frozen=True)
class DoubtRow:
    """One unit to be talked about. `dossier`: in sight, so that it can be opened."""

    dossier: Dossier
    text: str
    bar: IntervalBar
    interval: str


@dataclass(frozen=True)
class DoubtList:
    title: str
    rows: Sequence[DoubtRow]


@dataclass(frozen=True)
class CountRow:
    """How many have a grade beside how many the figures let one expect."""

    label: str
    proposed: str
    expected: str
    interval: str
    verdict: str
    is_outside: bool


@dataclass(frozen=True)
class YearPair:
    """Two years side by side; over a break nothing leads from one to the other."""

    text: str
    is_break: bool
    before: tuple[int, Sequence[tuple[str, int]]]
    now: tuple[int, Sequence[tuple[str, int]]]
    missing: int

    @property
    def has_before(self) -> bool:
        return any(number for _label, number in self.before[1])


def finding(found: CommitteeModeration | None, moderation: Moderation, year: int) -> str:
    """Whether the figures ask anything before the vote."""
    if found is None:
        return _("Chưa hồ sơ nào năm %s có mức tự xếp loại hoặc đề xuất để đối chiếu.") % year
    if moderation.run_month is None:
        return _("Năm %s chưa có đánh giá theo số liệu, nên chưa đối chiếu được mức nào.") % year
    told = {"n": number_vi(found.units), "asked": number_vi(len(found.discrepancies))}
    if found.unknown == found.units:
        return _("%(n)s đơn vị đã có mức, chưa đơn vị nào có chỉ số để đối chiếu.") % told
    if found.discrepancies:
        return _("%(asked)s trong %(n)s đơn vị cần nói rõ căn cứ trước khi biểu quyết.") % told
    return _("%(n)s đơn vị đã có mức; không đơn vị nào có số liệu nói khác rõ ràng.") % told


def doubt_lists(found: CommitteeModeration, seen: Mapping[UUID, Dossier]) -> list[DoubtList]:
    """The two lists, each unit with its interval; only units in sight."""
    return [
        DoubtList(
            _(kind.label),
            [
                _doubt(one, seen[one.unit_id])
                for one in found.discrepancies
                if one.doubt is kind and one.unit_id in seen
            ],
        )
        for kind in Doubt
    ]


def _doubt(one: Discrepancy, dossier: Dossier) -> DoubtRow:
    signal = one.signal
    figures = {
        "index": number_vi(signal.index), "low": number_vi(signal.low),
        "high": number_vi(signal.high), "cut": number_vi(one.cut),
    }  # fmt: skip
    label = _("Chỉ số %(index)s, khoảng %(low)s đến %(high)s; mốc của mức này %(cut)s") % figures
    bar = IntervalBar(signal.index, signal.low, signal.high, label, limit=one.cut)
    return DoubtRow(dossier, discrepancy_text(one), bar, _("%(low)s đến %(high)s") % figures)


def count_rows(found: CommitteeModeration) -> list[CountRow]:
    """Each grade, the best first; nothing where no unit has an index."""
    if found.unknown == found.units:
        return []
    return [_count(one) for one in found.counts]


def _count(one: GradeCount) -> CountRow:
    if not one.is_outside:
        verdict = _("trong khoảng")
    elif one.proposed > one.high:
        verdict = _("nhiều hơn khoảng, nên hỏi vì sao")
    else:
        verdict = _("ít hơn khoảng, nên hỏi vì sao")
    return CountRow(
        _(one.label),
        number_vi(one.proposed),
        number_vi(one.expected),
        _("%(low)s đến %(high)s") % {"low": number_vi(one.low), "high": number_vi(one.high)},
        verdict,
        one.is_outside,
    )


def strict_bar(strict: Strict) -> IntervalBar | None:
    """How far from others, in places of a hundred; the tick is no difference."""
    if strict.estimate is None or strict.low is None or strict.high is None:
        return None
    return IntervalBar(
        strict.estimate * 100, strict.low * 100, strict.high * 100, strict_text(strict),
        first=-WIDEST, last=WIDEST, limit=0.0,
    )  # fmt: skip


def summed_words(moderation: Moderation) -> list[tuple[str, str]]:
    """How committees of the level lean and how many units are asked about; never which.

    Empty while fewer than FEWEST_SUMMED can be compared."""
    summed = moderation.summed
    if summed.committees - summed.leanings[Leaning.TOO_FEW] < FEWEST_SUMMED:
        return []
    leanings = [(_(one.label), number_vi(n)) for one, n in summed.leanings.items()]
    doubts = [(_(one.label), number_vi(n)) for one, n in summed.doubts.items()]
    return [
        *leanings,
        *((_("%(doubt)s (đơn vị)") % {"doubt": label}, number) for label, number in doubts),
    ]


def all_bars(moderation: Moderation) -> list[IntervalBar]:
    """Every committee that could be compared, from strict to lenient, without its name."""
    bars = [bar for one in moderation.committees.values() if (bar := strict_bar(one.strict))]
    return sorted(bars, key=lambda bar: (bar.value, bar.low)) if len(bars) >= FEWEST_SUMMED else []


def year_pair(year: int, before: YearBefore, rated: Sequence[Dossier]) -> YearPair:
    """The year before and this one, each in the words of its own scale."""
    counted = Counter(standing_grade(one) for one in rated)
    now = [(label, counted[code]) for code, label in grade_labels(year).items()]
    then = [(_(label), number) for label, number in before.counts]
    return YearPair(
        before_text(before), before.is_break, (before.year, then), (year, now), before.missing
    )


def not_known(
    cycle: Cycle,
    moderation: Moderation,
    found: CommitteeModeration | None,
    rated: Sequence[Dossier],
) -> list[str]:
    """What the comparison does not rest on, in sentences with counts."""
    said = []
    without = sum(not standing_grade(one) for one in rated)
    if without:
        said.append(_("%s hồ sơ chưa có mức nào, chưa tính ở đây.") % number_vi(without))
    alone = sum(bool(one.self_grade) and not one.proposed_grade for one in rated)
    if alone:
        said.append(
            _("%s hồ sơ mới có mức tự xếp loại; khi có đề xuất thì tính theo đề xuất.")
            % number_vi(alone)
        )
    if found is not None and found.unknown:
        said.append(
            _("%s đơn vị chưa có chỉ số của năm nên không đối chiếu được.")
            % number_vi(found.unknown)
        )
    if moderation.run_month is None:
        said.append(_("Năm %s chưa có kỳ đánh giá nào.") % cycle.year)
    elif moderation.run_month.month != 12:
        said.append(_("Số liệu mới đến %s, chưa trọn năm.") % month_label(moderation.run_month))
    others = len(moderation.committees) - (found is not None)
    if not others:
        said.append(_("Chưa có nơi cùng cấp nào khác có mức của năm này để so."))
    return said
