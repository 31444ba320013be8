"""The addresses a phone talks to: every answer of docs/house/phones.md."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import User
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, PhoneDevice, PhoneItem
from vungmanh.web.phone import sending

pytestmark = pytest.mark.django_db
CELL, OTHER = CELLS[QUAN_MAU][:2]
JSON = "application/json"


@pytest.fixture
def month() -> dt.date:
    return add_months(month_of(timezone.localdate()), -1)


@pytest.fixture
def cast(db: None, month: dt.date) -> Cast:
    cache.clear()
    return make_cast(first=add_months(month, -6), last=month_of(timezone.localdate()))


class Line:
    """A phone with its browser session."""

    def __init__(self, user: User, unit: uuid.UUID, month: dt.date, **client: Any) -> None:
        self.client = Client(**client)
        self.client.force_login(user)
        self.device, self.key = str(uuid.uuid4()), "ab" * 32
        self.unit, self.month = unit, month

    def item(self, said: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        said = {"place": "Nhà văn hóa"} if said is None else said
        subject = str(meeting_id(self.unit, "regular", self.month))
        body = {
            "unit": str(self.unit), "kind": "regular", "month": f"{self.month:%Y-%m}",
            "set": said, "was": dict.fromkeys(said),
        }  # fmt: skip
        return {
            "id": str(uuid.uuid4()), "kind": "meeting.write", "subject": subject, "after": None,
            "made_at": timezone.now().isoformat(), "form": 1, "body": body, **more,
        }  # fmt: skip

    def post(self, *items: Any, to: str = "phone_send", **more: Any) -> HttpResponse:
        body = {"device": self.device, "key": self.key, "items": list(items), **more}
        headers = {name: body.pop(name) for name in list(body) if name.startswith("HTTP_")}
        return self.client.post(reverse(to), json.dumps(body), content_type=JSON, **headers)


@pytest.fixture
def line(cast: Cast, month: dt.date) -> Line:
    return Line(cast.user("bi-thu", Role.CELL_SECRETARY, CELL), cast[CELL], month)


def code_of(response: HttpResponse) -> tuple[int, str]:
    said = response.json()
    assert said["message"].endswith(".")
    return response.status_code, said["code"]


def test_what_is_sent_is_answered_item_by_item_with_every_key(line: Line) -> None:
    item = line.item()
    response = line.post(item, "rác", clock=timezone.now().isoformat(), outbox=2, name="Máy Hoa")
    said = response.json()
    keys = {
        "id", "answer", "then", "code", "message", "field", "revision", "conflict", "problems",
    }  # fmt: skip
    assert [set(one) for one in said["items"]] == [keys, keys]
    assert [one["answer"] for one in said["items"]] == ["accepted", "refused"]
    assert abs(said["clock_off"]) <= 2
    assert said["clock_message"] == ""
    assert Meeting.objects.get().facts == {"place": "Nhà văn hóa"}
    device = PhoneDevice.objects.get()
    assert (device.name, str(device.unit_id)) == ("Máy Hoa", str(line.unit))
    assert device.outbox == 1  # two were told, one of them is written
    assert line.key not in str(vars(device))


def test_a_clock_a_year_ahead_is_told_and_hinders_nothing(line: Line) -> None:
    later = timezone.now() + dt.timedelta(days=365)
    said = line.post(line.item(), clock=later.isoformat()).json()
    assert "nhanh 365 ngày" in said["clock_message"]
    assert said["items"][0]["answer"] == "accepted"


def test_whoever_is_signed_out_is_told_in_json_and_deposits(line: Line) -> None:
    line.post()
    line.client.logout()
    assert code_of(line.post(line.item())) == (401, "signed-out")
    bundle = line.client.get(reverse("phone_bundle"), headers={"accept": JSON})
    assert code_of(bundle) == (401, "signed-out")
    item = line.item()
    kept = [line.post(item, to="phone_deposit", outbox=1).json()["items"][0] for _ in range(2)]
    assert [(one["answer"], one["code"]) for one in kept] == [("kept", "signed-out")] * 2
    assert not Meeting.objects.exists()
    assert PhoneItem.objects.get().way == "deposited"


def test_a_disabled_account_loses_nothing(line: Line) -> None:
    line.post()
    User.objects.filter(username="bi-thu").update(is_active=False)
    assert code_of(line.post(line.item())) == (401, "signed-out")
    assert line.post(line.item(), to="phone_deposit").json()["items"][0]["answer"] == "kept"


def test_a_deposit_asks_for_the_key_and_gives_up_after_thirty_wrong_ones(line: Line) -> None:
    assert code_of(line.post(line.item(), to="phone_deposit")) == (403, "wrong-key")
    line.post()
    line.key, right = "cd" * 32, line.key
    for _ in range(sending.WRONG_KEYS - 1):
        assert code_of(line.post(to="phone_deposit")) == (403, "wrong-key")
    line.key = right
    refused = line.post(line.item(), to="phone_deposit")
    assert code_of(refused) == (429, "too-often")
    assert int(refused["Retry-After"]) > 0
    assert not PhoneItem.objects.exists()


def test_a_deposit_needs_no_token_and_a_sending_does(cast: Cast, month: dt.date) -> None:
    user = cast.user("bi-thu", Role.CELL_SECRETARY, CELL)
    line = Line(user, cast[CELL], month, enforce_csrf_checks=True)
    assert code_of(line.post(line.item())) == (403, "csrf")
    token = line.client.get(reverse("phone_bundle")).json()["csrf"]
    sent = line.post(line.item(), HTTP_X_CSRFTOKEN=token)
    assert sent.json()["items"][0]["answer"] == "accepted"
    line.client.logout()
    assert line.post(line.item(), to="phone_deposit").json()["items"][0]["answer"] == "kept"


@pytest.mark.parametrize(
    "body",
    [
        " ", "[]", "{", "null", '{"device": "x"}', '{"items": []}', "[" * 5000,
        '{"device": "6a1b6d0e-0000-4000-8000-000000000000", "items": {}}',
        '{"device": "6a1b6d0e-0000-4000-8000-000000000000", "key": "ngắn", "items": []}',
        '{"device": "6a1b6d0e-0000-4000-8000-000000000000", "key": "\\ud800", "items": []}',
        '{"device": "6a1b6d0e-0000-4000-8000-000000000000", "items": [' + "9" * 5000 + "]}",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_coded_sentence(line: Line, body: str) -> None:
    response = line.client.post(reverse("phone_send"), body, content_type=JSON)
    assert code_of(response) == (400, "bad-request")


def test_too_much_at_once_is_told_apart(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(line.post(*[{}] * 201)) == (413, "too-many")
    assert code_of(line.post("x" * 2_100_000)) == (413, "too-large")
    monkeypatch.setattr(sending, "MOST_AN_HOUR", 2)
    items = [line.item(), line.item()]
    assert line.post(*items).status_code == 200
    assert code_of(line.post(line.item())) == (429, "too-often")
    assert line.post(*items).status_code == 200  # asking again is nothing new


def test_the_phone_of_another_account_is_told_so(cast: Cast, line: Line, month: dt.date) -> None:
    line.post()
    other = Line(cast.user("nguoi-khac", Role.CELL_SECRETARY, OTHER), cast[OTHER], month)
    other.device = line.device
    assert code_of(other.post(other.item())) == (403, "phone-of-another")


def test_an_office_has_no_phone_and_a_second_hat_has(cast: Cast, month: dt.date) -> None:
    user = cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    line = Line(user, cast[CELL], month)
    assert code_of(line.post()) == (403, "not-allowed")
    from vungmanh.access.models import RoleGrant

    grant = RoleGrant.objects.get(user=user)
    RoleGrant.objects.create(
        user=user, role=Role.OVERSEER, unit_id=cast[CELL], reach="unit", valid=grant.valid
    )
    assert line.post().status_code == 200
    units = line.client.get(reverse("phone_bundle")).json()["units"]
    assert [(one["name"], one["role"]) for one in units] == [(CELL, "overseer")]
