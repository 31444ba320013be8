"""Records that look alike, in the words of the pages: always "please look", never an accusation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.viewer import Viewer
from vungmanh.analysis.copying.passages import marked
from vungmanh.core.periods import month_label, month_slug
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule
from vungmanh.meetings.lookalikes import RulePrecision, SameScore, text_of, units_in_sight
from vungmanh.meetings.models import MeetingVersion, TextLikeness
from vungmanh.org.listing import names_above
from vungmanh.org.models import UnitVersion

SCORES_SHOWN = 50
FEWEST_TO_SAY = 5  # fewer reviews than this say nothing about a rule
WAITING, REVIEWED = "cho", "da-xem"
STAGES = {WAITING: gettext_lazy("Chờ xem lại"), REVIEWED: gettext_lazy("Đã xem")}


@dataclass(frozen=True)
class LikenessRow:
    """One finding as list and page show it. `other` is empty for a record like no other."""

    likeness: TextLikeness
    name: str
    above: str
    other: str
    other_seen: bool

    @property
    def rule(self) -> str:
        return _(LikenessRule(self.likeness.rule).label)

    @property
    def outcome(self) -> str:
        said = self.likeness.outcome
        return _(LikenessOutcome(said).label) if said else ""

    @property
    def measure(self) -> str:
        """What the rule measured, with what it is a share of."""
        one = self.likeness
        match one.rule:
            case LikenessRule.EMPTY:
                return _("còn %(n)s cụm ba từ riêng") % {"n": number_vi(one.shared)}
            case LikenessRule.PART:
                return _("%(share)s nội dung riêng nằm trong biên bản kia") % {
                    "share": percent_vi(one.share, decimals=0)
                }
        return _("giống %(share)s nội dung riêng") % {"share": percent_vi(one.share, decimals=0)}

    @property
    def other_words(self) -> str:
        """The other record: its cell where the viewer may see it, never its name otherwise."""
        one = self.likeness
        if one.other_month is None:
            return ""
        return f"{self.other}, {month_label(one.other_month)}"


def likeness_rows(
    found: Iterable[TextLikeness], viewer: Viewer | None, on: dt.date
) -> list[LikenessRow]:
    """Rows in as many queries whatever their number."""
    rows = list(found)
    others = {row.other_unit_id for row in rows if row.other_unit_id}
    seen = units_in_sight(viewer, others, on)
    units = {row.unit_id for row in rows}
    versions = UnitVersion.objects.filter(unit_id__in=units | seen).order_by("valid")
    names = {version.unit_id: version.name for version in versions}  # the latest name wins
    above = names_above(units | seen, on)

    def other(row: TextLikeness) -> str:
        if row.other_unit_id is None:
            return ""
        if row.other_unit_id == row.unit_id:
            return _("chính chi bộ này")
        if row.other_unit_id not in seen:
            return _("một chi bộ khác")
        return _full(names.get(row.other_unit_id, ""), above.get(row.other_unit_id, ""))

    return [
        LikenessRow(
            row,
            names.get(row.unit_id, ""),
            above.get(row.unit_id, ""),
            other(row),
            row.other_unit_id in seen or row.other_unit_id == row.unit_id,
        )
        for row in rows
    ]


def _full(name: str, above: str) -> str:
    return f"{name}, {above}" if above else name


def finding_of_list(waiting: int, reviewed: int) -> str:
    """What waits for a person."""
    if not waiting and not reviewed:
        return _("Chưa có biên bản nào cần xem lại trong phạm vi của đồng chí.")
    if not waiting:
        return _("Đã xem hết: %(n)s biên bản đều có người kết luận.") % {"n": number_vi(reviewed)}
    return _("Mời xem lại %(n)s biên bản; %(m)s biên bản đã có người xem.") % {
        "n": number_vi(waiting),
        "m": number_vi(reviewed),
    }


def finding_of_pair(row: LikenessRow) -> str:
    """What the page says first."""
    one = row.likeness
    told = {"unit": row.name, "month": month_label(one.month), "other": row.other_words}
    match one.rule:
        case LikenessRule.EMPTY:
            return (
                _("Mời xem lại biên bản %(month)s của %(unit)s: hầu như không có nội dung riêng.")
                % told
            )
        case LikenessRule.PART:
            words = _("Mời xem lại biên bản %(month)s của %(unit)s: có đoạn dài giống %(other)s.")
            return words % told
    return _("Mời xem lại biên bản %(month)s của %(unit)s: giống biên bản của %(other)s.") % told


def stage_tabs(counts: dict[str, int], shown: str, rule: str) -> list[tuple[str, str, bool]]:
    """(words, address, is current) of each stage."""
    more = {"vi-sao": rule} if rule else {}
    return [
        (f"{words} {number_vi(counts[stage])}", f"?{urlencode({'gd': stage, **more})}",
         stage == shown)
        for stage, words in STAGES.items()
    ]  # fmt: skip


def rule_options() -> list[tuple[str, str]]:
    return [("", _("Mọi lẽ")), *((rule.value, _(rule.label)) for rule in LikenessRule)]


@dataclass(frozen=True)
class Side:
    """One of two texts: whose, when filed, its pieces with whether the other says the same."""

    title: str
    filed: str
    href: str
    pieces: list[tuple[str, bool]]


def sides(row: LikenessRow) -> list[Side]:
    """The later text, and the earlier one where the viewer may read it."""
    one = row.likeness
    found = [_side(one.version_id, _("Biên bản này: %(unit)s") % {"unit": row.name}, one, 0)]
    if one.other_version_id is not None and row.other_seen:
        found.append(_side(one.other_version_id, _("Nộp trước: %(unit)s") % {"unit": row.other},
                           one, 2))  # fmt: skip
    return found


def _side(version_id: int, title: str, one: TextLikeness, place: int) -> Side:
    version = MeetingVersion.objects.select_related("meeting").get(pk=version_id)
    meeting = version.meeting
    first = meeting.versions.order_by("filing").values_list("filed_at", flat=True)[0]
    return Side(
        title,
        _("Kỳ %(month)s, nộp lần đầu %(day)s lúc %(time)s")
        % {
            "month": month_label(meeting.month),
            "day": date_vi(localtime(first).date()),
            "time": f"{localtime(first):%H:%M}",
        },
        reverse("meeting", args=[meeting.unit_id, meeting.kind, month_slug(meeting.month)]),
        marked(text_of(version.facts), [(span[place], span[place + 1]) for span in one.passages]),
    )


@dataclass(frozen=True)
class PrecisionRow:
    """Precision of one rule in words."""

    label: str
    counts: RulePrecision
    outcomes: list[tuple[str, int]]
    words: str


def precision_rows(found: Iterable[RulePrecision]) -> list[PrecisionRow]:
    """Each rule with how often a talk was needed, or that there is too little to say."""
    return [
        PrecisionRow(
            _(one.rule.label),
            one,
            [(_(outcome.label), n) for outcome, n in one.outcomes.items()],
            _said(one),
        )
        for one in found
    ]


def _said(one: RulePrecision) -> str:
    if one.share is None or one.reviewed < FEWEST_TO_SAY:
        return _("chưa đủ để nói (%(n)s lần xem)") % {"n": number_vi(one.reviewed)}
    return _("%(share)s cần trao đổi (%(part)s/%(whole)s)") % {
        "share": percent_vi(one.share, decimals=0),
        "part": number_vi(one.outcomes[LikenessOutcome.NEEDS_TALK]),
        "whole": number_vi(one.reviewed),
    }


@dataclass(frozen=True)
class ScoreRow:
    """One cell whose own score never changes."""

    unit_id: UUID
    name: str
    months: str
    score: str


def score_rows(found: list[SameScore]) -> list[ScoreRow]:
    """The first SCORES_SHOWN of them, by name."""
    shown = found[:SCORES_SHOWN]
    versions = UnitVersion.objects.filter(unit_id__in=[one.unit_id for one in shown])
    names = {version.unit_id: version.name for version in versions.order_by("valid")}
    return [
        ScoreRow(
            one.unit_id,
            names.get(one.unit_id, ""),
            number_vi(one.months),
            number_vi(one.score),
        )
        for one in shown
    ]
