"""Thử ngưỡng: move one threshold, see who enters and leaves, and what it loads on whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from vungmanh.core.errors import InputError
from vungmanh.core.periods import month_label
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status
from vungmanh.rulebook import Rule, load_rulebook
from vungmanh.strengthening.explore import EXPLORE, Exploration, GrainChange, Load, Moved, explore
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.queries import run_of
from vungmanh.strengthening.thresholds import BY_CODE, THRESHOLDS, Threshold
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest

SHOWN = 100  # of one list; the counts above it tell the rest

#: What each number is, as the label of its field.
LABELS = {
    "so-ky": gettext_lazy("Số kỳ tối thiểu phải họp, trong 12 kỳ"),
    "khuyet-bi-thu": gettext_lazy("Số ngày khuyết bí thư"),
    "keo-dai": gettext_lazy("Số lần một nghị quyết bị kéo dài"),
    "ket-nap": gettext_lazy("Số năm không kết nạp"),
    "it-dang-vien": gettext_lazy("Số đảng viên chính thức tối thiểu"),
    "chi-bo-yeu": gettext_lazy("Hơn bao nhiêu phần trăm chi bộ có lý do nặng"),
    "bao-cao": gettext_lazy("Tỷ lệ phần trăm kỳ phải có báo cáo"),
}


@dataclass(frozen=True)
class Tried:
    """The threshold on the page: what is in force, what was asked for, and why it cannot be."""

    threshold: Threshold
    rule: Rule
    now: int
    number: int
    highest: int
    error: str = ""

    @property
    def label(self) -> str:
        return str(LABELS[self.threshold.code])

    @property
    def is_moved(self) -> bool:
        return self.number != self.now


@require_safe
@needs(EXPLORE)
def threshold_explorer(request: ViewerRequest) -> HttpResponse:
    """The whole page, or to htmx its result alone."""
    run = run_of(request.period)
    if run is None:
        return render(request, "rulebook/explore_empty.html")
    found, tried = try_number(request, run)
    context = {
        "tried": tried,
        "thresholds": [(one.code, str(LABELS[one.code])) for one in THRESHOLDS],
        "finding": _finding(found),
        **result(found, tried),
    }
    template = "rulebook/explore_result.html" if request.htmx else "rulebook/explore.html"
    return render(request, template, context)


def try_number(request: ViewerRequest, run: AssessmentRun) -> tuple[Exploration, Tried]:
    """What the address asks for, explored; with a number out of bounds, what is in force."""
    threshold = BY_CODE.get(request.GET.get("nguong", ""), THRESHOLDS[0])
    as_is = explore(request.viewer, run, {})
    now = threshold.of(as_is.rules)
    rule = load_rulebook().on(request.as_of).rule(threshold.key)
    highest = threshold.highest(as_is.rules)
    typed = request.GET.get("so", "").strip()
    if not typed:
        return as_is, Tried(threshold, rule, now, now, highest)
    try:
        number = int(typed)
        threshold.check(number, as_is.rules)
    except ValueError:
        error = _("Gõ một số từ %(low)s đến %(high)s.") % {"low": threshold.low, "high": highest}
        return as_is, Tried(threshold, rule, now, now, highest, error)
    except InputError as refused:
        return as_is, Tried(threshold, rule, now, now, highest, refused.message)
    tried = Tried(threshold, rule, now, number, highest)
    return explore(request.viewer, run, {threshold.code: number}), tried


# --- in words --------------------------------------------------------------------------------


def _finding(found: Exploration) -> str:
    return _(
        "%(month)s, theo các ngưỡng đang dùng: %(organisations)s tổ chức cơ sở và %(cells)s chi bộ"
        " cần củng cố."
    ) % {
        "month": month_label(found.month).capitalize(),
        "organisations": number_vi(found.organisations.before[Status.WEAK]),
        "cells": number_vi(found.cells.before[Status.WEAK]),
    }


def result(found: Exploration, tried: Tried) -> dict[str, Any]:
    """What stands below the number: the sentence, the lists, the loads."""
    return {
        "tried": tried,
        "sentence": _sentence(found, tried),
        "grains": [
            _grain(_("Tổ chức cơ sở đảng"), found.organisations),
            _grain(_("Chi bộ"), found.cells),
        ],
        "loads": [
            (_("Cấp ủy viên phụ trách"), _load_rows(found.overseers)),
            (_("Tổ chức cơ sở đảng"), _load_rows(found.committees)),
        ],
        "without": (found.overseers.without_before, found.overseers.without_after),
    }


def _sentence(found: Exploration, tried: Tried) -> str:
    if not tried.is_moved:
        return _("Ngưỡng đang dùng là %(now)s. Kéo thanh hoặc gõ số khác để thử; không ghi gì.") % {
            "now": number_vi(tried.now)
        }
    grains = (found.organisations, found.cells)
    entering, leaving = (
        sum(len(getattr(one, w)) for one in grains) for w in ("entering", "leaving")
    )
    if not entering and not leaving:
        words = _("Từ %(now)s sang %(then)s: không nơi nào vào hay ra khỏi diện cần củng cố.")
        return words % {"now": number_vi(tried.now), "then": number_vi(tried.number)}
    return _(
        "Từ %(now)s sang %(then)s: thêm %(oin)s tổ chức, %(cin)s chi bộ cần củng cố; bớt %(oout)s"
        " tổ chức, %(cout)s chi bộ."
    ) % {
        "now": number_vi(tried.now),
        "then": number_vi(tried.number),
        "oin": number_vi(len(found.organisations.entering)),
        "cin": number_vi(len(found.cells.entering)),
        "oout": number_vi(len(found.organisations.leaving)),
        "cout": number_vi(len(found.cells.leaving)),
    }


@dataclass(frozen=True)
class List:
    """Some of the units that move; `more` of them are not shown."""

    title: str
    units: tuple[Moved, ...]
    more: int
    is_open: bool

    @classmethod
    def of(cls, title: str, units: tuple[Moved, ...], *, is_open: bool = True) -> List:
        return cls(title, units[:SHOWN], max(len(units) - SHOWN, 0), is_open)


def _grain(title: str, change: GrainChange) -> dict[str, Any]:
    entering, leaving, others = change.entering, change.leaving, change.others
    n = len
    return {
        "title": title,
        "statuses": [
            (
                status,
                change.before[status],
                change.after[status],
                change.before[status] != change.after[status],
            )
            for status in Status
        ],
        "areas": [area for area in change.areas if area.before != area.after],
        "lists": [
            one
            for one in (
                List.of(_("Thêm vào diện cần củng cố: %s") % number_vi(n(entering)), entering),
                List.of(_("Ra khỏi diện cần củng cố: %s") % number_vi(n(leaving)), leaving),
                List.of(_("Đổi trạng thái khác: %s") % number_vi(n(others)), others, is_open=False),
            )
            if one.units
        ],
    }


def _load_rows(load: Load) -> list[tuple[str, int, int]]:
    """How many have 1, 2, 3 … weak cells; from five on together."""

    def upto(counts: Counter[int]) -> Counter[int]:
        cut: Counter[int] = Counter()
        for cells, many in counts.items():
            cut[min(cells, 5)] += many
        return cut

    before, after = upto(load.before), upto(load.after)
    return [
        (
            _("5 chi bộ trở lên") if n == 5 else _("%(n)s chi bộ") % {"n": n},
            before[n],
            after[n],
        )
        for n in range(1, 6)
        if before[n] or after[n]
    ]
