"""From province to cell: adopted, sent down, received, and told apart from above."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.tasks_story import (
    CELL,
    NEIGHBOUR,
    NOW,
    PROOF,
    SECOND,
    THIRD,
    TODAY,
    acting,
    adopted,
    at,
    wish,
)
from tests.contract.test_reform_engine import Desk
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import behind
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import ResolutionKind, ResolutionState, Role, TaskState
from vungmanh.meetings.actions.resolution_ends import end_resolution, resume_resolution
from vungmanh.meetings.actions.resolutions import (
    adopt_resolution,
    receive,
    send_down,
)
from vungmanh.meetings.actions.tasks import close_task, drop_task
from vungmanh.meetings.models import Receipt, Resolution, Task
from vungmanh.meetings.resolutions import (
    RolledUp,
    resolutions_visible,
    roll_up,
    senders_of,
    waiting_receipts,
)
from vungmanh.meetings.wishes import ResolutionWish
from vungmanh.org.reform.steps import Merge

pytestmark = pytest.mark.django_db
DUE = dt.date(2019, 9, 30)
LATER = dt.date(2019, 10, 2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return acting(cast, Role.PROVINCIAL_ANALYST)


@pytest.fixture
def resolution(cast: Cast) -> Resolution:
    """Of the commune, with two tasks that every cell is to do."""
    given = dt.date(2019, 8, 20)
    tasks = [
        wish("Lắp bể lọc", due=DUE, given=given),
        wish("Thu phí", due=dt.date(2019, 12, 1), given=given),
    ]
    return adopted(cast, QUAN_MAU, Role.COMMITTEE_OFFICE, tasks)


def sent(
    cast: Cast, resolution: Resolution, by: Viewer, *names: str, at_once: bool = False,
    from_unit: str = QUAN_MAU,
) -> list[Receipt]:  # fmt: skip
    return send_down(
        resolution_id=resolution.pk,
        from_unit=cast[from_unit],
        unit_ids=[cast[name] for name in names],
        task_ids=resolution.tasks.filter(unit_id=cast[from_unit]).values_list("pk", flat=True),
        at_once=at_once,
        by=by,
        at=NOW,
    )


def received(cast: Cast, name: str, day: dt.date = TODAY) -> Receipt:
    by = acting(cast, Role.CELL_SECRETARY, name, on=day)
    return receive(receipt_id=Receipt.objects.get(unit_id=cast[name]).pk, by=by, at=at(day))


def rows(viewer: Viewer, resolution: Resolution, below: object, on: dt.date) -> dict[str, RolledUp]:
    return {one.name: one for one in roll_up(viewer, resolution.pk, below, on)}


# --- adopting ----------------------------------------------------------------------------------


def test_a_resolution_comes_with_its_tasks_in_one_event(cast: Cast, resolution: Resolution) -> None:
    assert [one.title for one in resolution.tasks.all()] == ["Lắp bể lọc", "Thu phí"]
    [event] = Event.objects.filter(subject=f"resolution:{resolution.pk}")
    assert (event.verb, event.data["tasks"]) == ("resolution.adopted", 2)
    assert not Event.objects.filter(verb="task.given").exists()


def test_a_resolution_that_cannot_be_is_refused_at_its_field(cast: Cast, office: Viewer) -> None:
    good = ResolutionWish(ResolutionKind.PLAN, "Kế hoạch năm", dt.date(2019, 9, 1))
    for field, code, mistaken in (
        ("title", "no-title", replace(good, title=" ")),
        ("adopted_on", "bad-day", replace(good, adopted_on=TODAY + dt.timedelta(days=1))),
        ("vote_base", "half-a-vote", replace(good, vote_for=3)),
        ("vote_for", "more-votes-than-voters", replace(good, vote_for=10, vote_base=9)),
        ("vote_base", "no-voters", replace(good, vote_for=0, vote_base=0)),
        ("text", "too-long", replace(good, text="x" * 30_001)),
    ):
        with pytest.raises(InputError) as caught:
            adopt_resolution(unit_id=cast[QUAN_MAU], wish=mistaken, by=office, at=NOW)
        assert (caught.value.field, caught.value.code) == (field, code)
    tasks = [wish(due=DUE), wish("", due=DUE)]
    with pytest.raises(InputError) as caught:
        adopt_resolution(unit_id=cast[QUAN_MAU], wish=good, tasks=tasks, by=office, at=NOW)
    assert (caught.value.place, caught.value.field) == ("việc thứ 2", "title")
    assert not Resolution.objects.exists()


def test_a_local_resolution_keeps_the_higher_one_that_it_applies(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    with pytest.raises(NotFound):
        adopted(cast, CELL, Role.CELL_SECRETARY, origin=resolution)
    sent(cast, resolution, office, CELL)
    local = adopted(cast, CELL, Role.CELL_SECRETARY, origin=resolution)
    assert list(resolution.applied_by.all()) == [local]


# --- sending and receiving ---------------------------------------------------------------------


def test_the_tasks_of_a_cell_come_when_it_receives_with_the_origin_kept(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    sent(cast, resolution, office, CELL, SECOND)
    assert not Task.objects.filter(unit_id=cast[CELL]).exists()
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    assert [one.unit_id for one in waiting_receipts(secretary, TODAY)] == [cast[CELL]]
    received(cast, CELL)
    assert not waiting_receipts(secretary, TODAY).exists()
    local = list(Task.objects.filter(unit_id=cast[CELL]).order_by("due_on"))
    assert [one.origin.unit_id for one in local] == [cast[QUAN_MAU]] * 2
    assert {(one.resolution_id, one.given_on) for one in local} == {(resolution.pk, TODAY)}
    with pytest.raises(NotNow) as caught:
        received(cast, CELL)
    assert caught.value.code == "already-received"
    assert not Task.objects.filter(unit_id=cast[SECOND]).exists()


def test_tasks_handed_over_at_once_are_not_made_again_on_receipt(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    sent(cast, resolution, office, CELL, at_once=True)
    received(cast, CELL)
    assert Task.objects.filter(unit_id=cast[CELL]).count() == 2


def test_what_was_sent_once_is_not_sent_again(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    sent(cast, resolution, office, CELL)
    assert len(sent(cast, resolution, office, CELL, SECOND)) == 1
    with pytest.raises(NotNow) as caught:
        sent(cast, resolution, office, CELL)
    assert caught.value.code == "nobody-left"


def test_only_those_below_are_sent_to_and_only_by_whom_it_belongs_to(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    for name in (NEIGHBOUR, QUAN_MAU, PROVINCE):
        with pytest.raises(NotFound):
            sent(cast, resolution, office, name)
    with pytest.raises(NotFound):
        sent(cast, resolution, acting(cast, Role.COMMITTEE_OFFICE, LANG_THU), CELL)
    sent(cast, resolution, office, CELL)
    with pytest.raises(NotAllowed):
        sent(cast, resolution, acting(cast, Role.CELL_SECRETARY, CELL), SECOND, from_unit=CELL)
    receipt, analyst = Receipt.objects.get(), acting(cast, Role.PROVINCIAL_ANALYST)
    with pytest.raises(NotAllowed, match="Chỉ đơn vị được gửi"):
        receive(receipt_id=receipt.pk, by=analyst, at=NOW)


def test_a_task_past_its_term_is_not_handed_down(cast: Cast, resolution: Resolution) -> None:
    late = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, on=LATER)
    with pytest.raises(InputError) as caught:
        send_down(
            resolution_id=resolution.pk, from_unit=cast[QUAN_MAU], unit_ids=[cast[CELL]],
            task_ids=resolution.tasks.values_list("pk", flat=True), at_once=True, by=late,
            at=at(LATER),
        )  # fmt: skip
    assert (caught.value.field, caught.value.code) == ("tasks", "term-over")


def test_a_commune_passes_on_what_it_received_and_the_resolution_stays_the_same(
    cast: Cast, analyst: Viewer, office: Viewer
) -> None:
    given = dt.date(2019, 8, 20)
    higher = adopted(
        cast, PROVINCE, Role.PROVINCIAL_ANALYST, [wish("Nước sạch", due=DUE, given=given)]
    )
    sent(cast, higher, analyst, QUAN_MAU, from_unit=PROVINCE)
    assert senders_of(office, higher, TODAY) == []
    receive(receipt_id=higher.receipts.get().pk, by=office, at=NOW)
    assert senders_of(office, higher, TODAY) == [cast[QUAN_MAU]]
    sent(cast, higher, office, CELL, SECOND, at_once=True)
    local = Task.objects.get(unit_id=cast[CELL])
    assert local.resolution_id == higher.pk
    assert local.origin.unit_id == cast[QUAN_MAU]
    assert local.origin.origin.unit_id == cast[PROVINCE]


def test_only_who_gave_a_task_drops_it(cast: Cast, resolution: Resolution, office: Viewer) -> None:
    sent(cast, resolution, office, CELL, at_once=True)
    local = Task.objects.filter(unit_id=cast[CELL]).first()
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    with pytest.raises(NotAllowed) as caught:
        drop_task(task_id=local.pk, reason="Không làm nổi.", by=secretary, at=NOW)
    assert caught.value.code == "given-from-above"
    drop_task(task_id=local.pk, reason="Thôn không có mương.", by=office, at=NOW)
    local.refresh_from_db()
    assert local.state == TaskState.DROPPED


# --- who sees ----------------------------------------------------------------------------------


def test_a_resolution_is_seen_by_its_own_and_by_whom_it_was_sent_to(
    cast: Cast, resolution: Resolution, office: Viewer, analyst: Viewer
) -> None:
    sent(cast, resolution, office, CELL)
    for role, unit, seen in (
        (Role.COMMITTEE_OFFICE, QUAN_MAU, True),
        (Role.PROVINCIAL_ANALYST, PROVINCE, True),
        (Role.CELL_SECRETARY, CELL, True),
        (Role.OVERSEER, CELL, True),
        (Role.CELL_SECRETARY, SECOND, False),
        (Role.COMMITTEE_OFFICE, LANG_THU, False),
        (Role.ADMINISTRATOR, PROVINCE, False),
    ):
        viewer = acting(cast, role, unit)
        ruled = set(resolutions_visible(viewer, TODAY))
        assert (resolution in ruled) is seen
        with behind(viewer, TODAY):
            assert set(Resolution.objects.all()) == ruled
            assert Receipt.objects.exists() is seen


# --- from above --------------------------------------------------------------------------------


def test_not_received_is_told_apart_from_not_done_and_from_late(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    sent(cast, resolution, office, CELL, SECOND, THIRD, at_once=True)
    received(cast, CELL)
    received(cast, SECOND)
    first = Task.objects.filter(unit_id=cast[CELL]).order_by("due_on").first()
    close_task(task_id=first.pk, proof=PROOF, by=acting(cast, Role.CELL_SECRETARY, CELL), at=NOW)
    found = rows(office, resolution, cast[QUAN_MAU], LATER)
    told = {
        name: (one.received, one.tasks, one.done, one.on_time, one.late, one.doing, one.unreceived)
        for name, one in found.items()
    }
    assert told == {
        CELL: (1, 2, 1, 1, 0, 1, 0),  # one done, one in term
        SECOND: (1, 2, 0, 0, 1, 1, 0),  # received and late
        THIRD: (0, 2, 0, 0, 0, 0, 2),  # not received: neither late nor undone
    }
    left = {name: one.not_received for name, one in found.items()}
    assert left == {CELL: 0, SECOND: 0, THIRD: 1}


def test_the_province_sees_communes_with_what_they_made_of_it(
    cast: Cast, analyst: Viewer, office: Viewer
) -> None:
    higher = adopted(cast, PROVINCE, Role.PROVINCIAL_ANALYST)
    sent(cast, higher, analyst, QUAN_MAU, LANG_THU, SCHOOL, from_unit=PROVINCE)
    receive(receipt_id=Receipt.objects.get(unit_id=cast[QUAN_MAU]).pk, by=office, at=NOW)
    given = dt.date(2019, 8, 20)
    local = adopted(
        cast, QUAN_MAU, Role.COMMITTEE_OFFICE, [wish(due=DUE, given=given)], origin=higher
    )
    sent(cast, local, office, CELL, SECOND, at_once=True)
    found = rows(analyst, higher, cast[PROVINCE], TODAY)
    assert set(found) == {QUAN_MAU, LANG_THU, SCHOOL}
    commune = found[QUAN_MAU]
    assert (commune.sent, commune.received, commune.tasks, commune.unreceived) == (3, 1, 3, 2)
    assert (found[LANG_THU].sent, found[LANG_THU].received, found[LANG_THU].tasks) == (1, 0, 0)
    assert set(rows(analyst, higher, cast[QUAN_MAU], TODAY)) == {CELL, SECOND}
    assert roll_up(None, higher.pk, cast[PROVINCE], TODAY) == []


def test_the_roll_up_asks_as_often_for_one_unit_as_for_all(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    counts = []
    for names in ((CELL,), (SECOND, THIRD)):
        sent(cast, resolution, office, *names, at_once=True)
        with CaptureQueriesContext(connection) as asked:
            roll_up(office, resolution.pk, cast[QUAN_MAU], TODAY)
        counts.append(len(asked))
    assert counts == [2, 2]


def test_a_merged_cell_counts_with_its_heir(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    sent(cast, resolution, office, CELL, SECOND, at_once=True)
    desk = Desk(cast)
    desk.does(Merge((desk.id(CELL),), desk.id(SECOND)), on=dt.date(2019, 10, 1))
    after = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, on=LATER)
    found = rows(after, resolution, cast[QUAN_MAU], LATER)
    assert (found[SECOND].sent, found[SECOND].tasks) == (2, 4)
    heir = acting(cast, Role.CELL_SECRETARY, SECOND, on=LATER)
    waiting = waiting_receipts(heir, LATER)
    assert {one.unit_id for one in waiting} == {cast[CELL], cast[SECOND]}
    receive(receipt_id=waiting.get(unit_id=cast[CELL]).pk, by=heir, at=at(LATER))


# --- the end -----------------------------------------------------------------------------------


def test_carried_out_means_that_no_task_is_open_anywhere(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    sent(cast, resolution, office, CELL, at_once=True)
    done = {"resolution_id": resolution.pk, "state": ResolutionState.DONE, "by": office, "at": NOW}
    with pytest.raises(NotNow, match="Còn 4 việc"):
        end_resolution(**done)
    for task in resolution.tasks.all():
        close_task(task_id=task.pk, proof=PROOF, by=office, at=NOW)
    with pytest.raises(NotNow, match="Còn 1 nơi chưa nhận"):
        end_resolution(**done)
    received(cast, CELL)
    end_resolution(**done)
    resolution.refresh_from_db()
    assert (resolution.state, resolution.ended_on) == ("done", TODAY)
    with pytest.raises(NotNow):
        end_resolution(**done)


def test_giving_a_resolution_up_drops_what_is_open_of_it_with_the_reason(
    cast: Cast, resolution: Resolution, office: Viewer
) -> None:
    sent(cast, resolution, office, CELL)
    ended = {"resolution_id": resolution.pk, "state": ResolutionState.ENDED, "by": office}
    with pytest.raises(InputError):
        end_resolution(**ended, at=NOW)
    with pytest.raises(NotAllowed):
        end_resolution(
            **{**ended, "by": acting(cast, Role.CELL_SECRETARY, CELL)}, reason="Thôi.", at=NOW
        )
    end_resolution(**ended, reason="Có nghị quyết mới thay.", at=NOW)
    assert {(one.state, one.drop_reason) for one in resolution.tasks.all()} == {
        ("dropped", "Có nghị quyết mới thay.")
    }
    received(cast, CELL)
    assert not Task.objects.filter(unit_id=cast[CELL]).exists()
    resume_resolution(resolution_id=resolution.pk, reason="Bỏ nhầm.", by=office, at=NOW)
    resolution.refresh_from_db()
    assert (resolution.state, resolution.end_reason) == ("in_force", "")
