"""Before the vote: the grades of a cycle beside what the figures let one expect."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vungmanh.core.text import name_key
from vungmanh.evaluation.reads import cycle_visible, dossiers_visible
from vungmanh.evaluation.sides import decides
from vungmanh.strengthening.moderation_texts import strict_text
from vungmanh.strengthening.year_fairness import fairness_of
from vungmanh.strengthening.year_moderation import moderate_cycle, organisations, standing_grade
from vungmanh.web.access import needs
from vungmanh.web.evaluation import moderation as shown
from vungmanh.web.evaluation.fairness import fairness_shown
from vungmanh.web.evaluation.quota_views import SEE, check_committee
from vungmanh.web.requests import ViewerRequest


@require_safe
@needs(SEE)
def moderation(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """Doubts, counts, strictness and the year before. Nothing here changes a grade."""
    viewer = request.viewer
    cycle = cycle_visible(viewer, cycle_id)
    check_committee(viewer, cycle)
    rated = organisations(dossiers_visible(viewer).filter(cycle=cycle))
    rated.sort(key=lambda one: (name_key(one.name), one.pk))
    told = moderate_cycle(cycle, at=timezone.now())
    own = told.committees.get(cycle.unit_id)
    spread = fairness_of(cycle, at=timezone.now())
    is_own = decides(viewer, cycle)
    context = {
        "cycle": cycle,
        "finding": shown.finding(own, told, cycle.year),
        "own": own,
        "run_month": told.run_month,
        "data_mark": told.input_hash[:12],
        "unknown": shown.not_known(cycle, told, own, rated),
        "summed": shown.summed_words(told),
        "fewest": shown.FEWEST_SUMMED,
        "bars": [] if is_own else shown.all_bars(told),
        "is_own": is_own,
        "spread": fairness_shown(spread),
    }
    if own is not None:
        graded = [one for one in rated if standing_grade(one)]
        context |= {
            "doubts": shown.doubt_lists(own, {one.unit_id: one for one in graded}),
            "counts": shown.count_rows(own),
            "years": shown.year_pair(cycle.year, own.before, graded),
            "strict": strict_text(own.strict) if is_own else "",
            "strict_bar": shown.strict_bar(own.strict) if is_own else None,
        }
    return render(request, "evaluation/moderation.html", context)
