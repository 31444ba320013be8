"""The office's queue of what came from phones: both values, a reason, and nothing of others."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from tests.contract.phones import Phone, secretary
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.meeting import confirm_meeting, write_meeting
from vungmanh.meetings.actions.receiving import hash_of_key, receive
from vungmanh.meetings.models import Meeting, MeetingReport, PhoneDevice, PhoneItem
from vungmanh.web.phone.queue_forms import MINE, OTHER, THEIRS

pytestmark = pytest.mark.django_db
CELL = CELLS[QUAN_MAU][0]
QUEUE = "phone_queue"


@pytest.fixture
def month() -> dt.date:
    return add_months(month_of(timezone.localdate()), -1)


@pytest.fixture
def cast(db: None, month: dt.date) -> Cast:
    return make_cast(first=add_months(month, -6), last=month_of(timezone.localdate()))


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return secretary(cast)


@pytest.fixture
def office(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    return client


def facts(month: dt.date) -> dict[str, Any]:
    return {
        "outcome": "held", "held_on": f"{month:%Y-%m}-05", "present": 8, "excused": 1,
        "unexcused": 0,
    }  # fmt: skip


def in_conflict(phone: Phone, month: dt.date) -> PhoneItem:
    """The office has written 9 present, the phone 7."""
    now = timezone.now()
    by = viewer_for(User.objects.get(username="van-phong"), on=timezone.localdate())
    write_meeting(
        unit_id=phone.unit_id, kind="regular", month=month, set={"present": 9},
        was={"present": None}, by=by, at=now,
    )  # fmt: skip
    item = phone.write({"present": 7}, month=month)
    [answer] = phone.send(item, at=now)
    assert answer["answer"] == "conflict"
    return PhoneItem.objects.get(pk=item["id"])


def choose(office: Client, item: PhoneItem, pick: str, **more: str) -> Any:
    page = office.get(reverse("phone_item", args=[item.pk]))
    seen = page.context["choice"]["seen"].initial
    form = {"act": "settle", "seen": seen, "pick-present": pick, "reason": "Xem lại sổ giấy"}
    return office.post(reverse("phone_item", args=[item.pk]), form | more)


@pytest.mark.parametrize(("pick", "present"), [(MINE, 7), (THEIRS, 9), (OTHER, 8)])
def test_the_office_chooses_a_value_and_the_other_is_kept_with_a_reason(
    office: Client, phone: Phone, month: dt.date, pick: str, present: int
) -> None:
    item = in_conflict(phone, month)
    page = office.get(reverse("phone_item", args=[item.pk])).content.decode()
    assert "Trên máy chủ: 9" in page
    assert "Trên điện thoại: 7" in page
    assert "checked" not in page.partition("<form")[2]  # nothing is chosen beforehand
    done = choose(office, item, pick, **({"other-present": "8"} if pick == OTHER else {}))
    assert done.status_code == 302
    assert Meeting.objects.get().facts["present"] == present
    item.refresh_from_db()
    assert item.settlement == {"present": {"choice": pick, "value": present}}
    assert (item.settled_by.username, item.settled_reason) == ("van-phong", "Xem lại sổ giấy")
    assert (item.answer["conflict"]["present"]["mine"], item.state) == (7, "superseded")


def test_a_choice_made_of_a_value_that_moved_on_is_not_taken(
    office: Client, phone: Phone, month: dt.date
) -> None:
    item = in_conflict(phone, month)
    seen = json.dumps({"present": 5})
    answer = choose(office, item, MINE, seen=seen)
    assert answer.status_code == 422
    assert "Vừa có người ghi lại" in answer.content.decode()
    assert Meeting.objects.get().facts["present"] == 9


@pytest.mark.parametrize("missing", ["pick-present", "reason"])
def test_a_choice_needs_every_field_and_a_reason(
    office: Client, phone: Phone, month: dt.date, missing: str
) -> None:
    item = in_conflict(phone, month)
    assert choose(office, item, MINE, **{missing: ""}).status_code == 422
    assert PhoneItem.objects.get(pk=item.pk).state == "conflict"


def test_a_confirmed_record_is_corrected_by_the_choice_and_filed_again(
    office: Client, phone: Phone, month: dt.date
) -> None:
    now = timezone.now()
    phone.send(phone.write(facts(month), month=month), phone.file(month), at=now)
    by = viewer_for(User.objects.get(username="van-phong"), on=timezone.localdate())
    confirm_meeting(meeting_id=Meeting.objects.get().pk, by=by, at=now)
    late = phone.write({"present": 7}, {"present": 8}, month=month)
    phone.send(late, at=now)
    item = PhoneItem.objects.get(pk=late["id"])
    assert item.code == "record-closed"
    assert choose(office, item, MINE).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.version, meeting.facts["present"]) == ("filed", 2, 7)
    assert meeting.correction_reason == "Xem lại sổ giấy"
    assert MeetingReport.objects.get(unit_id=phone.unit_id, month=month).present == 7


def test_a_filing_that_waited_goes_on_when_the_office_has_chosen(
    office: Client, phone: Phone, month: dt.date
) -> None:
    item = in_conflict(phone, month)
    rest = phone.write(
        {"outcome": "held", "held_on": f"{month:%Y-%m}-05", "excused": 0, "unexcused": 0},
        month=month,
    )
    phone.send(rest, phone.file(month), at=timezone.now())
    assert not MeetingReport.objects.filter(unit_id=phone.unit_id, month=month).exists()
    choose(office, item, THEIRS)
    assert MeetingReport.objects.get(unit_id=phone.unit_id, month=month).present == 9


def deposited(phone: Phone, *items: dict[str, Any]) -> None:
    now = timezone.now()
    device = phone.device(now)
    User.objects.filter(pk=phone.user.pk).update(is_active=False)
    receive(device=device, items=items, by=None, at=now)


def test_the_office_writes_what_a_closed_account_left(
    office: Client, phone: Phone, month: dt.date
) -> None:
    write, file = phone.write(facts(month), month=month), phone.file(month)
    deposited(phone, file, write)
    page = office.get(reverse(QUEUE)).content.decode()
    assert "2 mục chờ cho ghi hay từ chối" in page
    early = office.post(reverse("phone_item", args=[file["id"]]), {"act": "release"})
    assert early.status_code == 302
    assert PhoneItem.objects.get(pk=file["id"]).state == "held"  # the record comes first
    done = office.post(reverse("phone_item", args=[write["id"]]), {"act": "release"})
    assert done.status_code == 302
    assert MeetingReport.objects.get(unit_id=phone.unit_id, month=month).present == 8
    assert PhoneItem.objects.get(pk=write["id"]).decided_by.username == "van-phong"


def test_the_office_writes_all_of_a_phone_in_the_order_it_was_made(
    office: Client, phone: Phone, month: dt.date
) -> None:
    write, file = phone.write(facts(month), month=month), phone.file(month)
    deposited(phone, file, write)
    address = reverse("phone_item", args=[file["id"]])
    assert "Cho ghi cả 2 mục" in office.get(address).content.decode()
    assert office.post(address, {"act": "release-all"}).status_code == 302
    assert MeetingReport.objects.get(unit_id=phone.unit_id, month=month).present == 8


def test_the_office_rejects_with_a_reason_the_phone_is_told(
    office: Client, phone: Phone, month: dt.date
) -> None:
    item = phone.write(facts(month), month=month)
    deposited(phone, item)
    address = reverse("phone_item", args=[item["id"]])
    assert office.post(address, {"act": "reject", "reason": ""}).status_code == 422
    assert office.post(address, {"act": "reject", "reason": "Đã nộp giấy"}).status_code == 302
    User.objects.filter(pk=phone.user.pk).update(is_active=True)
    [answer] = phone.send(item, at=timezone.now())
    assert (answer["then"], answer["code"]) == ("refused", "rejected")
    assert "Đã nộp giấy" in answer["message"]


def test_points_wait_without_being_shown(office: Client, cast: Cast, month: dt.date) -> None:
    overseer = Phone(cast.user("phu-trach", Role.OVERSEER, CELL), cast[CELL])
    item = overseer.item(
        "sheet.score", overseer.about(month)[0],
        {"scorer": "superior", "sheet": "KH08-2025", "scores": {"1.1": "4711"}, "was": None},
    )  # fmt: skip
    deposited(overseer, item)
    for address in (reverse(QUEUE), reverse("phone_item", args=[item["id"]])):
        page = office.get(address).content.decode()
        assert "Chấm điểm buổi họp" in page
        assert "4711" not in page
    refused = office.post(reverse("phone_item", args=[item["id"]]), {"act": "release"})
    assert refused.status_code == 422


def test_what_is_not_below_an_office_is_not_found_by_it(
    cast: Cast, phone: Phone, month: dt.date
) -> None:
    item = phone.write(facts(month), month=month)
    deposited(phone, item)
    stranger = Client()
    stranger.force_login(cast.user("lang-gieng", Role.COMMITTEE_OFFICE, LANG_THU))
    address = reverse("phone_item", args=[item["id"]])
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"act": "release"}).status_code == 404
    assert CELL not in stranger.get(reverse(QUEUE)).content.decode()
    device = PhoneDevice.objects.get()
    revoke = stranger.post(reverse("phone_revoke", args=[device.pk]), {"reason": "mất máy"})
    assert revoke.status_code == 404


def test_a_lost_phone_is_stopped_with_a_reason(office: Client, phone: Phone) -> None:
    device = phone.device(timezone.now())
    page = office.get(f"{reverse(QUEUE)}?loai=dien-thoai").content.decode()
    assert CELL in page
    address = reverse("phone_revoke", args=[device.pk])
    assert address in page
    assert office.get(address).status_code == 200
    assert office.post(address, {"reason": ""}).status_code == 422
    assert office.post(address, {"reason": "Rơi xuống suối"}).status_code == 302
    device.refresh_from_db()
    assert device.revoked_reason == "Rơi xuống suối"


def test_a_queue_of_three_costs_no_more_queries_than_one_of_one(
    office: Client, phone: Phone, month: dt.date
) -> None:
    costs = []
    items = [phone.write({"place": f"Nơi {n}"}, month=month) for n in range(3)]
    device = phone.device(timezone.now())
    for some in (items[:1], items):
        receive(device=device, items=some, by=None, at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert office.get(reverse(QUEUE)).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- a saved copy --------------------------------------------------------------------------------


def saved(phone: Phone, *items: dict[str, Any], key: str | None = None, who: str = "") -> bytes:
    text = json.dumps(items, ensure_ascii=False)
    key_bytes = bytes.fromhex(hash_of_key(key or phone.key))
    return json.dumps(
        {
            "format": "vungmanh-phone", "version": 1, "device": phone.id, "saved_at": "2026-11-05",
            "user": who or phone.user.username, "items": text,
            "proof": hmac.new(key_bytes, text.encode(), hashlib.sha256).hexdigest(),
        }
    ).encode()  # fmt: skip


def locked(data: bytes, password: str) -> bytes:
    salt, iv = os.urandom(16), os.urandom(12)
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1000, dklen=32)
    told = {"salt": salt, "iv": iv, "data": AESGCM(key).encrypt(iv, data, None)}
    words = {name: base64.b64encode(value).decode() for name, value in told.items()}
    return json.dumps(
        {"format": "vungmanh-phone-locked", "version": 1, "iterations": 1000, **words}
    ).encode()


def look(office: Client, data: bytes, password: str = "") -> Any:
    file = SimpleUploadedFile("vung-manh.json", data, content_type="application/json")
    return office.post(reverse("phone_import"), {"file": file, "password": password})


def test_a_copy_is_looked_at_then_written_once_however_often_it_is_brought(
    office: Client, phone: Phone, month: dt.date
) -> None:
    phone.device(timezone.now())
    data = saved(phone, phone.write(facts(month), month=month), phone.file(month))
    for new in (2, 0):
        page = look(office, data)
        assert page.context["preview"].is_proven
        assert page.context["preview"].new == new
        assert MeetingReport.objects.filter(present=8).count() == (0 if new else 1)
        kept = {"act": "commit", "kept": page.context["kept"]}
        assert office.post(reverse("phone_import"), kept).status_code == 302
    assert MeetingReport.objects.get(unit_id=phone.unit_id, month=month).present == 8
    assert PhoneItem.objects.count() == 2


def test_a_copy_that_the_phone_did_not_write_waits_in_the_queue(
    office: Client, phone: Phone, month: dt.date
) -> None:
    phone.device(timezone.now())
    page = look(office, saved(phone, phone.write(facts(month), month=month), key="cd" * 32))
    assert not page.context["preview"].is_proven
    office.post(reverse("phone_import"), {"act": "commit", "kept": page.context["kept"]})
    assert PhoneItem.objects.get().state == "quarantined"
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("way", ["pk", "username", "display_name"])
def test_a_copy_of_a_phone_never_seen_waits_under_its_person(
    office: Client, phone: Phone, month: dt.date, way: str
) -> None:
    User.objects.filter(pk=phone.user.pk).update(display_name="Nông Thử Bí")
    phone.user.refresh_from_db()
    told = str(getattr(phone.user, way))
    page = look(office, saved(phone, phone.write(facts(month), month=month), who=told))
    office.post(reverse("phone_import"), {"act": "commit", "kept": page.context["kept"]})
    item = PhoneItem.objects.get()
    assert (item.state, item.user, item.device.key_hash) == ("quarantined", phone.user, "")


def test_a_locked_copy_asks_for_its_password(office: Client, phone: Phone, month: dt.date) -> None:
    phone.device(timezone.now())
    data = locked(saved(phone, phone.write(facts(month), month=month)), "mật khẩu")
    assert look(office, data).status_code == 422
    wrong = look(office, data, "mật khâu")
    assert "Mật khẩu không mở được" in wrong.content.decode()
    assert look(office, data, "mật khẩu").context["preview"].new == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"x", b"[]", b"\xff\xfe", b'{"format": "khac"}',
        b'{"format": "vungmanh-phone", "version": 1, "device": "x", "items": "[]"}',
        b'{"format": "vungmanh-phone", "version": 1,'
        b' "device": "6a1b6d0e-0000-4000-8000-000000000000", "items": "{}"}',
        b'{"format": "vungmanh-phone-sealed", "version": 1, "rows": []}',
        b'{"format": "vungmanh-phone-locked", "salt": "?", "iv": "", "data": "", "iterations": 1}',
    ],
)  # fmt: skip
def test_a_file_that_is_no_copy_is_refused_with_a_sentence(office: Client, data: bytes) -> None:
    page = look(office, data, "x")
    assert page.status_code == 422
    assert page.context["form"].errors["file"]


def test_a_copy_of_another_office_is_sent_there(cast: Cast, office: Client, month: dt.date) -> None:
    far = secretary(cast, "ban-thu", CELLS[LANG_THU][0])
    far.device(timezone.now())
    page = look(office, saved(far, far.write(facts(month), month=month)))
    assert "đưa văn phòng của đơn vị ấy nạp" in page.content.decode()


def test_a_preview_that_was_changed_or_is_old_is_not_written(office: Client) -> None:
    answer = office.post(reverse("phone_import"), {"act": "commit", "kept": "giả"})
    assert answer.status_code == 404
    assert not PhoneItem.objects.exists()
