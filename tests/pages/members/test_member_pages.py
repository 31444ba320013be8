"""Pages of members from outside: what the matrix of fields says, and acts through their forms."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from tests.pages.members.made import moved
from vungmanh.access.models import Event, User
from vungmanh.access.viewer import viewer_for
from vungmanh.cadre.models import Course, CourseMember, CourseSession, TrainingPlan
from vungmanh.core.people_words import StallReason
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.admission_targets import targets_visible
from vungmanh.org.admissions import admitted_and_target
from vungmanh.org.models import Admission, MemberTransfer, NamesSwitch, Person
from vungmanh.org.personal import FIELDS, HIDDEN
from vungmanh.org.queries import members_of

CELL, NEXT, _ = CELLS[QUAN_MAU]
DAY = localdate()
PLAIN = {
    "name": "Nông Thử Năm", "born_on": "03/02/1971", "joined_on": "05/04/1999",
}  # fmt: skip
AS_SHOWN = {"name": "Nông Thử Năm", "joined_on": f"{HIDDEN}/1999"}
HOLDS = {
    Role.PROVINCIAL_ANALYST: "Đảng bộ tỉnh Mẫu",
    Role.COMMITTEE_OFFICE: QUAN_MAU,
    Role.STANDING_COMMITTEE: QUAN_MAU,
    Role.OVERSEER: CELL,
    Role.CELL_SECRETARY: CELL,
    Role.ADMINISTRATOR: "Đảng bộ tỉnh Mẫu",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def client(cast: Cast, role: Role, unit: str | None = None) -> Client:
    made = Client()
    made.force_login(cast.user(f"{role}.{unit}", role, unit or HOLDS[role]))
    return made


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_every_role_reads_of_a_person_exactly_what_the_matrix_says(cast: Cast) -> None:
    told = moved(cast[CELL])
    person = Person.objects.get(pk=told["person_id"])
    key = person.external_key
    Admission.objects.create(unit_id=cast[CELL], person=person, begun_on="2019-12-05", state="open")
    MemberTransfer.objects.filter(pk=told["transfer_id"]).update(person=person)
    pages = [
        reverse("members"), reverse("unit_members", args=[cast[CELL]]), reverse("member_lists"),
        reverse("member_person", args=[person.pk]), reverse("admissions"), reverse("transfers"),
        reverse("transfer", args=[told["transfer_id"]]), reverse("roll", args=[cast[CELL]]),
        reverse("roll_member", args=[cast[CELL], person.pk]),
        reverse("transfer_new", args=[cast[CELL]]),
    ]  # fmt: skip
    for role in Role:
        eyes, read = client(cast, role), {}
        for page in pages:
            answer = eyes.get(page)
            read[page] = words(answer) if answer.status_code == 200 else ""
        everything = "".join(read.values())
        # Nothing masked is ever in full, on any page, for anybody.
        assert not {key, PLAIN["born_on"], PLAIN["joined_on"]} & {
            value for value in (key, *PLAIN.values()) if value in everything
        }, role
        assert (PLAIN["name"] in everything) is (role in FIELDS["name"].seen_by), role
        own = read[reverse("member_person", args=[person.pk])]
        for name, value in AS_SHOWN.items():
            assert (value in own) is (role in FIELDS[name].seen_by), (role, name)
        assert (key[-3:] in own) is (role in FIELDS["external_key"].seen_by), role
        assert ('name="purpose"' in own) is (role in FIELDS["born_on"].revealed_by), role
    assert not Event.objects.filter(verb="person.revealed").exists()


def test_the_office_has_a_field_shown_by_saying_what_for(cast: Cast) -> None:
    person = moved(cast[CELL])["person_id"]
    page = reverse("member_person", args=[person])
    office = client(cast, Role.COMMITTEE_OFFICE)
    assert office.post(page, {"field": "born_on", "purpose": ""}).status_code == 422
    shown = office.post(page, {"field": "born_on", "purpose": "xét huy hiệu"}, follow=True)
    assert PLAIN["born_on"] in words(shown)
    assert PLAIN["born_on"] not in words(office.get(page))  # once
    assert Event.objects.get(verb="person.revealed").subject == f"person:{person}"
    secretary = client(cast, Role.CELL_SECRETARY)
    secretary.post(page, {"field": "born_on", "purpose": "tò mò"}, follow=True)
    assert Event.objects.filter(verb="person.revealed").count() == 1
    stranger = client(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert stranger.get(page).status_code == 404
    NamesSwitch.objects.all().delete()
    assert office.get(page).status_code == 404


def test_an_admission_and_a_transfer_are_done_through_their_pages(cast: Cast) -> None:
    office, over = (
        client(cast, Role.COMMITTEE_OFFICE),
        client(cast, Role.COMMITTEE_OFFICE, LANG_THU),
    )
    begin = reverse("admission_new", args=[cast[CELL]])
    said = {"who": "Quần chúng 1", "born_on": "2007-09-01", "begun_on": "2025-07-01"}
    answer = office.post(begin, said)
    one = Admission.objects.get()
    page = reverse("admission", args=[one.pk])
    assert answer["Location"] == page

    def act(**sent: Any) -> Any:
        one.refresh_from_db()
        return office.post(page, {"revision": one.revision, **sent})

    assert act(act="step", done_on="2025-07-10").status_code == 302
    refused = act(act="step", done_on="2025-08-01", document="NQ 1")
    assert refused.status_code == 422
    assert "cần đủ 18" in words(refused)
    assert "294-QĐ/TW" in words(refused)
    assert act(act="step", done_on="2025-09-01", document="NQ 1").status_code == 302
    assert act(act="stall", why="upper", note="chờ họp").status_code == 302
    board = words(office.get(reverse("admissions")))
    assert "Quần chúng 1" in board
    assert "Quá hạn, đã ghi lý do" in board
    assert act(act="back", reason="ghi nhầm").status_code == 302
    assert "Đã rút" in words(office.get(page))
    send = reverse("transfer_new", args=[cast[CELL]])
    sent = {
        "kind": "official", "status": "official", "count": 2, "to_unit": "", "unit_words": "",
        "elsewhere": "Tỉnh khác", "decided_on": "2026-01-05", "document": "GT 2",
    }  # fmt: skip
    assert office.post(send, {**sent, "elsewhere": ""}).status_code == 422
    assert office.post(send, {**sent, "unit_words": "không có"}).status_code == 422
    assert office.post(send, sent).status_code == 302
    waits = MemberTransfer.objects.get()
    page = reverse("transfer", args=[waits.pk])
    assert over.get(page).status_code == 404
    assert (
        office.post(page, {"act": "accept", "on": "2026-02-01", "revision": 1}).status_code == 302
    )
    assert members_of(cast[CELL], dt.date(2026, 2, 1))[MembershipStatus.OFFICIAL] == 7
    assert "7" in words(office.get(reverse("unit_members", args=[cast[CELL]])))


def test_review_lists_tell_where_to_look_and_name_nobody_to_whom_they_may_not(cast: Cast) -> None:
    moved(cast[CELL])
    row = listed(cast[CELL], "Vi Thử Miễn", status="exempt", since=dt.date(2019, 12, 6))
    row.planned_until = dt.date(2020, 6, 1)
    row.save()
    page = reverse("member_lists")
    office, board = client(cast, Role.COMMITTEE_OFFICE), client(cast, Role.STANDING_COMMITTEE)
    seen, masked = words(office.get(page)), words(board.get(page))
    for text in ("hết hạn 01/06/2020", "Giới thiệu 05/12/2019", CELL):
        assert text in seen
        assert text in masked
    assert "Vi Thử Miễn" in seen
    assert "Vi Thử Miễn" not in masked
    assert CELL not in words(client(cast, Role.COMMITTEE_OFFICE, LANG_THU).get(page))


def test_counts_targets_and_the_end_of_a_membership_are_recorded_and_taken_back(cast: Cast) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE)
    page = reverse("unit_counts", args=[cast[CELL]])
    zero = {status.value: 0 for status in MembershipStatus}
    said = {"act": "counts", "from_day": "2019-06-01", "document": "BC 1", **zero, "official": 11}
    assert office.post(page, {**said, "document": ""}).status_code == 422
    assert office.post(page, said).status_code == 302
    day = dt.date(2019, 6, 1)
    assert members_of(cast[CELL], day)[MembershipStatus.OFFICIAL] == 11
    assert "BC 1" in words(office.get(page))
    assert office.post(page, {"act": "back", "reason": "ghi nhầm"}).status_code == 302
    assert members_of(cast[CELL], day)[MembershipStatus.OFFICIAL] == 9
    assert office.post(page, {"act": "target", "year": 2019, "count": 4}).status_code == 302
    assert admitted_and_target([cast[CELL]], cast[CELL], 2019).target == 4
    moved(cast[CELL])
    row = listed(cast[CELL], "Vi Thử Mất")
    member = reverse("roll_member", args=[cast[CELL], row.person_id])
    gone = {"act": "end", "on": "2020-03-01", "way": "died", "document": "", "reason": "từ trần"}
    assert office.post(member, gone).status_code == 302
    after = dt.date(2020, 3, 1)
    assert members_of(cast[CELL], after)[MembershipStatus.OFFICIAL] == 8
    person = reverse("member_person", args=[row.person_id])
    assert office.post(person, {"act": "back", "reason": "nhầm người"}).status_code == 302
    assert members_of(cast[CELL], after)[MembershipStatus.OFFICIAL] == 9
    exempt = {"act": "change", "name": "Vi Thử Mất", "status": "exempt", "from_day": "2020-03-01"}
    assert office.post(member, {**exempt, "until": "2020-01-01"}).status_code == 422
    assert office.post(member, {**exempt, "until": "2020-06-01"}).status_code == 302
    assert "Vi Thử Mất" in words(office.get(reverse("member_lists")))


def test_a_probation_is_prolonged_only_where_a_rule_says_so_and_targets_stand_beside(
    cast: Cast,
) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE)
    begin = reverse("admission_new", args=[cast[CELL]])
    said = {"who": "Quần chúng 1", "born_on": "1999-09-01", "begun_on": "2024-07-01"}
    for who in ("Quần chúng 1", "Quần chúng 2"):
        assert office.post(begin, said | {"who": who}).status_code == 302
    one, other = Admission.objects.order_by("alias")
    page = reverse("admission", args=[one.pk])

    def act(of: Admission, **sent: Any) -> Any:
        of.refresh_from_db()
        address = reverse("admission", args=[of.pk])
        return office.post(address, {"revision": of.revision, **sent})

    def done(day: str) -> Any:
        return act(one, act="step", done_on=day, document="QĐ 2")

    assert done("2024-07-10").status_code == 302
    assert "Làm lại hồ sơ" in words(done("2025-07-20"))
    for day in ("2025-07-05", "2025-08-01", "2025-08-04", "2025-08-20"):
        assert "Kéo dài thời gian dự bị" not in words(office.get(page))
        assert done(day).status_code == 302, day
    assert "không nêu việc kéo dài" in words(office.get(page))
    longer = {"act": "extend", "months": 3, "done_on": "2026-01-02", "document": "QĐ 9"}
    refused = act(one, **longer)
    assert refused.status_code == 422
    assert "Chỉ ghi được khi tỉnh có quy định" in words(refused)
    assert "294-QĐ/TW" in words(refused)
    assert one.steps.filter(step="extended").count() == 0

    assert act(other, act="stall", why="course", note="").status_code == 302
    counts = reverse("unit_counts", args=[cast[QUAN_MAU]])
    board = words(office.get(reverse("admissions")))
    assert "Chưa đơn vị nào đặt chỉ tiêu" in board
    by = viewer_for(User.objects.get(username=f"{Role.COMMITTEE_OFFICE}.None"), on=DAY)
    assert targets_visible(by, DAY, DAY.year) == []
    assert office.post(counts, {"act": "target", "year": DAY.year, "count": 5}).status_code == 302
    board = words(office.get(reverse("admissions")))
    assert "<dt>Chờ lớp bồi dưỡng nhận thức về Đảng</dt><dd>1</dd>" in board
    [row] = targets_visible(by, DAY, DAY.year)
    assert (row.target, row.on_the_way, row.missing) == (5, 1, 4)
    assert row.stalled == ((StallReason.COURSE, 1),)
    assert "Chờ lớp bồi dưỡng nhận thức về Đảng: 1" in board


def test_a_dossier_is_dropped_or_its_name_erased_and_members_come_from_outside(cast: Cast) -> None:
    moved(cast[CELL])
    office = client(cast, Role.COMMITTEE_OFFICE)
    begin = reverse("admission_new", args=[cast[CELL]])
    said = {"who": "Nông Thử Mới", "born_on": "", "begun_on": "2025-07-01"}
    page = office.post(begin, said)["Location"]
    assert "đã có hồ sơ đang làm" in words(office.post(begin, said))  # sent twice
    assert "Nông Thử Mới" in words(office.get(page))
    assert office.post(page, {"act": "drop", "reason": "nhầm"})["Location"] == reverse("admissions")
    assert office.get(page).status_code == 404
    page = office.post(begin, said)["Location"]
    step = {"act": "step", "done_on": "2025-07-10", "document": "NQ 1"}
    assert office.post(page, step).status_code == 302
    assert "tuổi là điều kiện" in words(office.post(page, step))
    stop = {"act": "stop", "on": "2025-08-01", "reason": "xin thôi"}
    assert office.post(page, stop).status_code == 302
    assert office.post(page, step).status_code == 422  # sent again once it has ended
    assert "Xóa họ tên" in words(office.get(page))
    assert office.post(page, {"act": "erase", "reason": "theo đề nghị"}).status_code == 302
    read = words(office.get(page))
    assert "Nông Thử Mới" not in read
    assert "Hồ sơ lập 01/07/2025" in read

    came = {
        "way": "den", "kind": "official", "status": "official", "count": 2, "to_unit": "",
        "unit_words": "", "elsewhere": "Tỉnh khác", "decided_on": "2026-01-05",
        "document": "GT 9",
    }  # fmt: skip
    send = reverse("transfer_new", args=[cast[CELL]])
    assert office.post(send, {**came, "elsewhere": ""}).status_code == 422
    page = office.post(send, came)["Location"]
    assert office.post(page, {"act": "accept", "on": "2026-02-01"}).status_code == 302
    assert members_of(cast[CELL], dt.date(2026, 2, 1))[MembershipStatus.OFFICIAL] == 11


def test_an_exemption_has_a_last_day_and_nobody_comes_after_death(cast: Cast) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE)
    moved(cast[CELL])
    row = listed(cast[CELL], "Vi Thử Mất")
    page = reverse("member_exempt", args=[row.person_id])
    assert "đang sinh hoạt" in words(office.get(page))
    told = {"act": "mien", "from_day": "2026-01-02", "document": "NQ 4"}
    assert "Ghi miễn đến ngày nào" in words(office.post(page, told))
    early = office.post(page, told | {"until": "2025-12-01"})
    assert "Ngày hết miễn phải sau ngày bắt đầu" in words(early)
    assert office.post(page, told | {"until": "2026-02-01"}).status_code == 302
    assert members_of(cast[CELL], dt.date(2026, 1, 2))[MembershipStatus.EXEMPT] == 1
    seen = words(office.get(page))
    assert "được miễn sinh hoạt từ 02/01/2026" in seen
    back = {"act": "tro-lai", "from_day": "2026-01-20", "document": "NQ 5"}
    assert office.post(page, back).status_code == 302
    assert members_of(cast[CELL], dt.date(2026, 1, 20))[MembershipStatus.EXEMPT] == 0
    assert client(cast, Role.COMMITTEE_OFFICE, LANG_THU).get(page).status_code == 404
    assert client(cast, Role.STANDING_COMMITTEE).get(page).status_code == 403

    session = held_course(cast[QUAN_MAU], dt.date(2026, 1, 25))
    CourseMember.objects.create(session=session, unit_id=cast[CELL], person=row.person)
    member = reverse("roll_member", args=[cast[CELL], row.person_id])
    gone = {"act": "end", "on": "2026-01-22", "way": "died", "document": "", "reason": "từ trần"}
    refused = office.post(member, gone)
    assert refused.status_code == 422
    assert "Từ trần ngày 22/01/2026 nhưng ghi có dự ngày 25/01/2026" in words(refused)
    assert office.post(member, gone | {"on": "2026-01-26"}).status_code == 302


def held_course(unit: UUID, day: dt.date) -> CourseSession:
    """A course of a committee, held once."""
    plan = TrainingPlan.objects.create(unit_id=unit, year=day.year, title="KH", state="approved",
                                       document="KH 1", signed_on=day)  # fmt: skip
    course = Course.objects.create(
        plan=plan, kind="training", title="Ghi sổ", audience="Bí thư", asks="Sổ đủ",
        planned_on=day, days=1, state="held",
    )  # fmt: skip
    return CourseSession.objects.create(course=course, began_on=day, ended_on=day)
