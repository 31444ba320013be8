"""A phone as tests hold one: it makes items as the real one does, and keeps what was answered."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any
from uuid import UUID

from tests.cast import CELLS, QUAN_MAU, Cast
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.receiving import meet_phone, receive
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import PhoneDevice

CELL = CELLS[QUAN_MAU][0]
MONTH = dt.date(2026, 12, 1)
NOW = dt.datetime(2026, 12, 20, 3, tzinfo=dt.UTC)


def new_id() -> str:
    return str(uuid.uuid4())


class Phone:
    """One account on one phone, sending straight to the room."""

    def __init__(self, user: User, unit_id: UUID) -> None:
        self.user, self.unit_id = user, unit_id
        self.id, self.key = new_id(), "ab" * 32
        self.last: dict[str, str] = {}  # subject → id of the last item made about it

    def viewer(self, at: dt.datetime = NOW) -> Viewer:
        return viewer_for(self.user, on=at.date())

    def device(self, at: dt.datetime = NOW) -> PhoneDevice:
        return meet_phone(device_id=UUID(self.id), key=self.key, by=self.viewer(at), at=at)

    def item(self, kind: str, subject: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        made = {
            "id": new_id(), "kind": kind, "subject": subject, "after": self.last.get(subject),
            "made_at": "2026-12-05T20:00:00+07:00", "form": 1, "body": body, **more,
        }  # fmt: skip
        self.last[subject] = made["id"]
        return made

    def about(self, month: dt.date = MONTH) -> tuple[str, dict[str, Any]]:
        key = str(meeting_id(self.unit_id, "regular", month))
        return key, {"unit": str(self.unit_id), "kind": "regular", "month": f"{month:%Y-%m}"}

    def write(self, said: dict[str, Any], was: dict[str, Any] | None = None, **more: Any) -> dict:
        month = more.pop("month", MONTH)
        subject, body = self.about(month)
        before = dict.fromkeys(said) | (was or {})
        return self.item("meeting.write", subject, {**body, "set": said, "was": before}, **more)

    def file(self, month: dt.date = MONTH, **more: Any) -> dict[str, Any]:
        subject, body = self.about(month)
        return self.item("meeting.file", subject, body, **more)

    def send(self, *items: Any, at: dt.datetime = NOW, **more: Any) -> list[dict[str, Any]]:
        return receive(
            device=self.device(at), items=json.loads(json.dumps(items)), by=self.viewer(at),
            at=at, **more,
        )  # fmt: skip


def secretary(cast: Cast, name: str = "bi-thu", cell: str = CELL) -> Phone:
    return Phone(cast.user(name, Role.CELL_SECRETARY, cell), cast[cell])


HELD_MEETING = {
    "outcome": "held", "held_on": "2026-12-05", "starts": "19:30", "ends": "21:00",
    "present": 8, "present_official": 8, "excused": 1, "unexcused": 0, "speakers": 5,
    "conclusion": "Làm xong đường nội thôn.",
}  # fmt: skip
