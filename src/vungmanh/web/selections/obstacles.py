"""What keeps units out of a list, in words: how many, until when, what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.text import date_vi, number_vi
from vungmanh.strengthening.choosing_obstacles import Obstacle, obstacles_of
from vungmanh.strengthening.selection_reads import Inputs

#: Each as addresses write it.
SLUGS = {
    Obstacle.MAY_ANSWER: "han-giai-trinh",
    Obstacle.TOO_FEW: "chua-du-lan",
    Obstacle.NOT_AGAIN: "moi-cung-co-xong",
    Obstacle.HELPED: "dang-cung-co",
    Obstacle.SILENT: "it-bao-cao",
    Obstacle.NOT_WEAK: "khong-thuoc-dien",
}


@dataclass(frozen=True)
class Hindered:
    """All that keeps one unit out; `until` the last day on which it may answer, where known."""

    by: tuple[Obstacle, ...] = ()
    until: dt.date | None = None


def hindered(row: Mapping[str, Any], inputs: Inputs, year: int) -> Hindered:
    """From what the list kept of the unit; nothing for whoever may be chosen."""
    kept = inputs.candidates.get(row["unit"])
    if kept is None:
        return Hindered()
    until = inputs.waiting.get(row["unit"])
    return Hindered(
        obstacles_of(kept, inputs.rule, year), dt.date.fromisoformat(until) if until else None
    )


def beside_first(found: Hindered) -> str:
    """What stands in the way besides what the rule met first, in a sentence; "" where nothing."""
    words = []
    if Obstacle.MAY_ANSWER in found.by and found.until:
        words.append(_("hạn giải trình đến hết ngày %(day)s") % {"day": date_vi(found.until)})
    elif Obstacle.MAY_ANSWER in found.by[1:]:
        words.append(_("còn trong hạn giải trình lý do đã nêu"))
    for one, said in (
        (Obstacle.TOO_FEW, _("chưa yếu đủ số lần xét liền nhau")),
        (Obstacle.NOT_AGAIN, _("mới củng cố xong")),
        (Obstacle.SILENT, _("báo cáo quá ít kỳ")),
        (Obstacle.NOT_WEAK, _("lần xét này không ở diện cần củng cố")),
    ):
        if one in found.by[1:]:
            words.append(said)
    return _("Cùng đó: %(words)s.") % {"words": "; ".join(words)} if words else ""


@dataclass(frozen=True)
class Count:
    """How many units one obstacle keeps out, the part of the table that holds them, what next."""

    part: str
    count: int
    words: str
    step: str


def counted(found: Iterable[Hindered], rule: Mapping[str, Any]) -> list[Count]:
    """Each obstacle that somebody meets; a unit that meets two counts at both."""
    all_ = list(found)
    steps = _steps()
    told = []
    for one, slug in SLUGS.items():
        count = sum(one in each.by for each in all_)
        if count:
            words = _label(one, all_, rule)
            told.append(Count(slug, count, f"{number_vi(count)} {words}", steps[one]))
    return told


def _label(one: Obstacle, all_: list[Hindered], rule: Mapping[str, Any]) -> str:
    if one is Obstacle.MAY_ANSWER:
        days = [each.until for each in all_ if each.until and one in each.by]
        if days and min(days) != max(days):
            return _("nơi còn trong hạn giải trình, từ %(first)s đến hết %(last)s") % {
                "first": date_vi(min(days)), "last": date_vi(max(days)),
            }  # fmt: skip
        if days:
            return _("nơi còn trong hạn giải trình, đến hết %(last)s") % {"last": date_vi(days[0])}
    return {
        Obstacle.MAY_ANSWER: _("nơi còn trong hạn giải trình"),
        Obstacle.TOO_FEW: _("nơi chưa yếu đủ %(n)s lần xét liền nhau")
        % {"n": number_vi(rule["bad_periods"])},
        Obstacle.NOT_AGAIN: _("nơi đã củng cố xong chưa quá %(n)s năm")
        % {"n": number_vi(rule["not_again_years"])},
        Obstacle.HELPED: _("nơi đang có hồ sơ củng cố"),
        Obstacle.SILENT: _("nơi báo cáo quá ít, chưa biết mạnh yếu"),
        Obstacle.NOT_WEAK: _("nơi không ở diện cần củng cố"),
    }[one]


def _steps() -> dict[Obstacle, str]:
    return {
        Obstacle.MAY_ANSWER: _(
            "Đôn đốc đơn vị giải trình, kết luận ở trang Giải trình; hết hạn thì lập lại danh sách."
        ),
        Obstacle.TOO_FEW: _(
            "Theo dõi ở trang Nhận diện. Cần giúp sớm thì thường vụ đưa vào, ghi lý do."
        ),
        Obstacle.NOT_AGAIN: _("Xem hồ sơ trước có tái yếu không; tái yếu thì xét lại ngay."),
        Obstacle.HELPED: _("Làm tiếp trong hồ sơ đang mở, không lập hồ sơ thứ hai."),
        Obstacle.SILENT: _("Xác minh từng kỳ chưa báo cáo rồi mới xét."),
        Obstacle.NOT_WEAK: _("Không phải làm gì."),
    }
