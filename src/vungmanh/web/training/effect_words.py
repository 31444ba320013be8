"""What became of the units that came, in words: of many together, beside like units, no claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.analysis.rebound import FEWEST
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.core.vocabulary import Status
from vungmanh.strengthening.effects import TOLD_FROM
from vungmanh.strengthening.training_effects import MONTHS, CourseEffect, Means, Stood


@dataclass(frozen=True)
class Shown:
    """What the section shows. `rows`: a state, then how many before and now, taught and like."""

    why_not: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    means: list[tuple[str, str]]
    notes: list[str]

    @property
    def cells(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row with the heading of each of its numbers, for a narrow screen."""
        return [(one[0], list(zip(self.head, one[1:], strict=True))) for one in self.rows]


def shown(one: CourseEffect) -> Shown:
    if one.taught is None:
        return Shown(_too_few(one), (), [], [], [])
    notes = []
    if one.like is None:
        notes.append(_("Chưa đủ %s đơn vị cùng loại không học để đặt cạnh.") % number_vi(FEWEST))
    if one.means is None:
        notes.append(
            _("Phần số kỳ đã họp được so khi ít nhất %s đơn vị đã hết mười hai tháng sau khi học.")
            % number_vi(TOLD_FROM)
        )
    if one.taught.ended:
        notes.append(
            _("%s đơn vị đã học nay đã kết thúc, không đếm vào cột “nay”.")
            % number_vi(one.taught.ended)
        )
    head = [_("Đã học: lúc học"), _("Đã học: nay")]
    if one.like is not None:
        head += [_("Không học: lúc ấy"), _("Không học: nay")]
    return Shown("", tuple(head), _rows(one.taught, one.like), _means(one.means), notes)


def _too_few(one: CourseEffect) -> str:
    if not one.units:
        return _("Chưa ghi đơn vị nào dự.")
    return _(
        "%(units)s đơn vị đã dự, %(waited)s đơn vị đã qua %(months)s tháng trọn. Cần ít nhất"
        " %(least)s đơn vị mới nói được; không nói của riêng một đơn vị."
    ) % {
        "units": number_vi(one.units), "waited": number_vi(one.waited),
        "months": number_vi(MONTHS), "least": number_vi(TOLD_FROM),
    }  # fmt: skip


def _rows(taught: Stood, like: Stood | None) -> list[tuple[str, ...]]:
    found = []
    for state in Status:
        told = [taught.before, taught.now, *((like.before, like.now) if like else ())]
        if any(each.get(state) for each in told):
            found.append((_(state.label), *(_share(each, state) for each in told)))
    return found


def _share(told: Mapping[Status, int], state: Status) -> str:
    total = sum(told.values())
    return f"{number_vi(told.get(state, 0))}/{number_vi(total)}" if total else "–"


def _means(one: Means | None) -> list[tuple[str, str]]:
    if one is None:
        return []
    pair = _("năm trước %(before)s, năm sau %(after)s")
    return [
        (_("Đơn vị đã học, trung bình %s nơi") % number_vi(one.units),
         pair % {"before": _of(one.before), "after": _of(one.after)}),
        (_("Đơn vị cùng loại không học, trước đó gần bằng"),
         pair % {"before": _of(one.like_before), "after": _of(one.like_after)}),
        (_("Nếu không học, chỉ theo xu thế chung và quay về mức trung bình"),
         _("khoảng %(low)s đến %(high)s mỗi nơi") % {
             "low": _of(max(one.low, 0)), "high": _of(min(one.high, 100))}),
    ]  # fmt: skip


def _of(value: float) -> str:
    return percent_vi(value / 100)
