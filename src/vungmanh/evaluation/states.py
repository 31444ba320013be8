"""The life of a yearly dossier: one literal table of who may do what in which state.

docs/house/dossier-states.md is drawn from it. Whether somebody stands on the side that an act comes
from is told by the grants (`sides.side_of`), who is barred from it by `bars.bars_for`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vungmanh.access.permissions import PERMISSIONS
from vungmanh.core.errors import NotAllowed, NotNow
from vungmanh.core.vocabulary import DossierAct, DossierSide, DossierState, Role

A, S = DossierAct, DossierState
UNIT, COMMITTEE, UPPER = DossierSide.UNIT, DossierSide.COMMITTEE, DossierSide.UPPER
RATE, OPINION, VERIFY, PROPOSE, DECIDE, COMPLAIN = (
    "evaluation.dossier.rate",
    "evaluation.dossier.opinion",
    "evaluation.dossier.verify",
    "evaluation.dossier.propose",
    "evaluation.dossier.decide",
    "evaluation.dossier.complain",
)


@dataclass(frozen=True)
class Step:
    """From any of `sources` an act of one side leads to `target` (None: the state stays).

    `needs_reason`: always; other acts ask for one where they differ by a grade. `blind`: what is
    said is not seen by others who say it until they have.
    """

    act: DossierAct
    sources: tuple[DossierState, ...]
    target: DossierState | None
    side: DossierSide
    permission: str
    needs_reason: bool = False
    blind: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return PERMISSIONS[self.permission]


_BEFORE_DECISION = (S.SELF_RATED, S.IN_OPINION, S.VERIFIED, S.PROPOSED)

STEPS: Final = {
    step.act: step
    for step in (
        Step(A.WRITE, (S.WAITING, S.RETURNED), None, UNIT, RATE),
        Step(A.RATE_SELF, (S.WAITING, S.RETURNED), S.SELF_RATED, UNIT, RATE),
        Step(A.OPEN_OPINIONS, (S.SELF_RATED,), S.IN_OPINION, COMMITTEE, VERIFY),
        Step(A.GIVE_OPINION, (S.IN_OPINION,), None, COMMITTEE, OPINION, blind=True),
        # Verifying closes the opinions.
        Step(A.VERIFY, (S.IN_OPINION,), S.VERIFIED, COMMITTEE, VERIFY),
        Step(A.PROPOSE, (S.VERIFIED,), S.PROPOSED, COMMITTEE, PROPOSE),
        Step(A.RETURN, _BEFORE_DECISION, S.RETURNED, COMMITTEE, VERIFY, needs_reason=True),
        Step(A.DECIDE, (S.PROPOSED,), S.DECIDED, COMMITTEE, DECIDE),
        Step(A.NOTIFY, (S.DECIDED,), S.NOTIFIED, COMMITTEE, DECIDE),
        Step(A.COMPLAIN, (S.NOTIFIED,), S.COMPLAINED, UNIT, COMPLAIN, needs_reason=True),
        Step(A.REVERIFY, (S.COMPLAINED,), S.REVERIFYING, COMMITTEE, VERIFY),
        Step(A.ANSWER_COMPLAINT, (S.REVERIFYING,), S.DECIDED, COMMITTEE, DECIDE, needs_reason=True),
        Step(A.APPEAL, (S.NOTIFIED,), S.APPEALED, UNIT, COMPLAIN, needs_reason=True),
        Step(A.ANSWER_APPEAL, (S.APPEALED,), S.DECIDED, UPPER, DECIDE, needs_reason=True),
        # What was decided is never changed: a grade found wrong is decided anew as version 2.
        Step(A.REOPEN, (S.DECIDED, S.NOTIFIED), S.WAITING, COMMITTEE, DECIDE, needs_reason=True),
    )
}

_WHY_NOT: Final[dict[DossierState, str]] = {
    S.WAITING: "Tổ chức chưa nộp bản tự xếp loại.",
    S.SELF_RATED: "Bản tự xếp loại đã nộp, chờ cấp quyết định mở lấy ý kiến.",
    S.IN_OPINION: "Hồ sơ đang lấy ý kiến; thẩm định xong mới đề xuất được.",
    S.VERIFIED: "Hồ sơ đã thẩm định, chờ đề xuất mức.",
    S.PROPOSED: "Hồ sơ đã có mức đề xuất, chờ quyết định.",
    S.DECIDED: "Hồ sơ đã có quyết định; muốn xếp loại lại thì mở lại hồ sơ, có lý do.",
    S.NOTIFIED: "Kết quả đã thông báo; muốn xếp loại lại thì mở lại hồ sơ, có lý do.",
    S.RETURNED: "Hồ sơ bị trả lại, đang chờ tổ chức sửa.",
    S.COMPLAINED: "Có kiến nghị về kết quả; xác minh lại rồi mới trả lời.",
    S.REVERIFYING: "Kiến nghị đang được xác minh lại, chờ trả lời.",
    S.APPEALED: "Kiến nghị đã gửi lên cấp trên, chờ cấp trên trả lời.",
}


def allowed(role: Role | None, state: DossierState, act: DossierAct) -> bool:
    """Whether the table lets the role do the act in the state."""
    step = STEPS[act]
    return role in step.roles and state in step.sources


def acts_for(role: Role | None, state: DossierState) -> list[DossierAct]:
    """What the role may do now, in the order of the table."""
    return [act for act in STEPS if allowed(role, state, act)]


def check_role(role: Role | None, act: DossierAct) -> Step:
    """The step. Raises NotAllowed for a role that never does the act."""
    step = STEPS[act]
    if role not in step.roles:
        raise NotAllowed(
            f"Vai trò của đồng chí không làm được việc “{act.label}”. Nếu cần, báo văn phòng của "
            "cấp quyết định."
        )
    return step


def why_not_now(state: DossierState, act: DossierAct) -> str:
    """Why the act cannot be done in the state, and what comes first."""
    return f"Không làm được việc “{act.label}” lúc này. {_WHY_NOT[state]}"


def check_step(role: Role | None, state: DossierState, act: DossierAct) -> Step:
    """The step. Raises NotAllowed for the role, NotNow (`dossier-state`) for the state.

    A second decision has a code of its own (`already-decided`): reopening is the way.
    """
    step = check_role(role, act)
    if state not in step.sources:
        twice = act is A.DECIDE and state not in (*_BEFORE_DECISION, S.WAITING, S.RETURNED)
        code = "already-decided" if twice else "dossier-state"
        raise NotNow(why_not_now(state, act), code=code)
    return step
