"""The cap on the best grade, for the committee before it decides: arithmetic, ties, who is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed
from vungmanh.core.text import fold, number_vi
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.reads import cycle_visible, dossiers_visible
from vungmanh.evaluation.sides import reads_whole
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.grading.explain import group_words, held_back_words
from vungmanh.rulebook.grading.groups import group_label
from vungmanh.rulebook.grading.quota import Candidate, GroupResult, QuotaResult
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.conditions import ExcellentQuota
from vungmanh.rulebook.values.quota import QuotaMethod
from vungmanh.strengthening.year_quota import candidates_of, quota_of
from vungmanh.web.access import needs
from vungmanh.web.evaluation.words import grade_labels
from vungmanh.web.requests import ViewerRequest

SEE = "evaluation.moderation.view"


@dataclass(frozen=True)
class PlaceRow:
    """One organisation proposed the best grade. `below`: the first under the cut."""

    dossier: Dossier
    score: str
    is_chosen: bool
    why: str
    decided: str
    is_first_below: bool = False


@dataclass(frozen=True)
class GroupTable:
    name: str
    group: GroupResult
    sentences: tuple[str, ...]
    rows: tuple[PlaceRow, ...]


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
    by_id = {candidate.id: candidate for candidate in candidates}
    tables = [_table(group, found, by_id, seen) for group in found.groups] if found else []
    context = {
        "cycle": one,
        "finding": _finding(found, candidates, one.year),
        "tables": tables,
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


def _finding(found: QuotaResult | None, candidates: list[Candidate], year: int) -> str:
    """How many are proposed the best grade, how many the cap lets through, who is held back."""
    if found is None:
        return _("Năm %s chưa có quy định về tỷ lệ xuất sắc trong bộ quy định.") % year
    wanted = sum(one.eligible and not one.protected for one in candidates)
    if not wanted:
        return _("Chưa tổ chức nào được đề xuất mức cao nhất năm %s.") % year
    chosen = len(found.chosen)
    said = _("%(n)s nơi được đề xuất mức cao nhất, tỷ lệ cho %(chosen)s") % {
        "n": number_vi(wanted), "chosen": number_vi(chosen),
    }  # fmt: skip
    if wanted == chosen:
        return said + _("; không nơi nào bị giữ lại.")
    return said + _("; %s nơi bị giữ lại.") % number_vi(wanted - chosen)


def _table(
    group: GroupResult,
    found: QuotaResult | None,
    by_id: Mapping[str, Candidate],
    seen: Mapping[str, Dossier],
) -> GroupTable:
    assert found is not None
    held = {one.id for one in group.held_back}
    listed = [seen[one] for one in (*group.chosen, *held) if one in seen]
    listed.sort(key=lambda d: (str(d.pk) in held, -(by_id[str(d.pk)].score or 0), fold(d.name)))
    rows: list[PlaceRow] = []
    for dossier in listed:
        own = str(dossier.pk)
        score = by_id[own].score
        rows.append(
            PlaceRow(
                dossier,
                _("chưa có điểm") if score is None else plain(score),
                own not in held,
                held_back_words(found, own) if own in held else "",
                grade_labels(dossier.cycle.year).get(dossier.grade, ""),
                own in held and not any(not row.is_chosen for row in rows),
            )
        )
    return GroupTable(group_label(group.name), group, group_words(group), tuple(rows))
