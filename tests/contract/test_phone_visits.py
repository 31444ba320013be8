"""Visits that were written down on a phone without a network."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from tests.contract.phones import CELL, MONTH, NOW, Phone, new_id
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import FiledVia, PhoneItemState, Reach, Role
from vungmanh.meetings.actions.settling import current_values, release_item, settle_conflict
from vungmanh.meetings.actions.visits import record_visit
from vungmanh.meetings.models import PhoneItem, Visit
from vungmanh.meetings.phone_bundle import Parts, add_cells

pytestmark = pytest.mark.django_db
OTHER = CELLS[QUAN_MAU][1]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2026, 1, 1), last=MONTH)


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return Phone(cast.user("phu-trach", Role.OVERSEER, CELL), cast[CELL])


def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=NOW.date())


def item(phone: Phone, key: str, said: dict, was: dict | None = None, **more: Any) -> dict:
    on = more.pop("on", "2026-12-05")
    before = dict.fromkeys(said) | (was or {})
    body = {"unit": str(phone.unit_id), "on": on, "set": said, "was": before}
    return phone.item("visit.record", key, body, **more)


def test_a_visit_of_a_phone_is_written_once_and_told_back(cast: Cast, phone: Phone) -> None:
    key = new_id()
    sent = item(phone, key, {"attended": True, "found": "Họp đủ"})
    more = item(phone, key, {"agreed": "Họp trước 19 giờ"})
    for _ in range(2):
        assert {one["answer"] for one in phone.send(sent, more)} <= {"accepted", "known"}
    made = Visit.objects.get()
    assert (str(made.pk), made.found, made.agreed) == (key, "Họp đủ", "Họp trước 19 giờ")
    assert (made.via, made.revision) == (FiledVia.PHONE, 2)
    parts = Parts()
    add_cells(parts, phone.viewer(), NOW.date())
    [unit] = parts.units
    assert (unit["attended"], unit["visits"][0]["id"]) == (1, key)
    assert unit["visits"][0]["facts"]["found"] == "Họp đủ"


def test_what_the_office_wrote_from_paper_is_for_a_person_to_choose(
    cast: Cast, phone: Phone
) -> None:
    paper = record_visit(
        id=uuid4(), unit_id=cast[CELL], on=dt.date(2026, 12, 5), attended=True,
        found="Họp đúng giờ", by=office(cast), at=NOW, via=FiledVia.PAPER,
        overseer_id=phone.user.pk,
    )  # fmt: skip
    sent = item(phone, new_id(), {"attended": True, "found": "Họp muộn", "put_right": "Đã có sổ"})
    [answer] = phone.send(sent)
    assert answer["conflict"] == {
        "found": {"mine": "Họp muộn", "theirs": "Họp đúng giờ", "was": None}
    }
    paper.refresh_from_db()
    assert (paper.found, paper.put_right) == ("Họp đúng giờ", "Đã có sổ")
    chosen = item(
        phone, sent["subject"], {"found": "Họp muộn"}, {"found": "Họp đúng giờ"},
        settles=sent["id"], why="nhìn đồng hồ",
    )  # fmt: skip
    assert [one["answer"] for one in phone.send(chosen)] == ["accepted"]
    paper.refresh_from_db()
    assert paper.found == "Họp muộn"
    assert PhoneItem.objects.get(pk=sent["id"]).state == PhoneItemState.SUPERSEDED


def test_the_office_may_choose_instead(cast: Cast, phone: Phone) -> None:
    key, by = new_id(), office(cast)
    phone.send(item(phone, key, {"attended": True, "found": "Ít người"}))
    phone.send(item(phone, key, {"attended": False, "found": "Đông"}, {"attended": True}))
    row = PhoneItem.objects.get(state=PhoneItemState.CONFLICT)
    assert current_values(row)["found"] == "Ít người"
    settle_conflict(
        item_id=row.pk, chosen={"found": "Đông"}, seen={"found": "Ít người"}, reason="hỏi lại",
        by=by, at=NOW,
    )  # fmt: skip
    made = Visit.objects.get()
    assert (made.found, made.attended, made.overseer_id) == ("Đông", False, phone.user.pk)


def test_a_visit_of_somebody_who_left_since_waits_for_the_office(cast: Cast, phone: Phone) -> None:
    phone.device()
    grant = RoleGrant.objects.get(user=phone.user)
    grant.valid = DateRange(grant.valid.lower, dt.date(2026, 12, 10))
    grant.save()
    grant_role(
        user=phone.user, role=Role.OVERSEER, unit_id=cast[OTHER], reach=Reach.UNIT,
        valid_from=dt.date(2026, 12, 10), by=None, at=NOW,
    )  # fmt: skip
    [answer] = phone.send(item(phone, new_id(), {"attended": True}))
    assert (answer["answer"], answer["code"]) == ("kept", "not-yours-now")
    assert not Visit.objects.exists()
    released = release_item(item_id=PhoneItem.objects.get().pk, by=office(cast), at=NOW)
    assert released.state == PhoneItemState.ACCEPTED
    assert Visit.objects.get().overseer_id == phone.user.pk


@pytest.mark.parametrize(
    ("more", "code"),
    [({"on": "2027-01-05"}, "day-to-come"), ({"on": "hôm qua"}, "bad-day")],
)
def test_a_day_that_cannot_be_is_refused_with_a_sentence(
    phone: Phone, more: dict[str, str], code: str
) -> None:
    [answer] = phone.send(item(phone, new_id(), {"attended": True}, **more))
    assert (answer["answer"], answer["code"], answer["field"]) == ("refused", code, "on")
    assert not Visit.objects.exists()


def test_a_secretary_takes_no_visits_along_and_records_none(cast: Cast) -> None:
    own = Phone(cast.user("bi-thu", Role.CELL_SECRETARY, CELL), cast[CELL])
    [answer] = own.send(item(own, new_id(), {"attended": True}))
    assert (answer["answer"], answer["code"]) == ("kept", "not-yours-now")
    parts = Parts()
    add_cells(parts, own.viewer(), NOW.date())
    assert (parts.units[0]["visits"], parts.units[0]["attended"]) == ([], 0)
