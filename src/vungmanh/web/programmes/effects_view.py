"""The catalogue of measures with how well each is known to help, and what our own files say."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.programme_words import EvidenceTier
from vungmanh.core.text import number_vi
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import MeasureCatalogue
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.effects import TOLD_FROM, MeasureEffect, effects
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest


@dataclass(frozen=True)
class MeasureRow:
    """A kind of measure in words."""

    words: str
    tier: str
    units: str
    excess: str
    proposed: str
    differs: bool


@require_safe
@needs(reads.VIEW)
def measure_effects(request: ViewerRequest) -> HttpResponse:
    """Tier in force beside what our own files say; a proposal is never set by itself."""
    today = timezone.localdate()
    rule = load_rulebook().on(today).rule(MeasureCatalogue.key)
    rows = [_row(one) for one in effects(today)]
    told = sum(row.differs for row in rows)
    context = {
        "rows": rows,
        "rule": rule,
        "finding": _("%s biện pháp có kết quả khác mức bằng chứng đang ghi.") % number_vi(told)
        if told
        else _("Kết quả của chính ta chưa cho phép đổi mức bằng chứng của biện pháp nào."),
        "may_adopt": can(request.viewer, "rulebook.rule.adopt"),
    }
    return render(request, "measures/effects.html", context)


def _row(one: MeasureEffect) -> MeasureRow:
    tier, proposed = one.measure.tier, one.proposed
    order = list(EvidenceTier)
    return MeasureRow(
        words=_(one.measure.text),
        tier=_(tier.label),
        units=number_vi(one.units),
        excess=_excess(one),
        proposed=_(proposed.label),
        differs=order.index(proposed) > order.index(tier),
    )


def _excess(one: MeasureEffect) -> str:
    if one.excess is None or one.excess.low is None or one.excess.high is None:
        return _("mới có %(n)s đơn vị đủ số liệu; từ %(least)s đơn vị mới nói được") % {
            "n": number_vi(one.units), "least": number_vi(TOLD_FROM),
        }  # fmt: skip
    said = {name: number_vi(round(value, 1)) for name, value in (
        ("mean", one.excess.mean), ("low", one.excess.low), ("high", one.excess.high))}  # fmt: skip
    return _("%(mean)s điểm phần trăm (từ %(low)s đến %(high)s)") % said
