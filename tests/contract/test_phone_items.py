"""What phones send: each item once, in any order, never lost; one sentence for what goes wrong."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from tests.cast import QUAN_MAU, Cast, make_cast
from tests.contract.phones import CELL, HELD_MEETING, MONTH, NOW, Phone, new_id, secretary
from vungmanh.access.models import Event, RoleGrant
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotAllowed
from vungmanh.core.vocabulary import Role
from vungmanh.meetings import facts
from vungmanh.meetings.actions import phone_kinds
from vungmanh.meetings.actions.meeting import confirm_meeting, seal_meeting, write_meeting
from vungmanh.meetings.actions.receiving import force_held, meet_phone, receive
from vungmanh.meetings.actions.settling import release_item
from vungmanh.meetings.models import Meeting, MeetingChange, MeetingReport, PhoneDevice, PhoneItem
from vungmanh.org.models import Appointment, MembershipCount, UnitParent, UnitVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2026, 1, 1), last=MONTH)


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return secretary(cast)


def office_writes(cast: Cast, said: dict[str, Any], was: dict[str, Any] | None = None) -> Meeting:
    users = {one.user.username: one.user for one in RoleGrant.objects.select_related("user")}
    user = users.get("van-phong") or cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    by = viewer_for(user, on=NOW.date())
    return write_meeting(
        unit_id=cast[CELL], kind="regular", month=MONTH, set=said,
        was=dict.fromkeys(said) | (was or {}), by=by, at=NOW,
    )  # fmt: skip


def answers(sent: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["answer"], one["code"]) for one in sent]


# --- once, whatever happens ----------------------------------------------------------------------


def test_a_month_recorded_without_a_network_reaches_the_ledger(phone: Phone) -> None:
    sent = phone.send(phone.write(HELD_MEETING), phone.file())
    assert answers(sent) == [("accepted", ""), ("accepted", "")]
    report = MeetingReport.objects.get(unit_id=phone.unit_id, month=MONTH)
    assert (report.present, report.held_on, report.filed_on) == (
        8, dt.date(2026, 12, 5), NOW.date(),
    )  # fmt: skip
    assert {one.via for one in MeetingChange.objects.all()} == {"phone"}


def test_an_item_sent_again_is_known_and_answered_as_then(phone: Phone) -> None:
    items = [phone.write(HELD_MEETING), phone.write({"present": 99}, {"present": 8})]
    first, again = phone.send(*items), phone.send(*items)
    assert answers(first)[0] == ("accepted", "")
    assert [(one["answer"], one["then"]) for one in again] == [
        ("known", "accepted"), ("known", "refused"),
    ]  # fmt: skip
    assert [one["message"] for one in again] == [one["message"] for one in first]
    assert Meeting.objects.get().revision == 1
    assert PhoneItem.objects.count() == 2


def test_the_same_id_with_other_content_is_refused_and_both_are_kept(phone: Phone) -> None:
    first = phone.write(HELD_MEETING)
    other = {**first, "body": {**first["body"], "set": {"present": 7}}}
    phone.send(first)
    for _ in range(2):
        [answer] = phone.send(other)
        assert (answer["id"], answer["code"]) == (first["id"], "id-reused")
    assert Meeting.objects.get().facts["present"] == 8
    assert PhoneItem.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_sendings_at_once_of_one_item_have_one_effect() -> None:
    phone = secretary(make_cast(first=dt.date(2026, 1, 1), last=MONTH))
    item = phone.write(HELD_MEETING)
    told: list[dict[str, Any]] = []

    def run() -> None:
        try:
            told.extend(phone.send(item) for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    kinds = [one["answer"] for [one] in told]
    assert (kinds.count("accepted"), kinds.count("known")) == (1, 49)
    assert Meeting.objects.get().revision == 1
    assert MeetingChange.objects.count() == 1


def test_a_content_never_leaves_the_database(phone: Phone) -> None:
    phone.send(phone.write(HELD_MEETING))
    row = PhoneItem.objects.get()
    for spoil in (row.delete, lambda: PhoneItem.objects.update(body={})):
        with pytest.raises(DatabaseError, match="stays as it was said"), transaction.atomic():
            spoil()
    assert PhoneItem.objects.get().body["set"]["present"] == 8


# --- order ---------------------------------------------------------------------------------------


def test_three_items_have_one_outcome_in_every_order_of_arrival(phone: Phone) -> None:
    for month, order in enumerate(itertools.permutations(range(3)), start=1):
        day = dt.date(2026, month, 1)
        first = {**HELD_MEETING, "held_on": f"2026-{month:02d}-05"}
        items = [
            phone.write(first, month=day),
            phone.write({"present": 7, "present_official": 7, "excused": 2},
                        {"present": 8, "present_official": 8, "excused": 1}, month=day),
            phone.file(day),
        ]  # fmt: skip
        for place in order:
            phone.send(items[place])
        assert MeetingReport.objects.get(unit_id=phone.unit_id, month=day).present == 7, order
    assert set(PhoneItem.objects.values_list("state", flat=True)) == {"accepted"}


def test_what_came_before_its_predecessor_is_held_and_then_decided(phone: Phone) -> None:
    first, second = phone.write(HELD_MEETING), phone.file()
    assert answers(phone.send(second)) == [("held", "after-missing")]
    assert not MeetingReport.objects.exists()
    assert answers(phone.send(first)) == [("accepted", "")]
    assert MeetingReport.objects.get(unit_id=phone.unit_id).present == 8
    [again] = phone.send(second)
    assert (again["answer"], again["then"]) == ("known", "accepted")


def test_what_never_comes_is_not_waited_for_longer_than_five_days(phone: Phone) -> None:
    phone.write({"place": "Nhà văn hóa"})  # never sent: the phone was lost
    phone.send(phone.write(HELD_MEETING), phone.file())
    assert force_held(at=NOW + dt.timedelta(days=4, hours=23)) == 0
    assert force_held(at=NOW + dt.timedelta(days=5)) == 2
    assert MeetingReport.objects.get(unit_id=phone.unit_id).present == 8
    assert PhoneItem.objects.filter(forced=True).count() == 1


def test_one_that_is_stuck_stops_no_other(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, free = (
        phone.write(HELD_MEETING),
        phone.write({"place": "Nhà ông Mẫu"}, month=dt.date(2026, 11, 1)),
    )
    real = phone_kinds.write_meeting

    def break_down(**given: Any) -> Meeting:
        if given["month"] == MONTH:
            raise RuntimeError("a fault of ours")
        return real(**given)

    with monkeypatch.context() as patched:
        patched.setattr(phone_kinds, "write_meeting", break_down)
        assert answers(phone.send(stuck, "rác", {"id": "?"}, free)) == [
            ("held", "trouble"), ("refused", "bad-item"), ("refused", "bad-item"), ("accepted", ""),
        ]  # fmt: skip
    assert force_held(at=NOW + dt.timedelta(hours=8)) == 1
    assert Meeting.objects.get(month=MONTH).facts["present"] == 8


# --- two writers ---------------------------------------------------------------------------------


def test_other_fields_merge_and_the_same_field_is_for_a_person(cast: Cast, phone: Phone) -> None:
    office_writes(cast, {"outcome": "held", "present": 9})
    [answer] = phone.send(phone.write(HELD_MEETING | {"present": 8, "excused": None}))
    assert (answer["answer"], answer["code"]) == ("conflict", "field-conflict")
    assert answer["conflict"] == {"present": {"mine": 8, "theirs": 9, "was": None}}
    now = Meeting.objects.get().facts
    assert (now["present"], now["speakers"], now["held_on"]) == (9, 5, "2026-12-05")


def test_counts_that_add_up_only_together_wait_together(cast: Cast, phone: Phone) -> None:
    office_writes(cast, {"outcome": "held", "present": 9})
    said = {"present": 6, "excused": 3}
    [answer] = phone.send(phone.write(said))
    assert answer["conflict"] == {
        "present": {"mine": 6, "theirs": 9, "was": None},
        "excused": {"mine": 3, "theirs": None, "was": None},
    }
    assert Meeting.objects.get().facts == {"outcome": "held", "present": 9}


def test_a_filing_waits_for_the_choice_and_then_goes_on_by_itself(cast: Cast, phone: Phone) -> None:
    office_writes(cast, {"present": 9})
    write, file = phone.write(HELD_MEETING | {"excused": None}), phone.file()
    assert answers(phone.send(write, file)) == [
        ("conflict", "field-conflict"), ("held", "after-conflict"),
    ]  # fmt: skip
    chosen = phone.write(
        {"present": 8}, {"present": 9}, settles=write["id"], why="Một người về sớm"
    )
    assert answers(phone.send(chosen)) == [("accepted", "")]
    settled = PhoneItem.objects.get(pk=write["id"])
    assert settled.settlement == {"present": {"choice": "mine", "value": 8}}
    assert (settled.settled_by, settled.settled_reason) == (phone.user, "Một người về sớm")
    assert MeetingReport.objects.get(unit_id=phone.unit_id).present == 8
    [known] = phone.send(write)
    assert (known["answer"], known["then"]) == ("known", "superseded")


def test_a_record_closed_meanwhile_shows_both_values_and_stays(cast: Cast, phone: Phone) -> None:
    meeting = office_writes(cast, HELD_MEETING)
    by = viewer_for(RoleGrant.objects.get(user__username="van-phong").user, on=NOW.date())
    phone_kinds.file_meeting(meeting_id=meeting.pk, by=by, at=NOW)
    confirm_meeting(meeting_id=meeting.pk, by=by, at=NOW)
    seal_meeting(meeting_id=meeting.pk, by=by, at=NOW)
    same, other = phone.write(HELD_MEETING), phone.write({"present": 7})
    assert answers(phone.send(same, other)) == [
        ("accepted", "already-there"), ("conflict", "record-closed"),
    ]  # fmt: skip
    assert Meeting.objects.get().facts["present"] == 8
    conflict = PhoneItem.objects.get(pk=other["id"]).answer["conflict"]
    assert conflict == {"present": {"mine": 7, "theirs": 8, "was": None}}


def test_a_record_is_not_filed_while_part_of_what_was_typed_is_refused(phone: Phone) -> None:
    sent = phone.send(phone.write(HELD_MEETING), phone.write({"speakers": 50}, {"speakers": 5}))
    assert answers(sent)[1][0] == "refused"
    assert sent[1]["field"] == "speakers"
    assert answers(phone.send(phone.file())) == [("refused", "after-refused")]
    again = phone.send(phone.write({"speakers": 6}, {"speakers": 5}), phone.file())
    assert answers(again) == [("accepted", ""), ("accepted", "")]
    assert Meeting.objects.get().facts["speakers"] == 6


# --- who -----------------------------------------------------------------------------------------


def test_a_cell_no_longer_in_ones_charge_is_kept_for_the_office(cast: Cast, phone: Phone) -> None:
    item = phone.write(HELD_MEETING)
    grant = RoleGrant.objects.get(user=phone.user)
    grant.valid = type(grant.valid)(grant.valid.lower, dt.date(2026, 12, 10))
    grant.save()
    other = secretary(cast, "bi-thu-moi", "Chi bộ thôn Đồi Mẫu")
    RoleGrant.objects.filter(user=other.user).update(user=phone.user)
    assert answers(phone.send(item)) == [("kept", "not-yours-now")]
    assert not Meeting.objects.exists()
    assert PhoneItem.objects.get().body["set"]["present"] == 8


def test_a_unit_nobody_knows_is_kept_under_the_unit_of_the_phone(phone: Phone) -> None:
    home, phone.unit_id = phone.unit_id, UUID(new_id())
    assert answers(phone.send(phone.write(HELD_MEETING))) == [("kept", "unit-unknown")]
    assert PhoneItem.objects.get().unit_id == home


def test_somebody_elses_phone_a_wrong_key_and_a_revoked_phone_are_told_so(
    cast: Cast, phone: Phone
) -> None:
    device, other = phone.device(), secretary(cast, "nguoi-khac")
    with pytest.raises(NotAllowed) as raised:
        meet_phone(device_id=device.pk, key=phone.key, by=other.viewer(), at=NOW)
    assert raised.value.code == "phone-of-another"
    with pytest.raises(NotAllowed) as raised:
        meet_phone(device_id=device.pk, key="cd" * 32, by=phone.viewer(), at=NOW)
    assert raised.value.code == "wrong-key"
    PhoneDevice.objects.update(revoked_at=NOW, revoked_reason="mất máy")
    with pytest.raises(NotAllowed) as raised:
        phone.device()
    assert raised.value.code == "phone-revoked"


def test_an_id_of_another_person_tells_nothing_of_what_stands_there(
    cast: Cast, phone: Phone
) -> None:
    item, other = phone.write(HELD_MEETING), secretary(cast, "nguoi-khac")
    phone.send(item)
    [answer] = other.send(item)
    assert (answer["answer"], answer["code"], answer["conflict"]) == ("refused", "id-reused", {})
    assert PhoneItem.objects.count() == 1


def test_what_was_deposited_is_decided_when_its_person_signs_in_again(phone: Phone) -> None:
    device = phone.device()
    items = [phone.write(HELD_MEETING), phone.file()]
    kept = receive(device=device, items=items, by=None, at=NOW)
    assert answers(kept) == [("kept", "signed-out"), ("kept", "signed-out")]
    assert not Meeting.objects.exists()
    assert phone.send() == []
    assert MeetingReport.objects.get(unit_id=phone.unit_id).present == 8
    assert {one["answer"] for one in phone.send(*items)} == {"known"}


# --- bad input -----------------------------------------------------------------------------------


def test_a_clock_wrong_by_a_year_files_by_the_servers_day(phone: Phone) -> None:
    off = 366 * 86_400
    item = phone.write(HELD_MEETING, made_at="2027-12-05T20:00:00+07:00")
    assert answers(phone.send(item, phone.file(), clock_off=off))[1] == ("accepted", "")
    assert MeetingReport.objects.get(unit_id=phone.unit_id).filed_on == NOW.date()
    assert PhoneItem.objects.get(pk=item["id"]).clock_off == off


def test_a_day_that_cannot_be_says_that_the_clock_is_wrong(phone: Phone) -> None:
    item = phone.write({"outcome": "held", "held_on": "2027-12-05"})
    [answer] = phone.send(item, clock_off=366 * 86_400)
    assert (answer["answer"], answer["field"]) == ("refused", "held_on")
    assert "Đồng hồ điện thoại chạy nhanh 366 ngày" in answer["message"]
    assert PhoneItem.objects.get().body["set"]["held_on"] == "2027-12-05"


def test_last_years_form_is_taken_and_an_older_one_is_kept_with_a_sentence(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "FORM", 3)
    forms = {1: "form-too-old", 2: "", 3: "", 4: "form-too-new"}
    for place, (form, code) in enumerate(forms.items(), start=1):
        day = dt.date(2026, place, 1)
        [answer] = phone.send(phone.write({"place": "Nhà văn hóa"}, form=form, month=day))
        assert answer["code"] == code, form
        assert bool(answer["message"]) == bool(code)
    assert PhoneItem.objects.filter(state="refused").count() == 2


@pytest.mark.parametrize(
    "spoil",
    [
        {"kind": 5}, {"subject": ""}, {"subject": "x" * 81}, {"after": "không"}, {"form": "1"},
        {"form": 10**12}, {"form": True}, {"body": []}, {"body": None}, {"settles": 3},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_and_refused(phone: Phone, spoil: dict[str, Any]) -> None:
    item = phone.write(HELD_MEETING) | spoil
    assert answers(phone.send(item)) == [("refused", "bad-item")]
    assert PhoneItem.objects.get().state == "refused"
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"unit": "?", "set": {}, "was": {}}, "unit"),
        ({"month": "thang-12"}, "month"),
        ({"set": "x"}, ""),
        ({"was": None}, ""),
        ({"set": {"present": "<b>nhiều</b>"}, "was": {}}, "present"),
        ({"set": {"lạ": 1}, "was": {}}, ""),
        ({"kind": "plan"}, "kind"),
    ],
)
def test_a_body_that_makes_no_sense_is_a_sentence(
    phone: Phone, body: dict[str, Any], field: str
) -> None:
    item = phone.write(HELD_MEETING)
    item["body"] |= body
    [answer] = phone.send(item)
    assert (answer["answer"], answer["field"]) == ("refused", field)
    assert answer["message"].endswith(".")
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("made_at", ["9999-12-31T23:00:00Z", "0001-01-01T00:00:00+00:00"])
def test_a_time_that_no_zone_can_tell_is_no_time(
    cast: Cast, phone: Phone, client: Client, made_at: str
) -> None:
    task = {"unit": str(cast[CELL]), "title": "Sửa mương", "owner": "Bí thư",
            "due_on": "2026-12-30", "output": "Mương"}  # fmt: skip
    refused = phone.write(HELD_MEETING, form=0, made_at=made_at)
    sent = phone.send(phone.item("task.give", new_id(), task, made_at=made_at), refused)
    assert answers(sent) == [("accepted", ""), ("refused", "form-too-old")]
    assert not PhoneItem.objects.exclude(made_at=None).exists()
    client.force_login(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    assert client.get(reverse("phone_item", args=[refused["id"]])).status_code == 200


@pytest.mark.parametrize("mark", [[], {}, None, 5])
def test_a_mark_of_the_roll_that_is_none_is_a_sentence(phone: Phone, mark: object) -> None:
    [answer] = phone.send(phone.write({"roll": {"a": {"status": mark}}}))
    assert (answer["answer"], answer["field"], answer["code"]) == ("refused", "roll", "bad-value")


@pytest.mark.parametrize("said", ["x", ["place"], 5])
def test_a_choice_without_values_keeps_what_the_other_wrote(phone: Phone, said: object) -> None:
    other = Phone(phone.user, phone.unit_id)
    phone.send(phone.write(HELD_MEETING | {"place": "Nhà văn hóa"}))
    mine = other.write({"place": "Trường học"})
    assert answers(other.send(mine)) == [("conflict", "field-conflict")]
    subject, body = phone.about()
    filing = phone.item("meeting.file", subject, {**body, "set": said}, settles=mine["id"])
    assert answers(phone.send(filing)) == [("accepted", "")]
    settled = PhoneItem.objects.get(pk=mine["id"])
    assert settled.settlement == {"place": {"choice": "theirs", "value": "Nhà văn hóa"}}


def test_text_that_no_database_keeps_is_cleaned_not_lost(phone: Phone) -> None:
    [answer] = phone.send(phone.write(HELD_MEETING | {"place": "Nhà\0 văn\ud800 hóa"}))
    assert answer["answer"] == "accepted"
    assert Meeting.objects.get().facts["place"] == "Nhà văn hóa"


def test_what_is_too_large_or_too_deep_is_refused_and_the_rest_goes_on(phone: Phone) -> None:
    deep: Any = "x"
    for _ in range(40):
        deep = [deep]
    sent = phone.send(
        phone.write({"discussion": "x" * 400_000}, month=dt.date(2026, 10, 1)),
        phone.write({"discussion": deep}, month=dt.date(2026, 9, 1)),
        phone.write(HELD_MEETING),
    )
    assert answers(sent) == [
        ("refused", "item-too-large"), ("refused", "bad-item"), ("accepted", ""),
    ]  # fmt: skip


def test_every_item_writes_one_event_that_names_nobody(phone: Phone) -> None:
    phone.send(phone.write(HELD_MEETING), phone.file())
    events = Event.objects.filter(verb="phone_item.decided")
    assert [one.data["state"] for one in events] == ["accepted", "accepted"]
    assert "bi-thu" not in str([one.data for one in events])


# --- a changed register --------------------------------------------------------------------------


def end_cell(cast: Cast, day: dt.date) -> None:
    """The cell lives until the day before; its secretary's role ends with it."""
    first = dt.date(2026, 1, 1)
    for model in (UnitParent, Appointment, MembershipCount, UnitVersion):
        rows = model.objects.filter(unit_id=cast[CELL])
        rows.update(valid=DateRange(first, day))


def test_a_month_of_a_cell_that_has_ended_is_still_taken_from_its_secretary(
    cast: Cast, phone: Phone
) -> None:
    end_cell(cast, dt.date(2026, 12, 1))
    november = dt.date(2026, 11, 1)
    item = phone.write(HELD_MEETING | {"held_on": "2026-11-05"}, month=november)
    sent = phone.send(item, phone.file(november))
    assert answers(sent) == [("accepted", ""), ("accepted", "")]
    assert MeetingReport.objects.get(unit_id=cast[CELL], month=november).present == 8


def test_what_comes_for_a_cell_whose_secretary_has_gone_waits_for_the_office(
    cast: Cast, phone: Phone
) -> None:
    phone.device()
    end_cell(cast, dt.date(2026, 12, 1))
    RoleGrant.objects.filter(user=phone.user).delete()
    november = dt.date(2026, 11, 1)
    item = phone.write(HELD_MEETING | {"held_on": "2026-11-05"}, month=november)
    sent = receive(device=PhoneDevice.objects.get(), items=[item], by=phone.viewer(), at=NOW)
    assert answers(sent) == [("kept", "not-yours-now")]
    office = cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    by = viewer_for(office, on=NOW.date())
    released = release_item(item_id=UUID(item["id"]), by=by, at=NOW)
    assert (released.state, released.decided_by) == ("accepted", office)
    assert Meeting.objects.get(month=november).facts["present"] == 8
