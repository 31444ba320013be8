"""What deciding a whole cycle would do: each proposed dossier, its grade within the cap, what is
missing. The page shows it, the action does it, from the same figures.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import name_key
from vungmanh.core.vocabulary import DossierAct, DossierState
from vungmanh.evaluation.actions.deciding import beside_words, waiting_below
from vungmanh.evaluation.bars import bars_of
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.evaluation.outcomes import waiting_beside
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.grading.explain import held_back_words
from vungmanh.rulebook.grading.quota import HeldBackReason, QuotaResult
from vungmanh.strengthening.year_grading import (
    Basis,
    DossierFinding,
    decision_basis,
    dossier_findings,
)
from vungmanh.strengthening.year_quota import beyond_cap, candidates_of, quota_of

#: The reason kept with a grade that only the cap lowered; the figures stand with the decision.
HELD_BACK = "Được đề xuất xuất sắc, bị giữ lại do tỷ lệ của nhóm."


@dataclass(frozen=True)
class Planned:
    """One dossier with the grade it would get. `held_back`: why the cap gives the next one."""

    dossier: Dossier
    finding: DossierFinding
    grade: str
    held_back: str
    problems: tuple[str, ...]

    @property
    def reason(self) -> str:
        """What is kept where the grade is not the one proposed."""
        return HELD_BACK if self.grade != self.dossier.proposed_grade else ""


@dataclass(frozen=True)
class CyclePlan:
    """`not_proposed`: how many are undecided and not proposed, so not in it. `mark` changes with
    everything the plan says: what was confirmed is what is done."""

    rows: tuple[Planned, ...]
    basis: Basis
    not_proposed: int

    @property
    def wrong(self) -> tuple[Planned, ...]:
        return tuple(row for row in self.rows if row.problems)

    @property
    def mark(self) -> str:
        said = [[str(row.dossier.pk), row.dossier.revision, row.grade] for row in self.rows]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def cycle_plan(
    cycle: Cycle, by: Viewer, *, at: dt.datetime, override_reason: str = ""
) -> CyclePlan:
    """Everything proposed in the cycle, as it would be decided now; for whoever decides there."""
    rated = Dossier.objects.filter(cycle=cycle, removed_at=None).select_related("cycle")
    proposed = rated.filter(state=DossierState.PROPOSED).order_by("pk")
    dossiers = sorted(proposed, key=lambda one: name_key(one.name))
    waiting = rated.filter(state__in=UNDECIDED).exclude(state=DossierState.PROPOSED).count()
    candidates = candidates_of(cycle, at=at)
    found = quota_of(candidates, cycle.rules)
    findings = dossier_findings(dossiers, at=at)
    grades = {str(one.pk): _grade(one, found) for one in dossiers}
    problems = _problems(dossiers, findings, found, by, override_reason)
    for group, words in beyond_cap(cycle, grades, found).items():
        best = load_rulebook().grade_scale(cycle.year).grades[0].code
        for one in dossiers:
            own = str(one.pk)
            if found and grades[own] == best and found.group_of[own] == group:
                problems[one.pk].append(words)
    rows = tuple(
        Planned(
            one,
            findings[one.pk],
            grades[str(one.pk)],
            held_back_words(found, str(one.pk)) if _is_held(one, found) and found else "",
            tuple(problems[one.pk]),
        )
        for one in dossiers
    )
    return CyclePlan(rows, decision_basis(dossiers, findings, candidates), waiting)


def _is_held(dossier: Dossier, found: QuotaResult | None) -> bool:
    own = str(dossier.pk)
    return bool(found and own in found.group_of and found.of(own).held(own))


def _grade(dossier: Dossier, found: QuotaResult | None) -> str:
    """What is proposed, or the next grade for one whom the cap holds back."""
    grades = load_rulebook().grade_scale(dossier.cycle.year).grades
    return grades[1].code if _is_held(dossier, found) else dossier.proposed_grade


def _problems(
    dossiers: Sequence[Dossier],
    findings: Mapping[UUID, DossierFinding],
    found: QuotaResult | None,
    by: Viewer,
    override_reason: str,
) -> dict[UUID, list[str]]:
    """By dossier, what keeps it from being decided, each with what to do."""
    below = {} if override_reason.strip() else {one.pk: n for one, n in waiting_below(dossiers)}
    beside = {} if override_reason.strip() else {one.pk: n for one, n in waiting_beside(dossiers)}
    bars = bars_of(by, dossiers)
    said: dict[UUID, list[str]] = {one.pk: [] for one in dossiers}
    for one in dossiers:
        mine, own = said[one.pk], str(one.pk)
        bar = bars[one.pk].get(DossierAct.DECIDE)
        if bar is not None:
            mine.append(bar.message)
        if one.pk in below:
            mine.append(
                f"Còn {below[one.pk]} tổ chức trực thuộc chưa có kết quả: chờ cấp dưới xong, "
                "hoặc ghi lý do quyết định trước cấp dưới."
            )
        if one.pk in beside:
            mine.append(
                f"{beside_words(beside[one.pk])}: chưa ghi kết quả ở hồ sơ; ghi kết quả ấy, hoặc "
                "ghi lý do quyết định trước."
            )
        points = findings[one.pk].points
        if points is not None and points.blanks:
            mine.append(
                f"Còn {points.blanks} tiêu chí để trống: trả lại hồ sơ để ghi đủ, hoặc quyết "
                "định riêng ở trang của hồ sơ."
            )
        held = found.of(own).held(own) if found and own in found.group_of else None
        if held is not None and held.reason is HeldBackReason.NO_SCORE:
            mine.append(
                "Được đề xuất mức cao nhất mà chưa có điểm nên chưa xét tỷ lệ: trả lại hồ sơ để "
                "ghi điểm, hoặc quyết định riêng ở trang của hồ sơ."
            )
    return said
