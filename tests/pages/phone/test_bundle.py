"""What a phone takes along: enough to work for months, bounded, and nothing of others."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from tests.contract.phones import Phone, secretary
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.periods import add_months, month_of, month_slug
from vungmanh.core.vocabulary import Role
from vungmanh.meetings import phone_bundle
from vungmanh.meetings.actions.meeting import plan_meeting
from vungmanh.meetings.actions.roll import add_member, switch_names_on
from vungmanh.meetings.actions.tasks import give_task
from vungmanh.meetings.facts import FIELDS
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, Obligation, Task
from vungmanh.meetings.wishes import TaskWish

pytestmark = pytest.mark.django_db
CELL, SECOND, THIRD = CELLS[QUAN_MAU]


@pytest.fixture
def month() -> dt.date:
    return add_months(month_of(timezone.localdate()), -1)


@pytest.fixture
def cast(db: None, month: dt.date) -> Cast:
    return make_cast(first=add_months(month, -12), last=month_of(timezone.localdate()))


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return secretary(cast)


def bundle(user: User) -> dict[str, Any]:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("phone_bundle"))
    assert response["Cache-Control"] == "no-store"
    return response.json()


def month_in(said: dict[str, Any], month: dt.date, kind: str = "regular") -> dict[str, Any]:
    [unit] = said["units"]
    slug = month_slug(month)
    return next(one for one in unit["months"] if (one["month"], one["kind"]) == (slug, kind))


def test_a_secretary_takes_along_the_own_cell(cast: Cast, phone: Phone, month: dt.date) -> None:
    today = timezone.localdate()
    wish = TaskWish("Sửa cống", "Chi ủy", today + dt.timedelta(days=9), "Cống thông")
    give_task(unit_id=cast[CELL], wish=wish, by=phone.viewer(timezone.now()), at=timezone.now())
    phone.send(phone.write({"place": "Nhà họp"}, month=month), at=timezone.now())
    said = bundle(phone.user)
    assert [(one["name"], one["role"]) for one in said["units"]] == [(CELL, "cell_secretary")]
    [unit] = said["units"]
    assert unit["members"] == {"official": 9}
    assert (unit["names_on"], unit["roll"]) == (False, [])
    last = month_in(said, month)
    assert last["meeting"] == str(meeting_id(cast[CELL], "regular", month))
    assert (last["state"], last["facts"], last["reported"]) == (
        "recording", {"place": "Nhà họp"}, None,
    )  # fmt: skip
    [task] = unit["tasks"]
    assert (task["title"], task["carried"], task["facts"]["state"]) == ("Sửa cống", 0, "open")
    assert [one["name"] for one in said["fields"]] == list(FIELDS)
    assert said["sheets"][last["sheet"]]["criteria"]


def test_a_month_tells_when_it_may_be_held_and_what_was_planned(
    cast: Cast, phone: Phone, month: dt.date
) -> None:
    due = Obligation.objects.filter(unit_id=cast[CELL], kind="regular", month=month)
    due.update(postponed_until=add_months(month, 1))
    said = {"planned_on": month.replace(day=5).isoformat(), "place": "Nhà họp", "items": ["Một"]}
    now = timezone.now()
    plan_meeting(
        unit_id=cast[CELL], kind="regular", month=month, set=said, was={}, by=phone.viewer(now),
        at=now,
    )  # fmt: skip
    told = month_in(bundle(phone.user), month)
    assert (told["first_month"], told["last_month"]) == (
        month_slug(month),
        month_slug(add_months(month, 1)),
    )
    assert told["plan"] == {"planned_on": said["planned_on"], "place": "Nhà họp"}


def test_what_the_phone_wrote_is_what_it_takes_along_next(phone: Phone, month: dt.date) -> None:
    """The facts of the bundle are the `was` of the next item: a phone is no conflict to itself."""
    now = timezone.now()
    phone.send(phone.write({"place": "Nhà họp", "present": 8}, month=month), at=now)
    facts = month_in(bundle(phone.user), month)["facts"]
    [answer] = phone.send(phone.write({"place": "Nhà ông Mẫu"}, facts, month=month), at=now)
    assert answer["answer"] == "accepted"


def test_names_go_along_only_where_they_are_switched_on(
    cast: Cast, phone: Phone, month: dt.date
) -> None:
    office = cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    now, today = timezone.now(), timezone.localdate()
    by = viewer_for(office, on=today)
    switch_names_on(
        unit_id=cast[QUAN_MAU], from_day=add_months(month, -3), document="QĐ 1-QĐ/ĐU", by=by, at=now
    )
    add_member(
        unit_id=cast[CELL], name="Nông Thử Một", status="official",
        from_day=add_months(month, -2), by=by, at=now,
    )  # fmt: skip
    [unit] = bundle(phone.user)["units"]
    assert [one["name"] for one in unit["roll"]] == ["Nông Thử Một"]
    overseer = cast.user("phu-trach", Role.OVERSEER, CELL)
    told = bundle(overseer)
    assert (told["units"][0]["names_on"], told["units"][0]["roll"]) == (True, [])
    assert "Nông Thử Một" not in json.dumps(told, ensure_ascii=False)


def test_no_side_takes_along_what_the_other_gave(cast: Cast, phone: Phone, month: dt.date) -> None:
    overseer = Phone(cast.user("phu-trach", Role.OVERSEER, CELL), cast[CELL])
    sheet = month_in(bundle(overseer.user), month)["sheet"]
    criteria = bundle(overseer.user)["sheets"][sheet]["criteria"]
    first = next(one for one in criteria if one["typed"])
    now = timezone.now()
    scores = {first["code"]: first["max"]}
    body = {"scorer": "superior", "sheet": sheet, "scores": scores, "was": None}
    item = overseer.item("sheet.score", overseer.about(month)[0], body)
    assert [one["answer"] for one in overseer.send(item, at=now)] == ["accepted"]
    assert month_in(bundle(overseer.user), month)["scores"] is not None
    own = bundle(phone.user)
    assert month_in(own, month)["scores"] is None
    assert own["waiting"] == []


def test_an_overseer_takes_along_no_draft(cast: Cast, phone: Phone, month: dt.date) -> None:
    overseer, now = cast.user("phu-trach", Role.OVERSEER, CELL), timezone.now()
    said = {"outcome": "held", "held_on": month.isoformat(), "present": 8}
    phone.send(phone.write(said, month=month), at=now)
    assert month_in(bundle(phone.user), month)["facts"] == said
    assert month_in(bundle(overseer), month)["facts"] == {}
    phone.send(phone.file(month), at=now)
    assert month_in(bundle(overseer), month)["facts"] == said


def test_what_waits_is_told_to_its_own_person_only(cast: Cast, phone: Phone) -> None:
    phone.write({"place": "không bao giờ gửi"})
    phone.send(phone.write({"place": "giữ lại"}), at=timezone.now())
    [waits] = bundle(phone.user)["waiting"]
    assert (waits["answer"], waits["code"]) == ("held", "after-missing")
    other = secretary(cast, "bi-thu-khac", SECOND)
    assert bundle(other.user)["waiting"] == []


def test_an_overseer_takes_along_every_cell_in_charge_and_no_other(cast: Cast) -> None:
    user = cast.user("phu-trach", Role.OVERSEER, CELL)
    grant = RoleGrant.objects.get(user=user)
    for name in (SECOND, THIRD):
        RoleGrant.objects.create(
            user=user, role=Role.OVERSEER, unit_id=cast[name], reach="unit", valid=grant.valid
        )
    words = json.dumps(bundle(user), ensure_ascii=False)
    assert all(name in words for name in CELLS[QUAN_MAU])
    assert not any(name in words for name in CELLS[LANG_THU])


def test_more_cells_cost_no_more_queries_but_for_their_sheets(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_bundle, "sheet_for_phone", lambda *_of: {"id": "x"})
    user = cast.user("phu-trach", Role.OVERSEER, CELL)
    client, costs = Client(), []
    client.force_login(user)
    grant = RoleGrant.objects.get(user=user)
    for name in (None, SECOND, THIRD):
        if name:
            RoleGrant.objects.create(
                user=user, role=Role.OVERSEER, unit_id=cast[name], reach="unit", valid=grant.valid
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("phone_bundle"))
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]


def test_what_is_left_out_is_counted(
    cast: Cast, phone: Phone, month: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_bundle, "MOST_MONTHS", 2)
    monkeypatch.setattr(phone_bundle, "MOST_TASKS", 1)
    monkeypatch.setattr(phone_bundle, "TEXT_BUDGET", 100)
    wish = TaskWish("Sửa cống", "Chi ủy", timezone.localdate(), "Cống thông")
    for _ in range(3):
        give_task(unit_id=cast[CELL], wish=wish, by=phone.viewer(timezone.now()), at=timezone.now())
    text = "Bàn về đường nội thôn. " * 20
    phone.send(
        phone.write({"conclusion": text, "place": "Nhà họp"}, month=month), at=timezone.now()
    )
    said = bundle(phone.user)
    [unit] = said["units"]
    assert (len(unit["tasks"]), said["left_out"]["tasks"]) == (1, 2)
    assert len(unit["months"]) == 2
    assert said["left_out"]["months"] > 0
    last = month_in(said, month)
    assert (last["cut"], last["facts"]) == (["conclusion"], {"place": "Nhà họp"})
    assert Meeting.objects.get().facts["conclusion"] == text.strip()
    assert Task.objects.count() == 3


def test_a_meeting_has_one_id_on_the_server_and_on_every_phone(cast: Cast, phone: Phone) -> None:
    [unit] = bundle(phone.user)["units"]
    for one in unit["months"]:
        year, number = map(int, one["month"].split("-"))
        made = meeting_id(UUID(unit["id"]), one["kind"], dt.date(year, number, 1))
        assert str(made) == one["meeting"]
