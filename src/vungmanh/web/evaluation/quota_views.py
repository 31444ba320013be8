"""The cap on the best grade, for the committee before it decides: arithmetic, ties, who is held."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed
from vungmanh.core.text import number_vi
from vungmanh.evaluation.models import Cycle
from vungmanh.evaluation.reads import cycle_visible, dossiers_visible
from vungmanh.evaluation.sides import reads_whole
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.grading.quota import Candidate, QuotaResult
from vungmanh.rulebook.values.conditions import ExcellentQuota
from vungmanh.rulebook.values.quota import QuotaMethod
from vungmanh.strengthening.year_places import open_places
from vungmanh.strengthening.year_quota import candidates_of, quota_of
from vungmanh.web.access import needs
from vungmanh.web.evaluation.quota_tables import free_places, group_tables, left_out
from vungmanh.web.requests import ViewerRequest

SEE = "evaluation.moderation.view"


@require_safe
@needs(SEE)
def quota(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """Each group of a cycle with its cap, and everybody who is proposed the best grade."""
    viewer = request.viewer
    one = cycle_visible(viewer, cycle_id)
    check_committee(viewer, one)
    candidates = candidates_of(one, at=timezone.now())
    found = quota_of(candidates, one.rules)
    seen = {
        str(d.pk): d for d in dossiers_visible(viewer).filter(cycle=one).select_related("cycle")
    }
    places = open_places(one, found)
    turns = {own for place in places for own in place.next}
    tables, quiet = group_tables(found, candidates, seen, turns) if found else ([], [])
    context = {
        "cycle": one,
        "finding": _finding(found, candidates, one.year, len(turns)),
        "tables": tables,
        "quiet": quiet,
        "left_out": left_out(found, seen) if found else [],
        "free": free_places(places, seen),
        "not_proposed": sum(not d.proposed_grade for d in seen.values()),
        "rules": [
            rule for key in (ExcellentQuota.key, QuotaMethod.key) if (rule := _rule(one, key))
        ],
    }
    return render(request, "evaluation/quota.html", context)


def check_committee(viewer: Viewer, cycle: Cycle) -> None:
    """Whole groups are for who decides, and for the province; a unit reads its own dossier."""
    if not reads_whole(viewer, cycle):
        raise NotAllowed(
            "Trang này của cấp quyết định xếp loại. Kết quả của tổ chức đồng chí xem ở hồ sơ của "
            "tổ chức.",
            code="other-side",
        )


def _rule(cycle: Cycle, key: str) -> Rule | None:
    wanted = cycle.rules.get(key)
    return next((rule for rule in load_rulebook().rules if rule.id == wanted), None)


def _finding(found: QuotaResult | None, candidates: list[Candidate], year: int, turns: int) -> str:
    """How many are proposed the best grade, how many the cap lets through, who is held back, and
    for whom a place has come free since."""
    if found is None:
        return _("Năm %s chưa có quy định về tỷ lệ xuất sắc trong bộ quy định.") % year
    wanted = sum(one.eligible and not one.protected for one in candidates)
    if not wanted:
        return _("Chưa tổ chức nào được đề xuất mức cao nhất năm %s.") % year
    chosen = len(found.chosen)
    said = _("%(n)s nơi được đề xuất mức cao nhất, tỷ lệ cho %(chosen)s") % {
        "n": number_vi(wanted), "chosen": number_vi(chosen),
    }  # fmt: skip
    if turns:
        said += _("; %s nơi đã bị giữ lại nay đến lượt suất trống") % number_vi(turns)
    if wanted == chosen:
        return f"{said}." if turns else said + _("; không nơi nào bị giữ lại.")
    return said + _("; %s nơi bị giữ lại.") % number_vi(wanted - chosen)
