"""Tasks and points that were written down on a phone."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from tests.cast import Cast, make_cast
from tests.contract.phones import CELL, HELD_MEETING, MONTH, NOW, Phone, new_id, secretary
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.scoring import give_score
from vungmanh.meetings.actions.tasks import give_task, report_task
from vungmanh.meetings.models import SheetScore, Task
from vungmanh.meetings.sheets import sheet_for_phone
from vungmanh.meetings.wishes import TaskWish

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2026, 1, 1), last=MONTH)


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return secretary(cast)


def a_task(cast: Cast, phone: Phone) -> Task:
    wish = TaskWish("Sửa cống thôn", "Phó bí thư", dt.date(2026, 12, 15), "Cống thông")
    return give_task(unit_id=cast[CELL], wish=wish, by=phone.viewer(), at=NOW - dt.timedelta(10))


def report(phone: Phone, task: Task, said: dict, was: dict | None = None, **more: object) -> dict:
    before = dict.fromkeys(said) | (was or {})
    return phone.item("task.report", str(task.pk), {"set": said, "was": before}, **more)


def test_a_task_given_and_done_on_the_phone_is_given_and_done_once(phone: Phone) -> None:
    key, meeting = new_id(), phone.about()[0]
    given = phone.item(
        "task.give",
        key,
        {
            "unit": str(phone.unit_id), "title": "Quét vôi nhà họp", "owner": "Chi ủy",
            "due_on": "2026-12-10", "output": "Nhà họp sạch", "meeting": meeting,
        },
    )  # fmt: skip
    done = phone.item("task.report", key, {
        "set": {"state": "done", "proof": "Ảnh ở sổ", "done_on": "2026-12-09"},
        "was": {"state": "open", "proof": None, "done_on": None},
    })  # fmt: skip
    for _ in range(2):
        assert {one["answer"] for one in phone.send(done, given)} <= {"accepted", "held", "known"}
    task = Task.objects.get()
    # Given when it was written down, long before it arrived: its term was still to come then.
    assert (task.given_on, task.due_on) == (dt.date(2026, 12, 5), dt.date(2026, 12, 10))
    assert (task.state, task.ended_on, str(task.meeting_id)) == (
        "done", dt.date(2026, 12, 9), meeting,
    )  # fmt: skip


def test_a_report_that_differs_from_the_offices_waits_for_a_person(
    cast: Cast, phone: Phone
) -> None:
    task = a_task(cast, phone)
    by = phone.viewer()
    report_task(task_id=task.pk, set={"percent": 40}, was={"percent": None}, by=by, at=NOW)
    sent = report(phone, task, {"percent": 60, "note": "đang đổ bê tông"})
    [answer] = phone.send(sent)
    assert answer["conflict"] == {"percent": {"mine": 60, "theirs": 40, "was": None}}
    task.refresh_from_db()
    assert (task.percent, task.note) == (40, "đang đổ bê tông")
    chosen = report(phone, task, {"percent": 60}, {"percent": 40}, settles=sent["id"], why="đo lại")
    assert [one["answer"] for one in phone.send(chosen)] == ["accepted"]
    task.refresh_from_db()
    assert task.percent == 60


@pytest.mark.parametrize(
    ("subject", "code"), [("việc", "bad-item"), ("6a1b6d0e-0000-4000-8000-000000000000", "no-task")]
)
def test_a_task_nobody_knows_is_a_sentence(phone: Phone, subject: str, code: str) -> None:
    item = phone.item("task.report", subject, {"set": {"percent": 1}, "was": {"percent": None}})
    [answer] = phone.send(item)
    assert (answer["answer"], answer["code"]) == ("refused", code)


# --- points --------------------------------------------------------------------------------------


def points(cast: Cast) -> tuple[str, dict[str, str]]:
    """A sheet, and the highest points of its first two criteria that are typed."""
    sheet = sheet_for_phone(cast[CELL], "regular", MONTH)
    typed = [one for one in sheet["criteria"] if one["typed"]][:2]
    return sheet["id"], {one["code"]: one["max"] for one in typed}


def score(phone: Phone, scorer: str, sheet: str, scores: dict, was: dict | None = None) -> dict:
    body = {"scorer": scorer, "sheet": sheet, "scores": scores, "was": was}
    return phone.item("sheet.score", phone.about()[0], body)


def test_an_overseer_scores_before_the_record_has_come(cast: Cast) -> None:
    overseer = Phone(cast.user("phu-trach", Role.OVERSEER, CELL), cast[CELL])
    sheet, scores = points(cast)
    [answer] = overseer.send(score(overseer, "superior", sheet, scores))
    assert (answer["answer"], answer["code"]) == ("accepted", "")
    assert SheetScore.objects.get().scorer == "superior"


def test_a_secretary_scores_the_own_side_only(cast: Cast, phone: Phone) -> None:
    sheet, scores = points(cast)
    sent = phone.send(phone.write(HELD_MEETING), score(phone, "self", f"{sheet}~2", scores))
    assert [one["answer"] for one in sent] == ["accepted", "accepted"]
    [answer] = phone.send(score(phone, "superior", sheet, scores))
    assert (answer["answer"], answer["code"]) == ("kept", "not-yours-now")
    assert {one.scorer for one in SheetScore.objects.all()} == {"self"}


def test_points_given_twice_on_two_phones_are_for_their_person_to_choose(
    cast: Cast, phone: Phone
) -> None:
    sheet, scores = points(cast)
    first, second = scores
    by = viewer_for(phone.user, on=NOW.date())
    give_score(
        meeting_id=UUID(phone.about()[0]), scorer="self", sheet=sheet,
        scores={first: "0"}, was=None, by=by, at=NOW,
    )  # fmt: skip
    [answer] = phone.send(score(phone, "self", sheet, scores))
    assert answer["answer"] == "conflict"
    assert set(answer["conflict"]) == {first}
    kept = SheetScore.objects.order_by("-id")[0].scores
    assert second in str(kept)
