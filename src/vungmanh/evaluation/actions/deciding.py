"""Decisions: a grade with its rules and figures, the notice of it, and opening it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import (
    CycleState,
    DossierAct,
    DossierState,
    DossierSubject,
    OutcomeSubject,
)
from vungmanh.evaluation.actions.hand import (
    Hand,
    Said,
    differs,
    done,
    done_many,
    grade_of,
    hold_cycle_of,
    locked,
    locked_many,
    reason_of,
)
from vungmanh.evaluation.canonical import canonical, digest_of
from vungmanh.evaluation.models import Cycle, DecisionInputs, Dossier, GradeDecision, YearGrade
from vungmanh.evaluation.outcomes import waiting_beside
from vungmanh.evaluation.reads import cycle_visible
from vungmanh.org.models import UnitClosure
from vungmanh.org.own_rules import steady
from vungmanh.rulebook import load_rulebook

A = DossierAct
LONGEST_DOCUMENT = 200
_DIFFERS = "Mức quyết định khác mức đề xuất: ghi lý do (ví dụ: vượt tỉ lệ của nhóm)."


@dataclass(frozen=True)
class Verdict:
    """The grade for one dossier; `result` is what was computed for it, JSON-able."""

    dossier_id: UUID
    grade: str
    result: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Paper:
    """The document of a decision and the day it was taken; empty where not yet numbered."""

    document: str = ""
    document_date: dt.date | None = None
    decided_on: dt.date | None = None


@dataclass(frozen=True)
class Basis:
    """What a decision rests on: the figures, the document, and why it goes out of order."""

    inputs: DecisionInputs
    paper: Paper = field(default_factory=Paper)
    override_reason: str = ""


@transaction.atomic
def decide(
    *, dossier_id: UUID, grade: str, inputs: Any, result: Mapping[str, Any], by: Viewer,
    at: dt.datetime, reason: str = "", paper: Paper | None = None, override_reason: str = "",
) -> GradeDecision:  # fmt: skip
    """Decide the grade of one dossier. `inputs` is what the grade was computed from, `result` what
    came out for this dossier; both are kept so that anybody may compute it anew (`recompute`).

    The quota is applied by who computes. Raises NotNow (`already-decided`; `lower-first` while
    units below have no grade and no `override_reason` is given), InputError (`reason` where the
    grade is not the one proposed).
    """
    dossier = locked(dossier_id, A.DECIDE, by)
    verdict = Verdict(dossier_id, grade, result, reason)
    basis = _basis([dossier], inputs, paper, override_reason)
    return keep_decision(dossier, verdict, A.DECIDE, basis, Hand(by, at))


@transaction.atomic
def decide_cycle(
    *, cycle_id: UUID, verdicts: Sequence[Verdict], inputs: Any, by: Viewer, at: dt.datetime,
    paper: Paper | None = None, override_reason: str = "",
) -> list[GradeDecision]:  # fmt: skip
    """Decide many dossiers of one cycle at once, all or none."""
    cycle = cycle_visible(by, cycle_id)
    if not verdicts:
        raise InputError("Chưa chọn hồ sơ nào để quyết định.", code="no-dossiers")
    if len({verdict.dossier_id for verdict in verdicts}) < len(verdicts):
        raise InputError("Một hồ sơ được nêu hai lần.", code="dossier-twice")
    dossiers = locked_many([verdict.dossier_id for verdict in verdicts], A.DECIDE, by)
    if any(dossier.cycle_id != cycle.pk for dossier in dossiers):
        raise InputError("Có hồ sơ của kỳ xếp loại khác.", code="other-cycle")
    basis = _basis(dossiers, inputs, paper, override_reason)
    return keep_decisions(dossiers, verdicts, A.DECIDE, basis, Hand(by, at))


def _basis(
    dossiers: Sequence[Dossier], inputs: Any, paper: Paper | None, override_reason: str
) -> Basis:
    override = reason_of(override_reason, needed=False)
    _check_order(dossiers, override)
    return Basis(kept_inputs(inputs), paper or Paper(), override)


def keep_decision(
    dossier: Dossier, verdict: Verdict, act: DossierAct, basis: Basis, hand: Hand
) -> GradeDecision:
    """Write the decision, the grade of the year and the entry of the act that made it."""
    return keep_decisions([dossier], [verdict], act, basis, hand)[0]


def keep_decisions(
    dossiers: Sequence[Dossier], verdicts: Sequence[Verdict], act: DossierAct, basis: Basis,
    hand: Hand,
) -> list[GradeDecision]:  # fmt: skip
    """As `keep_decision`, of many in one cycle, in as many statements as of one."""
    _check_graded_once(dossiers)
    document, decided_on = _checked(basis.paper, localdate(hand.at))
    by_id = {verdict.dossier_id: verdict for verdict in verdicts}
    counted = GradeDecision.objects.filter(dossier__in=dossiers).order_by()
    before = dict(counted.values_list("dossier").annotate(n=Count("pk")))
    with steady():
        found = [_judged(one, by_id[one.pk], act) for one in dossiers]
        rulebook = load_rulebook().version
    decisions = GradeDecision.objects.bulk_create(
        GradeDecision(
            dossier=one,
            version=one.version,
            number=before.get(one.pk, 0) + 1,
            grade=code,
            rules=one.cycle.rules,
            rulebook=rulebook,
            inputs=basis.inputs,
            result=canonical(by_id[one.pk].result),
            document=document,
            document_date=basis.paper.document_date,
            decided_on=decided_on,
            reason=reason,
            override_reason=basis.override_reason,
            by=hand.by.user,
            on_behalf=hand.by.on_behalf_of,
            at=hand.at,
        )
        for one, (code, reason) in zip(dossiers, found, strict=True)
    )
    for one, decision in zip(dossiers, decisions, strict=True):
        one.grade = decision.grade
    _set_year_grades(dossiers, decided_on)
    said = {
        decision.dossier_id: Said(
            grade=decision.grade,
            reason=decision.reason,
            content={"decision": decision.number, "override_reason": basis.override_reason},
        )
        for decision in decisions
    }
    done_many(dossiers, act, hand, said)
    return decisions


def _judged(dossier: Dossier, verdict: Verdict, act: DossierAct) -> tuple[str, str]:
    """The grade and its reason as they are kept."""
    cycle = dossier.cycle
    code = grade_of(cycle, verdict.grade).code
    apart = act is not A.DECIDE or differs(cycle, code, dossier.proposed_grade)
    return code, reason_of(verdict.reason, needed=apart, why=_DIFFERS)


def _check_graded_once(dossiers: Sequence[Dossier]) -> None:
    """One grade of a unit and year, also where it moved and two committees have a dossier of it."""
    for cycle in {dossier.cycle_id: dossier.cycle for dossier in dossiers}.values():
        for subject in {one.subject for one in dossiers if one.cycle_id == cycle.pk}:
            units = [one.unit_id for one in dossiers if one.subject == subject]
            other = (
                Dossier.objects.filter(
                    unit_id__in=units, subject=subject, cycle__year=cycle.year, removed_at=None
                )
                .exclude(cycle=cycle)
                .exclude(grade="")
                .select_related("cycle")
                .first()
            )
            if other is not None:
                raise Conflict(
                    f"{other.name} đã được {other.cycle.name} quyết định mức năm {cycle.year}. Đưa "
                    "hồ sơ ra khỏi kỳ này, có lý do.",
                    code="graded-elsewhere",
                )


def _set_year_grades(dossiers: Sequence[Dossier], decided_on: dt.date) -> None:
    """The grades that stand for the units and the year, in the place of those before."""
    YearGrade.objects.bulk_create(
        [
            YearGrade(
                unit_id=one.unit_id,
                year=one.cycle.year,
                regime=one.cycle.regime,
                grade=one.grade,
                decided_on=decided_on,
            )
            for one in dossiers
            if one.subject == DossierSubject.ORGANISATION
        ],
        update_conflicts=True,
        unique_fields=["unit", "year"],
        update_fields=["regime", "grade", "decided_on", "recorded_at"],
    )


def kept_inputs(inputs: Any) -> DecisionInputs:
    """The figures under their digest, kept once however many decisions rest on them."""
    content, digest = digest_of(inputs)
    kept, _ = DecisionInputs.objects.get_or_create(digest=digest, defaults={"content": content})
    return kept


def _check_order(dossiers: Sequence[Dossier], override: str) -> None:
    """Lower before upper: a unit whose own units have no grade of the year waits for them. And
    where the procedure says so, government and mass organisations before the Party organisation."""
    waiting = [] if override else waiting_below(dossiers)
    if waiting:
        names = ", ".join(f"{one.name} ({below})" for one, below in waiting[:3])
        more = f" và {len(waiting) - 3} tổ chức nữa" if len(waiting) > 3 else ""
        raise NotNow(
            f"Cấp dưới xếp loại trước: còn tổ chức trực thuộc chưa có kết quả ở {names}{more}. "
            "Làm xong cấp dưới, hoặc ghi lý do quyết định trước.",
            code="lower-first",
        )
    beside = [] if override else waiting_beside(dossiers)
    if beside:
        one, missing = beside[0]
        raise NotNow(
            f"{beside_words(missing)} xếp loại trước: chưa ghi kết quả ở hồ sơ của {one.name}"
            f"{f' và {len(beside) - 1} tổ chức nữa' if len(beside) > 1 else ''}. Ghi kết quả ấy, "
            "hoặc ghi lý do quyết định trước.",
            code="government-first",
        )


def beside_words(missing: Sequence[OutcomeSubject]) -> str:
    """ "Chính quyền cùng cấp; Mặt trận, đoàn thể cùng cấp"."""
    return "; ".join(one.label for one in missing)


def waiting_below(dossiers: Sequence[Dossier]) -> list[tuple[Dossier, int]]:
    """The organisations among them with units directly below that have no grade of the year, and
    how many; one query for each cycle. Nobody waits for what was left out with a reason."""
    found = []
    for cycle in {dossier.cycle_id: dossier.cycle for dossier in dossiers}.values():
        rated = [
            one
            for one in dossiers
            if one.cycle_id == cycle.pk and one.subject == DossierSubject.ORGANISATION
        ]
        graded = YearGrade.objects.filter(unit_id=OuterRef("descendant_id"), year=cycle.year)
        own = Dossier.objects.filter(
            unit_id=OuterRef("descendant_id"),
            subject=DossierSubject.ORGANISATION,
            cycle__year=cycle.year,
        )
        left_out = Exists(own.exclude(removed_at=None)) & ~Exists(own.filter(removed_at=None))
        links = UnitClosure.objects.filter(
            ~Exists(graded) & ~left_out,
            ancestor_id__in=[one.unit_id for one in rated],
            depth=1,
            valid__contains=cycle.on,
        )
        below = list(links.order_by().values_list("ancestor_id", flat=True))
        found += [(one, below.count(one.unit_id)) for one in rated if one.unit_id in below]
    return found


def _checked(paper: Paper, today: dt.date) -> tuple[str, dt.date]:
    """The document and the day as they are kept."""
    document = nfc(" ".join(paper.document.split()))
    if len(document) > LONGEST_DOCUMENT or not document.isprintable():
        raise InputError(
            f"Số, ký hiệu văn bản tối đa {LONGEST_DOCUMENT} chữ cái, trên một dòng.",
            field="document",
            code="bad-document",
        )
    decided_on = paper.decided_on or today
    if decided_on > today:
        raise InputError(
            "Ngày quyết định chưa đến; xem lại ngày.", field="decided_on", code="day-to-come"
        )
    return document, decided_on


@transaction.atomic
def notify(*, dossier_id: UUID, by: Viewer, at: dt.datetime) -> Dossier:
    """Tell the unit its grade."""
    dossier = locked(dossier_id, A.NOTIFY, by)
    done(dossier, A.NOTIFY, Hand(by, at), Said(grade=dossier.grade))
    return dossier


@transaction.atomic
def notify_cycle(*, cycle_id: UUID, by: Viewer, at: dt.datetime) -> list[Dossier]:
    """Tell every unit of the cycle whose grade is decided and not yet told."""
    cycle = cycle_visible(by, cycle_id)
    decided = cycle.dossiers.filter(state=DossierState.DECIDED, removed_at=None)
    ids = list(decided.values_list("pk", flat=True))
    if not ids:
        raise NotNow("Không có kết quả nào đang chờ thông báo.", code="nothing-to-tell")
    dossiers = locked_many(ids, A.NOTIFY, by)
    said = {dossier.pk: Said(grade=dossier.grade) for dossier in dossiers}
    done_many(dossiers, A.NOTIFY, Hand(by, at), said)
    return dossiers


@transaction.atomic
def reopen(*, dossier_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Dossier:
    """Begin a new version with a reason. The grade decided stands until another is decided."""
    hold_cycle_of(dossier_id, A.REOPEN, by)
    dossier = locked(dossier_id, A.REOPEN, by)
    why = reason_of(reason, needed=True)
    dossier.version += 1
    dossier.filing += 1
    dossier.self_grade = dossier.proposed_grade = ""
    dossier.self_points = None
    done(dossier, A.REOPEN, Hand(by, at), Said(reason=why))
    Cycle.objects.filter(pk=dossier.cycle_id).update(state=CycleState.OPEN, closed_at=None)
    return dossier
