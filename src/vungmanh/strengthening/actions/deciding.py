"""Deciding yearly grades under the cap: one at a time in a cycle, so that no two pass it together.

`evaluation` keeps decisions and knows no cap; here the cycle is held, the cap asked about with all
grades that stand, and only then is decided: first, after reopening, and in answer to a complaint.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.vocabulary import DossierAct, DossierState
from vungmanh.evaluation.actions.complaints import answer_appeal, answer_complaint
from vungmanh.evaluation.actions.deciding import Paper, Verdict, decide, decide_cycle
from vungmanh.evaluation.actions.hand import hold_cycle, hold_cycle_of, locked
from vungmanh.evaluation.models import Cycle, Dossier, GradeDecision
from vungmanh.evaluation.reads import cycle_visible
from vungmanh.evaluation.sides import decides
from vungmanh.evaluation.states import check_role
from vungmanh.rulebook.grading.explain import complaint_remedy
from vungmanh.rulebook.grading.quota import Candidate
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaOnComplaint
from vungmanh.strengthening.year_deciding import cycle_plan
from vungmanh.strengthening.year_grading import decision_basis, dossier_findings
from vungmanh.strengthening.year_quota import beyond_cap, candidates_of, quota_of, value_of

A = DossierAct


@transaction.atomic
def decide_under_cap(
    *, dossier_id: UUID, grade: str, by: Viewer, at: dt.datetime, reason: str = "",
    paper: Paper | None = None, override_reason: str = "",
) -> GradeDecision:  # fmt: skip
    """Decide one grade with the figures of the day. Raises InputError (`grade`, `over-cap`) beyond
    the cap of its group, and whatever `evaluation.actions.deciding.decide` raises."""
    hold_cycle_of(dossier_id, A.DECIDE, by)
    dossier = locked(dossier_id, A.DECIDE, by)
    candidates = candidates_of(dossier.cycle, at=at)
    _check_place(dossier, grade, candidates)
    basis = decision_basis([dossier], dossier_findings([dossier], at=at), candidates)
    return decide(
        dossier_id=dossier_id, grade=grade, inputs=basis.inputs, result=basis.result(dossier),
        by=by, at=at, reason=reason, paper=paper, override_reason=override_reason,
    )  # fmt: skip


@transaction.atomic
def answer_complaint_under_cap(
    *, dossier_id: UUID, grade: str, reason: str, by: Viewer, at: dt.datetime,
    paper: Paper | None = None,
) -> GradeDecision:  # fmt: skip
    """Confirm the grade or change it, with the figures of the day. To confirm needs no place; a new
    best grade beyond the cap is refused (InputError `grade`, `over-cap`) with what the rule leaves
    to do."""
    basis = _basis_of_answer(dossier_id, A.ANSWER_COMPLAINT, grade, paper, by=by, at=at)
    return answer_complaint(
        dossier_id=dossier_id, grade=grade, reason=reason, by=by, at=at, inputs=basis[0],
        result=basis[1], paper=paper,
    )  # fmt: skip


@transaction.atomic
def answer_appeal_under_cap(
    *, dossier_id: UUID, grade: str, reason: str, by: Viewer, at: dt.datetime,
    paper: Paper | None = None,
) -> GradeDecision:  # fmt: skip
    """As `answer_complaint_under_cap`, by the level above: its answer counts in the same cap."""
    basis = _basis_of_answer(dossier_id, A.ANSWER_APPEAL, grade, paper, by=by, at=at)
    return answer_appeal(
        dossier_id=dossier_id, grade=grade, reason=reason, by=by, at=at, inputs=basis[0],
        result=basis[1], paper=paper,
    )  # fmt: skip


def _basis_of_answer(
    dossier_id: UUID, act: DossierAct, grade: str, paper: Paper | None, *, by: Viewer,
    at: dt.datetime,
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """The figures of the day and what comes out for the dossier, once there is a place for it."""
    hold_cycle_of(dossier_id, act, by)
    dossier = locked(dossier_id, act, by)
    candidates = candidates_of(dossier.cycle, at=at)
    if grade != dossier.grade:
        method = value_of(dossier.cycle.rules, QuotaMethod.key)
        _check_place(dossier, grade, candidates, method, paper or Paper())
    basis = decision_basis([dossier], dossier_findings([dossier], at=at), candidates)
    return basis.inputs, basis.result(dossier)


def _check_place(
    dossier: Dossier, grade: str, candidates: Sequence[Candidate],
    on_complaint: QuotaMethod | None = None, paper: Paper | None = None,
) -> None:  # fmt: skip
    """Raise InputError where the grade goes beyond the cap of its group. Whoever is to have the
    best grade counts among the good it is a share of, whatever was proposed."""
    own = str(dossier.pk)
    wished = [replace(one, good=True) if one.id == own else one for one in candidates]
    found = quota_of(wished, dossier.cycle.rules)
    remedy = complaint_remedy(on_complaint) if on_complaint else ""
    beyond = beyond_cap(dossier.cycle, {own: grade}, found, remedy=remedy)
    excepted = (
        on_complaint is not None
        and on_complaint.on_complaint is QuotaOnComplaint.BEYOND
        and paper is not None
        and paper.document.strip()
        and paper.document_date
    )
    if beyond and not excepted:
        raise InputError(" ".join(beyond.values()), field="grade", code="over-cap")


@transaction.atomic
def decide_all_under_cap(
    *, cycle_id: UUID, by: Viewer, at: dt.datetime, paper: Paper | None = None,
    override_reason: str = "", mark: str | None = None,
) -> list[GradeDecision]:  # fmt: skip
    """Decide everything proposed in a cycle, all or none, on the same figures kept once.

    Whoever the cap holds back gets the next grade with that reason. `mark` of the plan that was
    confirmed: Conflict (`plan-changed`) where it is another by now. Raises InputError
    (`rows-missing`) while a row lacks something (`year_deciding.cycle_plan` says what).
    """
    cycle = checked_cycle(cycle_id, by)
    hold_cycle(cycle.pk)
    proposed = Dossier.objects.filter(cycle=cycle, state=DossierState.PROPOSED, removed_at=None)
    list(proposed.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    plan = cycle_plan(cycle, by, at=at, override_reason=override_reason)
    if not plan.rows:
        raise NotNow(
            "Không có hồ sơ nào đã đề xuất đang chờ quyết định. Đề xuất mức ở từng hồ sơ trước.",
            code="no-dossiers",
        )
    if plan.wrong:
        raise InputError(
            f"Chưa quyết định hồ sơ nào: {len(plan.wrong)} trong {len(plan.rows)} hồ sơ còn thiếu. "
            "Sửa từng chỗ nêu ở bảng rồi quyết định lại.",
            code="rows-missing",
        )
    if mark is not None and mark != plan.mark:
        raise Conflict(
            "Danh sách đã đổi từ lúc đồng chí xem: có hồ sơ vừa được đề xuất, trả lại hoặc quyết "
            "định. Xem lại bảng rồi bấm lần nữa.",
            code="plan-changed",
        )
    verdicts = [
        Verdict(row.dossier.pk, row.grade, plan.basis.result(row.dossier), row.reason)
        for row in plan.rows
    ]
    return decide_cycle(
        cycle_id=cycle.pk, verdicts=verdicts, inputs=plan.basis.inputs, by=by, at=at,
        paper=paper, override_reason=override_reason,
    )  # fmt: skip


def checked_cycle(cycle_id: UUID, by: Viewer) -> Cycle:
    """A cycle in sight that the viewer's committee decides. Raises NotFound, NotAllowed."""
    check_role(by.role, A.DECIDE)
    cycle = cycle_visible(by, cycle_id)
    if not decides(by, cycle):
        raise NotAllowed(
            "Việc này của cấp quyết định xếp loại. Vai trò đang dùng của đồng chí không giữ ở đó.",
            code="other-side",
        )
    return cycle
