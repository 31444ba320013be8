"""The life of a meeting's record: one literal table of who may do what in which state.

docs/house/meeting-states.md is drawn from it. Whose cell it is, is not told here but by the reach
of grants (`org.queries.units_held`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vungmanh.access.permissions import PERMISSIONS
from vungmanh.core.errors import NotAllowed, NotNow
from vungmanh.core.vocabulary import MeetingAct, MeetingState, Role

A, S = MeetingAct, MeetingState
WRITE, CONFIRM, SEAL = (
    "meetings.meeting.write",
    "meetings.meeting.confirm",
    "meetings.meeting.seal",
)


@dataclass(frozen=True)
class Step:
    """From any of `sources` (None: nothing is recorded yet) an act leads to `target`."""

    act: MeetingAct
    sources: tuple[MeetingState | None, ...]
    target: MeetingState
    permission: str
    needs_reason: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return PERMISSIONS[self.permission]


STEPS: Final = {
    step.act: step
    for step in (
        # Another time or place must be announced anew.
        Step(A.PLAN, (None, S.PREPARING, S.ANNOUNCED), S.PREPARING, WRITE),
        Step(A.ANNOUNCE, (S.PREPARING, S.ANNOUNCED), S.ANNOUNCED, WRITE),
        # A meeting is recorded whether or not it was prepared in the system.
        Step(
            A.WRITE,
            (None, S.PREPARING, S.ANNOUNCED, S.RECORDING, S.RETURNED),
            S.RECORDING,
            WRITE,
        ),
        Step(A.FILE, (S.RECORDING,), S.FILED, WRITE),
        Step(A.RETRACT, (S.FILED,), S.RECORDING, WRITE),
        Step(A.CONFIRM, (S.FILED,), S.CONFIRMED, CONFIRM),
        Step(A.RETURN, (S.FILED,), S.RETURNED, CONFIRM, needs_reason=True),
        Step(A.SEAL, (S.CONFIRMED,), S.SEALED, SEAL),
        # What was confirmed is never changed: a correction is a new version with its reason.
        Step(A.CORRECT, (S.CONFIRMED, S.SEALED), S.RECORDING, WRITE, needs_reason=True),
    )
}

_WHY_NOT: Final[dict[MeetingState | None, str]] = {
    None: "Tháng này chưa ghi gì.",
    S.PREPARING: "Buổi họp đang chuẩn bị.",
    S.ANNOUNCED: "Buổi họp đã báo, chưa ghi.",
    S.RECORDING: "Bản ghi đang viết, chưa nộp.",
    S.FILED: "Bản ghi đã nộp, đang chờ văn phòng đảng ủy xác nhận; muốn sửa thì rút lại trước.",
    S.RETURNED: "Bản ghi bị trả lại, đang chờ chi bộ sửa.",
    S.CONFIRMED: "Bản ghi đã được xác nhận; muốn sửa thì đính chính, có lý do.",
    S.SEALED: "Bản ghi đã khóa; muốn sửa thì đính chính, có lý do.",
}


def allowed(role: Role | None, state: MeetingState | None, act: MeetingAct) -> bool:
    """Whether the table lets the role do the act in the state."""
    step = STEPS[act]
    return role in step.roles and state in step.sources


def acts_for(role: Role | None, state: MeetingState | None) -> list[MeetingAct]:
    """What the role may do now, in the order of the table."""
    return [act for act in STEPS if allowed(role, state, act)]


def check_role(role: Role | None, act: MeetingAct) -> Step:
    """The step. Raises NotAllowed for a role that never does the act."""
    step = STEPS[act]
    if role not in step.roles:
        raise NotAllowed(
            f"Vai trò của đồng chí không làm được việc “{act.label}”. Nếu cần, báo văn phòng đảng "
            "ủy."
        )
    return step


def check_step(role: Role | None, state: MeetingState | None, act: MeetingAct) -> Step:
    """The step. Raises NotAllowed for the role, NotNow (`meeting-state`) for the state."""
    step = check_role(role, act)
    if state not in step.sources:
        raise NotNow(
            f"Không làm được việc “{act.label}” lúc này. {_WHY_NOT[state]}", code="meeting-state"
        )
    return step
