"""The life of the file of a chosen unit: one literal table of who may do what in which state.

docs/house/file-states.md is drawn from it. Diagnosis, plan and exit are each asked for by one
person and approved by another (`Step.answers`). Whether somebody stands on the side that an act
comes from is told by the grants (`file_sides`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vungmanh.access.permissions import PERMISSIONS
from vungmanh.core.errors import NotAllowed, NotNow
from vungmanh.core.programme_words import FileAct, FileSide, FileState
from vungmanh.core.vocabulary import Role

A, S = FileAct, FileState
HANDLER, APPROVER, UNIT = FileSide.HANDLER, FileSide.APPROVER, FileSide.UNIT
WORK, APPROVE, ANSWER = (
    "strengthening.file.work",
    "strengthening.file.approve",
    "strengthening.file.answer",
)


@dataclass(frozen=True)
class Step:
    """From any of `sources` an act of one side leads to `target` (None: the state stays).

    `answers` is the act that asked for this one: whoever did that does not do this. With `is_back`
    the file returns to the state in which it was asked.
    """

    act: FileAct
    sources: tuple[FileState, ...]
    target: FileState | None
    side: FileSide
    permission: str
    needs_reason: bool = False
    answers: FileAct | None = None
    is_back: bool = False

    def ends(self, source: FileState) -> tuple[FileState, ...]:
        """The states that the act may lead to from `source`."""
        if self.is_back and self.answers:
            return STEPS[self.answers].sources
        return (self.target or source,)

    @property
    def roles(self) -> frozenset[Role]:
        return PERMISSIONS[self.permission]


_OPEN = (
    S.CHOSEN,
    S.DIAGNOSIS_ASKED,
    S.DIAGNOSED,
    S.PLAN_ASKED,
    S.ACTING,
    S.EXIT_ASKED,
    S.HOLDING,
    S.LINEAGE_ASKED,
)

STEPS: Final[dict[FileAct, Step]] = {
    step.act: step
    for step in (
        # A cause found later is written too: the diagnosis is then asked for anew.
        Step(A.WRITE_CAUSE, (S.CHOSEN, S.DIAGNOSED, S.ACTING), None, HANDLER, WORK),
        Step(A.ASK_DIAGNOSIS, (S.CHOSEN, S.DIAGNOSED, S.ACTING), S.DIAGNOSIS_ASKED, HANDLER, WORK),
        Step(
            A.APPROVE_DIAGNOSIS, (S.DIAGNOSIS_ASKED,), S.DIAGNOSED, APPROVER, APPROVE,
            answers=A.ASK_DIAGNOSIS,
        ),
        Step(
            A.RETURN_DIAGNOSIS, (S.DIAGNOSIS_ASKED,), None, APPROVER, APPROVE,
            needs_reason=True, answers=A.ASK_DIAGNOSIS, is_back=True,
        ),
        Step(A.WRITE_MEASURE, (S.DIAGNOSED, S.ACTING), None, HANDLER, WORK),
        Step(A.ASK_PLAN, (S.DIAGNOSED, S.ACTING), S.PLAN_ASKED, HANDLER, WORK),
        Step(A.APPROVE_PLAN, (S.PLAN_ASKED,), S.ACTING, APPROVER, APPROVE, answers=A.ASK_PLAN),
        Step(
            A.RETURN_PLAN, (S.PLAN_ASKED,), None, APPROVER, APPROVE,
            needs_reason=True, answers=A.ASK_PLAN, is_back=True,
        ),
        # Of a measure in the last approved plan; one added since waits for its approval.
        Step(A.END_MEASURE, (S.DIAGNOSED, S.ACTING, S.EXIT_ASKED, S.HOLDING), None, HANDLER, WORK),
        Step(A.NAME_REVIEWER, (S.ACTING, S.HOLDING), None, HANDLER, WORK),
        Step(A.REVIEW, (S.ACTING, S.HOLDING), None, HANDLER, WORK, needs_reason=True),
        Step(A.ANSWER, _OPEN, None, UNIT, ANSWER, needs_reason=True),
        Step(A.HAND_OVER, _OPEN, None, HANDLER, WORK, needs_reason=True),
        # Done by the side that is offered the file, which is not yet its handler (file_sides).
        Step(A.ACCEPT_HAND_OVER, _OPEN, None, HANDLER, WORK, answers=A.HAND_OVER),
        Step(
            A.REFUSE_HAND_OVER, _OPEN, None, HANDLER, WORK, needs_reason=True, answers=A.HAND_OVER
        ),
        Step(A.ASK_EXIT, (S.ACTING,), S.EXIT_ASKED, HANDLER, WORK),
        Step(A.APPROVE_EXIT, (S.EXIT_ASKED,), S.HOLDING, APPROVER, APPROVE, answers=A.ASK_EXIT),
        Step(
            A.RETURN_EXIT, (S.EXIT_ASKED,), S.ACTING, APPROVER, APPROVE,
            needs_reason=True, answers=A.ASK_EXIT,
        ),
        Step(A.CLOSE, (S.HOLDING,), S.CLOSED, HANDLER, WORK),
        # Also written by the system, when the figures of an assessment say so.
        Step(A.RELAPSE, (S.HOLDING,), S.RELAPSED, HANDLER, WORK, needs_reason=True),
        # Not offered on its own: the answer that grants an appeal against the choice does it.
        Step(A.WITHDRAW, _OPEN, S.WITHDRAWN, APPROVER, APPROVE, needs_reason=True),
        # Only of a unit that has ended: its committee proposes, who decides chooses.
        Step(
            A.ASK_LINEAGE, (S.CHOSEN, S.DIAGNOSED, S.ACTING, S.HOLDING), S.LINEAGE_ASKED, HANDLER,
            WORK, needs_reason=True,
        ),
        # The figures are those of another unit then: its diagnosis is asked for anew.
        Step(
            A.APPROVE_CARRY, (S.LINEAGE_ASKED,), S.CHOSEN, APPROVER, APPROVE,
            answers=A.ASK_LINEAGE,
        ),
        Step(
            A.END, (S.LINEAGE_ASKED,), S.ENDED, APPROVER, APPROVE, answers=A.ASK_LINEAGE,
        ),
        Step(
            A.RETURN_LINEAGE, (S.LINEAGE_ASKED,), None, APPROVER, APPROVE, needs_reason=True,
            answers=A.ASK_LINEAGE, is_back=True,
        ),
        # So that a reform can be taken back.
        Step(
            A.UNDO_LINEAGE, (S.CHOSEN, S.DIAGNOSED, S.ACTING), None, APPROVER, APPROVE,
            needs_reason=True,
        ),
    )
}  # fmt: skip

_WHY_NOT: Final[dict[FileState, str]] = {
    S.CHOSEN: "Hồ sơ chưa có chẩn đoán được duyệt.",
    S.DIAGNOSIS_ASKED: "Chẩn đoán đã trình, đang chờ duyệt.",
    S.DIAGNOSED: "Hồ sơ đã có chẩn đoán, chưa có kế hoạch được duyệt.",
    S.PLAN_ASKED: "Kế hoạch đã trình, đang chờ duyệt.",
    S.ACTING: "Đơn vị đang được củng cố theo kế hoạch đã duyệt.",
    S.EXIT_ASKED: "Đề nghị ra khỏi diện đã trình, đang chờ duyệt.",
    S.LINEAGE_ASKED: "Đơn vị đã kết thúc theo sắp xếp, cách xử lý hồ sơ đang chờ quyết định.",
    S.HOLDING: "Đơn vị đã ra khỏi diện, đang trong thời gian giữ vững.",
    S.CLOSED: "Hồ sơ đã xong; đơn vị yếu lại thì lựa chọn lại.",
    S.RELAPSED: "Đơn vị đã tái yếu; hồ sơ này khép lại, lựa chọn lần mới.",
    S.ENDED: "Đơn vị đã kết thúc hoạt động; hồ sơ khép lại theo đơn vị.",
    S.WITHDRAWN: "Kiến nghị được chấp nhận, đơn vị không còn trong danh sách; hồ sơ khép lại.",
}


def allowed(role: Role | None, state: FileState, act: FileAct) -> bool:
    """Whether the table lets the role do the act in the state."""
    step = STEPS.get(act)
    return step is not None and role in step.roles and state in step.sources


def acts_for(role: Role | None, state: FileState) -> list[FileAct]:
    """What the role may do now, in the order of the table."""
    return [act for act in STEPS if allowed(role, state, act)]


def check_step(role: Role | None, state: FileState, act: FileAct) -> Step:
    """The step. Raises NotAllowed for the role, NotNow (`file-state`) for the state."""
    step = STEPS[act]
    if role not in step.roles:
        raise NotAllowed(
            f"Vai trò của đồng chí không làm được việc “{act.label}”. Nếu cần, báo nơi theo dõi hồ "
            "sơ."
        )
    return check_state(state, act)


def check_state(state: FileState, act: FileAct) -> Step:
    """The step, whoever does it. Raises NotNow (`file-state`)."""
    step = STEPS[act]
    if state not in step.sources:
        raise NotNow(
            f"Không làm được việc “{act.label}” lúc này. {_WHY_NOT[state]}", code="file-state"
        )
    return step
