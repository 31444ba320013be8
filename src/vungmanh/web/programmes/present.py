"""What the pages of programmes say: findings, targets in words, gates, who chose how many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.models import Event
from vungmanh.core.periods import month_label
from vungmanh.core.programme_words import GateKind, ProgrammeState
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.strengthening.actions.programmes import TargetText
from vungmanh.strengthening.figures.catalogue import figures_by_code
from vungmanh.strengthening.models import Programme, ProgrammeTarget, TargetValue
from vungmanh.strengthening.programme_figures import TargetNow
from vungmanh.strengthening.programme_reads import ChosenOfLevel, GateNow


def finding_of_list(states: Mapping[str, int]) -> str:
    """Of all in sight, how many are in each state."""
    if not states:
        return _("Chưa có đề án củng cố nào.")
    return _("%(running)s đề án đang thực hiện, trong %(all)s đề án.") % {
        "running": number_vi(states.get(ProgrammeState.RUNNING, 0)),
        "all": number_vi(sum(states.values())),
    }  # fmt: skip


def finding_of(
    programme: Programme, targets: Sequence[TargetNow], gates: Sequence[GateNow],
    *, is_returned: bool = False,
) -> str:  # fmt: skip
    """The sentence that opens the dashboard: what is reached, what is not known, who is late."""
    if programme.state == ProgrammeState.DRAFT:
        if is_returned:
            return _("Đề án được trả lại để sửa.")
        return _("Đề án đang soạn, chưa trình.")
    if programme.state == ProgrammeState.SUBMITTED:
        return _("Đề án đã trình, chờ duyệt.")
    reached = sum(one.is_reached is True for one in targets)
    unknown = sum(one.is_reached is None for one in targets)
    is_over = programme.state == ProgrammeState.CLOSED
    said = (
        _("%(reached)s trong %(all)s chỉ tiêu đạt khi đến hạn")
        if is_over
        else _("%(reached)s trong %(all)s chỉ tiêu đang đạt")
    )
    words = said % {"reached": number_vi(reached), "all": number_vi(len(targets))}
    if unknown:
        words += _("; %(n)s chỉ tiêu chưa đo được") % {"n": number_vi(unknown)}
    missing = sum(one.missing for one in gates)
    if missing:
        words += _("; thiếu %(n)s báo cáo ở các mốc đã qua") % {"n": number_vi(missing)}
    return words + "."


def levels_words(programme: Programme) -> list[tuple[str, str]]:
    """How many organisations each level is to choose a year, before anybody decided."""
    return [
        (_(UnitKind(one["kind"]).label), _("%(n)s nơi") % {"n": number_vi(one["a_year"])})
        for one in programme.levels
    ]


def event_words(event: Event | None) -> dict[str, object] | None:
    """Who did it, when, and why, as far as it may still be told."""
    if event is None:
        return None
    return {"by": event.by, "at": localdate(event.at), "reason": event.personal.get("reason", "")}


def state_words(programme: Programme) -> str:
    return _(ProgrammeState(programme.state).label)


def years_words(programme: Programme) -> str:
    return f"{programme.first_year}–{programme.last_year}"


@dataclass(frozen=True)
class TargetRow:
    """One target in words. `href` opens the figure behind it."""

    number: int
    text: str
    figure: str
    href_code: str
    base: str
    now: str
    of: str
    aim: str
    due: dt.date
    verdict: str
    way: str
    is_overdue: bool
    then: str = ""  # the months it is of, where they are not those of the page
    by_hand: int = 0  # the id of a target whose values are told by hand


def starts_words(said: Sequence[TargetText], made: Sequence[ProgrammeTarget]) -> list[str]:
    """Where the measured start stands for another that was typed."""
    return [
        _("Chỉ tiêu %(n)s: khi bắt đầu lấy số máy đo %(measured)s, thay cho %(typed)s đã gõ.") % {
            "n": kept.number, "measured": number_vi(kept.base_value),
            "typed": number_vi(typed.base_value),
        }
        for typed, kept in zip(said, made, strict=True)
        if typed.base_value is not None and kept.base_value is not None
        and typed.base_value != kept.base_value
    ]  # fmt: skip


def target_rows(
    targets: Sequence[TargetNow], today: dt.date, period: dt.date, *, is_draft: bool = False
) -> list[TargetRow]:
    """`is_draft`: nothing is on its way yet."""
    return [_target_row(one, today, period, is_draft) for one in targets]


def _target_row(one: TargetNow, today: dt.date, period: dt.date, is_draft: bool) -> TargetRow:
    target, known = one.target, figures_by_code().get(one.target.indicator)
    share = one.measured is not None and one.measured.whole is not None
    sign = " %" if share else ""
    aim = _("từ %(n)s trở lên") if target.is_rise else _("từ %(n)s trở xuống")
    base = ""
    if target.base_value is not None:
        base = number_vi(target.base_value) + sign
        if target.base_month:
            base += f" ({month_label(target.base_month)})"
    return TargetRow(
        number=target.number,
        text=target.text,
        figure=known.title if known else "",
        href_code=known.code if known else "",
        base=base or "–",
        now=_("chưa đo được") if one.value is None else number_vi(one.value) + sign,
        of=_of(one, one.period or period),
        then=_then(one, period),
        aim=aim % {"n": number_vi(target.aim_value) + sign},
        due=target.due_on,
        verdict=_("chưa bắt đầu") if is_draft else _verdict(one, is_over=bool(_then(one, period))),
        way="" if one.way is None or is_draft else _way(one.way),
        is_overdue=target.due_on < today and one.is_reached is False,
        by_hand=target.pk if one.is_by_hand else 0,
    )


#: What the parts of a share are, by the first word of the figure's unit.
_NOUNS = {"lượt": gettext_lazy("lượt"), "việc": gettext_lazy("việc"),
          "báo cáo": gettext_lazy("báo cáo"), "buổi": gettext_lazy("buổi")}  # fmt: skip


def _of(one: TargetNow, period: dt.date) -> str:
    """What the figure is out of, who says it, or why there is none."""
    if one.told is not None:
        return told_words(one.told)
    if one.measured is None:
        by_hand = _("đo bằng tay, nhập giá trị kèm nguồn")
        return by_hand if one.is_by_hand else _("chưa có bản ghi nào trong 12 tháng")
    if one.measured.whole is None:
        if one.measured.first is None:
            return ""
        return _("cộng từ %(first)s đến %(last)s") % {
            "first": month_label(one.measured.first), "last": month_label(period),
        }  # fmt: skip
    figures = {
        "part": number_vi(one.measured.part, decimals=0),
        "whole": number_vi(one.measured.whole, decimals=0),
    }
    noun = _NOUNS.get(figures_by_code()[one.target.indicator].unit.split(",")[0])
    if noun is None:
        return _("%(part)s trong %(whole)s kỳ") % figures
    return _("%(part)s trong %(whole)s %(noun)s") % {**figures, "noun": noun}


def told_words(value: TargetValue) -> str:
    """Where a value told by hand comes from, and of which day it is."""
    return _("nhập tay, ngày %(day)s: %(source)s") % {
        "day": date_vi(value.on), "source": value.source,
    }  # fmt: skip


def _then(one: TargetNow, period: dt.date) -> str:
    """Until when it is measured, of a target whose month has gone by."""
    if one.measured is None or one.period is None or one.period == period:
        return ""
    return _("12 tháng đến %(month)s, khi đến hạn") % {"month": month_label(one.period)}


def _verdict(one: TargetNow, *, is_over: bool) -> str:
    if one.is_reached is None:
        return _("chưa biết")
    if is_over:
        return _("đạt khi đến hạn") if one.is_reached else _("không đạt khi đến hạn")
    return _("đang đạt") if one.is_reached else _("chưa đạt")


def _way(way: float) -> str:
    if way < 0:
        return _("xa hơn lúc bắt đầu")
    return _("đã đi %(n)s %% quãng đường") % {"n": number_vi(min(way, 100), decimals=0)}


@dataclass(frozen=True)
class GateRow:
    """One gate in words."""

    gate_id: int
    label: str
    due: dt.date
    asks: str
    told: str
    trouble: str


def gate_rows(gates: Sequence[GateNow]) -> list[GateRow]:
    return [
        GateRow(
            one.gate.pk,
            _(GateKind(one.gate.kind).label),
            one.gate.due_on,
            one.gate.asks,
            _("%(n)s trong %(of)s nơi") % {"n": number_vi(one.reported), "of": number_vi(one.due)}
            if one.due
            else _("không có nơi nào phải báo cáo trong phạm vi đang xem"),
            _trouble(one),
        )
        for one in gates
    ]


def _trouble(one: GateNow) -> str:
    said = []
    if one.missing:
        said.append(_("thiếu %(n)s") % {"n": number_vi(one.missing)})
    if one.late:
        said.append(_("%(n)s muộn") % {"n": number_vi(one.late)})
    return ", ".join(said)


@dataclass(frozen=True)
class ChosenRow:
    """How many one level chose in one year."""

    year: int
    level: str
    committees: str
    chosen: str
    planned: str
    withdrawn: int


def chosen_rows(found: Sequence[ChosenOfLevel]) -> list[ChosenRow]:
    return [
        ChosenRow(
            one.year,
            _(one.kind.label),
            number_vi(one.committees),
            number_vi(one.chosen),
            "–"
            if one.planned is None
            else _("%(n)s mỗi nơi, cả thảy %(all)s")
            % {"n": number_vi(one.planned), "all": number_vi(one.planned * one.committees)},
            one.withdrawn,
        )
        for one in found
    ]


def figures_words(figures: dict[str, object]) -> str:
    """The figures that were kept with a report, in one sentence."""
    if not figures:
        return ""
    return _(
        "12 tháng đến %(month)s: %(held)s kỳ đã họp, %(not_held)s kỳ không họp, %(no_report)s kỳ "
        "chưa báo cáo; đã chọn %(chosen)s nơi."
    ) % {
        "month": figures.get("month", ""),
        **{
            name: number_vi(figures.get(name, 0))  # type: ignore[arg-type]
            for name in ("held", "not_held", "no_report", "chosen")
        },
    }


def late_words(at: dt.date, due: dt.date) -> str:
    days = (at - due).days
    return _("muộn %(n)s ngày") % {"n": number_vi(days)} if days > 0 else ""
