"""Chức danh as an office and the province work with it; eligibility leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, listed, make_cast
from tests.pages.cadre.made import placed
from vungmanh.cadre.models import Rotation, Term
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import Task
from vungmanh.org.models import Appointment, NamesSwitch
from vungmanh.strengthening.models import Flag

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
AWAY = CELLS[LANG_THU][0]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    def sign_in_(role: Role, unit: str = PROVINCE) -> Client:
        client = Client()
        client.force_login(cast.user(f"{role}.{cast[unit].hex[-6:]}", role, unit))
        return client

    return sign_in_


def text_of(response) -> str:
    page = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    plain = html.unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"\s+([,;:.])", r"\1", re.sub(r"\s+", " ", plain.replace(NBSP, " ")))


def page(client: Client, name: str, *args) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, (name, response.status_code)
    return text_of(response)


def said(**more: str) -> dict[str, str]:
    return {
        "post": "deputy_secretary", "holder": "Nông Thị Phó", "way": "appointed",
        "from_day": "2026-10-01", "document": "7-QĐ/ĐU", "proposed": "co", **more,
    }  # fmt: skip


def test_an_office_sees_the_rules_first_and_then_records_ends_and_takes_back(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    cell = cast[CELL]
    assert "có bí thư: Bí thư Thử Một" in page(office, "unit_posts", cell)
    address = reverse("post_record", args=[cell])
    first = office.post(address, said())
    assert first.status_code == 200  # nothing was refused: the rules answered
    assert "Cấp trên chỉ định theo đề nghị của chi bộ" in text_of(first)
    assert "cần kiểm tra" in text_of(first)  # the rule of that day rests on general knowledge
    assert Appointment.objects.filter(unit_id=cell).count() == 1
    taken = office.post(address, said(post="secretary", **{"xac-nhan": "1"}))
    assert taken.status_code == 422
    assert "Không ghi được: Bí thư đang có người giữ" in text_of(taken)
    assert "không phải điều của một văn bản" in text_of(taken)
    acting = said(way="acting", post="secretary")
    for planned, words in (("", "Giao phụ trách đến ngày nào?"),
                           ("2026-09-01", "Ngày dự kiến thôi giữ phải sau ngày nhận")):  # fmt: skip
        early = office.post(address, acting | {"planned_until": planned})
        assert (early.status_code, words in text_of(early)) == (422, True)
        assert b"xac-nhan" not in early.content
    assert Appointment.objects.filter(unit_id=cell).count() == 1

    done = office.post(address, said(other_posts="5", **{
        "xac-nhan": "1", "cho-phep-concurrent": "CV 2", "ly-do-concurrent": "thiếu người",
    }))  # fmt: skip
    assert done.status_code == 302
    row = Appointment.objects.get(unit_id=cell, post="deputy_secretary")
    assert [one["code"] for one in row.exceptions] == ["concurrent"]
    words = page(office, "unit_posts", cell)
    assert "Nông Thị Phó từ 01/10/2026; Chỉ định (7-QĐ/ĐU)" in words
    assert "Phó bí thư" in page(office, "unit", cell)
    assert "Ngoại lệ thiếu người (CV 2)" in page(office, "appointment", row.pk)

    ends = {"on": "2026-10-20", "document": "8-QĐ/ĐU", "reason": "Nghỉ hưu"}
    assert office.post(reverse("post_end", args=[row.pk]), ends).status_code == 302
    assert "Khuyết từ 20/10/2026, 14 ngày tính đến 02/11/2026" in page(office, "unit_posts", cell)
    for _ in range(2):  # first the end, then the appointment itself
        back = office.post(reverse("post_back", args=[row.pk]), {"reason": "Ghi nhầm chi bộ"})
        assert back.status_code == 302
    assert Appointment.objects.filter(unit_id=cell).count() == 1
    assert "rút lần giữ chức ghi nhầm" in page(office, "unit_posts", cell)

    secretary = sign_in(Role.CELL_SECRETARY, CELL)
    words = page(secretary, "unit_posts", cell)
    assert "Ghi người giữ chức" not in words
    assert "Luân chuyển về đây" not in words
    assert secretary.get(address).status_code == 403
    for name in ("unit_posts", "post_record", "term_new", "eligibility", "rotation_new"):
        assert office.get(reverse(name, args=[cast[AWAY]])).status_code == 404
    hidden = placed(cast[AWAY], cast[LANG_THU])
    for name, key in (("appointment", "appointment_id"), ("post_end", "appointment_id"),
                      ("term_papers", "term_id"), ("rotation", "rotation_id")):  # fmt: skip
        assert office.get(reverse(name, args=[hidden[key]])).status_code == 404, name


def test_a_term_is_recorded_and_what_is_at_risk_is_listed_by_unit(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert "Không có đơn vị nào phải xem" in page(office, "cadre")
    told = {"began_on": "2023-03-01", "document": "NQ 1", "ordinal": "7", "seats": "5"}
    new = reverse("term_new", args=[cast[CELL]])
    first = office.post(new, told)
    assert (first.status_code, Term.objects.count()) == (200, 0)
    ahead = office.post(new, told | {"began_on": "2026-12-01"})
    assert (ahead.status_code, "Ngày đại hội chưa đến" in text_of(ahead)) == (422, True)
    assert "Nhiệm kỳ 30 tháng từ 01/03/2023, hết ngày 01/09/2025" in text_of(first)
    assert "cần kiểm tra" in text_of(first)
    sure = {"xac-nhan": "1"}
    longer = {"due_on": "2028-03-01", "ly-do-term_length": "giữ ổn định"}
    refused = office.post(new, told | sure | longer)
    assert "Ghi ai cho phép (văn bản) và lý do của ngoại lệ." in text_of(refused)
    assert (
        office.post(new, told | sure | longer | {"cho-phep-term_length": "CV 9"}).status_code == 302
    )
    assert "Ngoại lệ: giữ ổn định (CV 9) Căn cứ" in page(office, "unit_posts", cast[CELL])
    office.post(reverse("term_back", args=[Term.objects.get().pk]), {"reason": "Nhầm ngày"})
    assert office.post(new, told | sure).status_code == 302
    words = page(office, "unit_posts", cast[CELL])
    assert "Đại hội lần thứ 7, 01/03/2023: quá hạn 427 ngày" in words
    term = Term.objects.get()
    papers = {"reported_on": "2023-02-01", "approved_on": "", "revision": "1"}
    assert office.post(reverse("term_papers", args=[term.pk]), papers).status_code == 422
    papers["reported_on"] = "2023-03-08"
    assert office.post(reverse("term_papers", args=[term.pk]), papers).status_code == 302
    Appointment.objects.filter(unit_id=cast[OTHER]).update(
        valid=(dt.date(2016, 1, 1), dt.date(2026, 10, 4))
    )
    words = page(office, "cadre")
    assert "2 đơn vị có việc phải xem về chức danh; 1 nơi khuyết bí thư." in words
    assert "Khuyết bí thư: từ 04/10/2026, 30 ngày" in words
    assert "Số ngày tính đến 02/11/2026." in words
    listed = text_of(office.get(reverse("cadre") + "?viec=vacant&thang=3"))
    assert (OTHER in listed, CELL in listed) == (True, False)
    above = sign_in(Role.PROVINCIAL_ANALYST).get(reverse("cadre") + f"?don-vi={cast[LANG_THU]}")
    assert "Không có đơn vị nào phải xem" in text_of(above)
    assert office.get(reverse("cadre") + f"?don-vi={cast[LANG_THU]}").status_code == 404
    back = office.post(reverse("term_back", args=[term.pk]), {"reason": "Nhầm chi bộ"})
    assert (back.status_code, Term.objects.count()) == (302, 0)


def test_posts_held_at_once_and_plans_that_are_past_are_told(cast: Cast, sign_in: SignIn) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    person = listed(cast[CELL], "Kiêm Nhiệm").person
    rows = [Appointment.objects.get(unit_id=cast[unit]) for unit in (CELL, OTHER, AWAY)]
    Appointment.objects.filter(pk__in=[one.pk for one in rows]).update(person=person)
    Appointment.objects.filter(pk=rows[0].pk).update(planned_until=dt.date(2026, 10, 1))
    words = page(office, "appointment", rows[0].pk)
    assert f"Kiêm nhiệm Bí thư, {OTHER}" in words
    assert AWAY not in words  # out of sight
    assert "dự kiến đến 01/10/2026, đã quá 32 ngày" in page(office, "cadre")


def test_whoever_moves_somebody_elected_sees_the_rule_before_it_is_recorded(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    days = {"valid": (dt.date(2025, 9, 1), None), "way": "elected", "unit_id": cast[CELL]}
    rows = [
        Appointment.objects.create(post=post, holder_name=f"Người Bầu {number}", seat=1, **days)
        for number, post in enumerate(("deputy_secretary", "committee_member"))
    ]
    told = {"on": "2026-10-20", "document": "8-QĐ/ĐU", "reason": "Điều động", "is_moved": "on"}
    end = reverse("post_end", args=[rows[0].pk])
    first = office.post(end, told)
    assert first.status_code == 200
    assert "Chuyển 1/2 cấp ủy viên một lần, hơn một phần ba" in text_of(first)
    assert "208-QĐ/TW" in text_of(first)
    rows[0].refresh_from_db()
    assert rows[0].valid.upper is None
    merged = office.post(end, told | {"after_reform": "on"})
    assert "Do sáp nhập, chia tách nên không tính phần này." in text_of(merged)
    said = {"xac-nhan": "1", "cho-phep-moved": "CV 5-CV/TU", "ly-do-moved": "thiếu người"}
    assert office.post(end, told | said).status_code == 302
    assert "Ngoại lệ thiếu người (CV 5-CV/TU)" in page(office, "appointment", rows[0].pk)
    for day in ("0001-01-01", "9999-12-31"):
        answer = office.post(reverse("post_end", args=[rows[1].pk]), told | {"on": day})
        assert "Ngày này không có trong lịch" in text_of(answer)
        asked = {"post": "secretary", "way": "rotated_down", "from_day": day, "name": ""}
        answer = office.post(reverse("eligibility", args=[cast[CELL]]), asked)
        assert "Ngày này không có trong lịch" in text_of(answer)


def test_a_rotation_goes_from_the_choice_of_the_place_left_to_its_return(
    cast: Cast, sign_in: SignIn
) -> None:
    desk = sign_in(Role.PROVINCIAL_ANALYST)
    to, left = cast[CELL], cast[AWAY]
    Appointment.objects.filter(unit_id=to).update(valid=(dt.date(2016, 1, 1), dt.date(2026, 9, 1)))
    Appointment.objects.filter(unit_id=left).update(holder_name="Lương Văn Chuyển")
    new = reverse("rotation_new", args=[to])
    assert AWAY in text_of(desk.get(f"{new}?tim=ban thu"))
    row = Appointment.objects.get(unit_id=left)
    told = {
        "left": str(row.pk), "to_post": "secretary", "way": "rotated_sideways",
        "began_on": "2026-10-01", "return_on": "2029-10-01", "aim": "Đưa chi bộ khá lên",
        "document": "9-QĐ/TU", "years_left": "12", "planned": "co",
    }  # fmt: skip
    swapped = desk.post(f"{new}?di={left}", {**told, "return_on": "2026-09-01"})
    assert "return_on" in swapped.context["form"].errors
    head = desk.post(f"{new}?di={left}", {**told, "head": "co", "terms_here": "2"})
    assert "Đã giữ 2 nhiệm kỳ liền, nhiều nhất 2" in text_of(head)
    first = desk.post(f"{new}?di={left}", told)
    assert first.status_code == 200
    unmet = text_of(desk.post(f"{new}?di={left}", told | {"adds_post": "co"}))
    assert "Chỉ được khi có cho phép: Phải thêm chức danh để nhận người." in unmet
    assert "Ai cho phép (văn bản)" in unmet
    assert "Số năm công tác còn lại: 12, cần ít nhất 10" in text_of(first)
    assert Rotation.objects.count() == 0
    done = desk.post(f"{new}?di={left}", {**told, "xac-nhan": "1"})
    assert done.status_code == 302
    one = Rotation.objects.get()
    words = page(desk, "rotation", one.pk)
    assert f"Lương Văn Chuyển luân chuyển từ {AWAY} đến {CELL}, Bí thư." in words
    assert "Nơi đi" in words
    assert "chưa có kỳ nào được tính" in words
    # The office of the unit come to reads it, without the name of what it does not see.
    near = page(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU), "rotation", one.pk)
    assert AWAY not in near
    assert "một nơi ngoài phạm vi" in near
    tied = Appointment.objects.get(unit_id=to, way="rotated_sideways")
    assert "Thay người đứng đầu" in page(desk, "appointment", tied.pk)
    for unit, held in ((to, tied), (left, row)):  # ended and taken back with the rotation
        shown = desk.get(reverse("unit_posts", args=[unit])).content.decode()
        assert reverse("post_back", args=[held.pk]) not in shown
        assert reverse("post_end", args=[held.pk]) not in shown
    assert (
        reverse("rotation", args=[one.pk])
        in desk.get(reverse("unit_posts", args=[to])).content.decode()
    )
    ends = {"how": "ve", "on": "2026-11-01", "document": "QĐ 3", "outcome": "Họp đủ kỳ"}
    assert desk.post(reverse("rotation_end", args=[one.pk]), ends).status_code == 302
    assert "Không có quyết định luân chuyển nào đang thực hiện" in page(desk, "rotations")
    for state in ("away", "cancelled"):
        desk.post(reverse("rotation_back", args=[one.pk]), {"reason": "Ghi nhầm"})
        one.refresh_from_db()
        assert one.state == state
    words = page(desk, "rotation", one.pk)
    assert "Hủy quyết định 02/11/2026: Ghi nhầm" in words
    assert "Kết thúc" not in words
    outside = {**told, "holder": "Hà Văn Xa", "elsewhere": "Sở Tư pháp", "xac-nhan": "1"}
    done = desk.post(f"{new}?ngoai=1", outside, follow=True)
    assert "nơi đến được theo dõi, nơi đi ở ngoài sổ" in text_of(done)
    assert "từ 01/01/2016" in page(desk, "unit_posts", left)


def test_a_name_typed_without_accents_is_found_on_the_list_and_chosen(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    cell, other = cast[CELL], cast[OTHER]
    one = listed(cell, "Lường Thị Đào").person
    address = reverse("post_record", args=[cell])
    typed = said(holder="luong thi da", proposed="")
    assert "Trong danh sách có" not in text_of(office.post(address, typed))  # names are off
    NamesSwitch.objects.create(unit_id=cast[QUAN_MAU], from_day="2026-10-01", document="TB 1")
    live = office.post(address, typed, headers={"HX-Request": "true"})
    assert "Trong danh sách có" in text_of(live)
    assert "chọn đúng người" not in text_of(live)  # while one types nothing is held against it
    assert "chọn đúng người" in text_of(office.post(address, typed))
    chosen = typed | {"person": str(one.pk)}
    assert "Lường Thị Đào, Chi bộ thôn Nà Mẫu" in text_of(office.post(address, chosen))
    assert office.post(address, chosen | {"xac-nhan": "1"}).status_code == 302
    row = Appointment.objects.get(unit_id=cell, post="deputy_secretary")
    assert (row.holder_name, row.person_id) == ("Lường Thị Đào", one.pk)

    asked = {"post": "secretary", "way": "appointed", "from_day": "2026-12-01",
             "name": "luong", "person": str(one.pk)}  # fmt: skip
    words = text_of(office.post(reverse("eligibility", args=[other]), asked))
    assert "Lường Thị Đào Sổ chức danh" in words
    assert "Phó bí thư, Chi bộ thôn Nà Mẫu, từ 01/10/2026" in words
    desk = sign_in(Role.PROVINCIAL_ANALYST)  # who reads no list of people
    assert "Trong danh sách có" not in text_of(desk.post(address, typed))


def flagged_as_vacant(cell: UUID) -> None:
    """As the figures of a month before the new secretary came tell it."""
    Flag.objects.create(
        unit_id=cell, reason="secretary_vacant", figures={}, since_month="2026-10-01",
        raised_at=timezone.now(), reply_by="2026-11-11",
    )  # fmt: skip


def test_who_acts_is_told_as_acting_and_comes_back_after_who_followed(
    cast: Cast, sign_in: SignIn
) -> None:
    office, cell = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU), cast[CELL]
    Appointment.objects.filter(unit_id=cell).update(
        valid=(dt.date(2016, 1, 1), dt.date(2026, 9, 10))
    )
    record = reverse("post_record", args=[cell])
    sure = {"post": "secretary", "xac-nhan": "1"}
    acts = said(way="acting", from_day="2026-09-15", planned_until="2026-12-15", **sure)
    assert office.post(record, acts).status_code == 302
    row = Appointment.objects.get(unit_id=cell, way="acting")
    told = page(office, "appointment", row.pk)
    assert "Nông Thị Phó được giao phụ trách chức danh Bí thư của" in told
    assert "Sắp đến ngày dự kiến thôi giữ: Bí thư: Nông Thị Phó" in page(office, "cadre")
    new = said(holder="Hà Văn Mới", from_day="2026-11-03", **sure)
    assert office.post(record, new).status_code == 302
    assert "Sắp đến ngày dự kiến" not in page(office, "cadre")  # the end is decided: tomorrow
    back = office.post(reverse("post_back", args=[row.pk]), {"reason": "Ghi nhầm"})
    assert "Đã có người giữ chức này sau đó; rút lần ghi sau trước." in text_of(back)


def test_a_secretary_is_replaced_step_by_step_and_what_lay_open_is_handed_over(
    cast: Cast, sign_in: SignIn
) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    cell, path = cast[CELL], reverse("replacing", args=[cast[CELL]])
    for owner in ("Bí thư", "Bí thư Thử Một"):
        Task.objects.create(
            unit_id=cell, title="Sửa mương", title_fold="sua muong", owner=owner, output="Ảnh",
            given_on="2026-09-01", due_on="2026-12-01", state="open", changed_at=timezone.now(),
        )  # fmt: skip
    assert "chưa thay bí thư lần nào" in page(office, "replacing", cell)
    first = Appointment.objects.get(unit_id=cell)
    ends = {"on": "2026-09-10", "document": "QĐ 8", "reason": "Sức khỏe yếu"}
    assert reverse("post_end", args=[first.pk]) in office.get(path).content.decode()
    office.post(reverse("post_end", args=[first.pk]), ends)
    assert "khuyết bí thư 54 ngày" in page(office, "replacing", cell)
    record = reverse("post_record", args=[cell])
    assert f"{record}?chuc=secretary&amp;cach=acting" in office.get(path).content.decode()
    assert (
        'value="acting" selected'
        in office.get(f"{record}?chuc=secretary&cach=acting").content.decode()
    )
    acts = said(post="secretary", way="acting", from_day="2026-09-15", **{"xac-nhan": "1"})
    refused = office.post(record, acts)
    assert "Giao phụ trách đến ngày nào?" in text_of(refused)
    assert office.post(record, acts | {"planned_until": "2026-12-15"}).status_code == 302
    words = page(office, "replacing", cell)
    assert "đang giao Nông Thị Phó phụ trách" in words
    assert "Nông Thị Phó từ 15/09/2026 đến 15/12/2026" in words
    new = said(post="secretary", holder="Hà Văn Mới", from_day="2026-10-20", **{"xac-nhan": "1"})
    assert office.post(record, new).status_code == 302
    words = page(office, "replacing", cell)
    assert "đã thay bí thư: Hà Văn Mới" in words
    assert "Theo dõi trước và sau Đang theo dõi" in words
    flagged_as_vacant(cell)
    made = Appointment.objects.get(unit_id=cell, holder_name="Hà Văn Mới")
    handed = reverse("hand_over", args=[made.pk])
    assert "2 dòng còn dở" in text_of(office.get(handed))
    keys = [f"task:{one.pk}" for one in Task.objects.filter(unit_id=cell)]
    none = office.post(handed, {"document": "BB 3"})
    assert "Chọn các dòng đã bàn giao" in text_of(none)
    gone = office.post(handed, {"document": "BB 3", "keys": [*keys, "task:khac"]})
    assert gone.status_code == 422
    done = office.post(handed, {"document": "BB 3", "keys": keys})
    assert done.status_code == 302
    owners = Task.objects.filter(unit_id=cell).order_by("owner").values_list("owner", flat=True)
    assert list(owners) == ["Bí thư", "Hà Văn Mới"]
    words = page(office, "replacing", cell)
    assert "Đã bàn giao 2 dòng ngày 02/11/2026, BB 3" in words
    assert "Trong đó 2 dòng đã bàn giao cho người mới." in words
    assert "đã bàn giao" in text_of(office.get(handed))
    words = page(office, "appointment", made.pk)
    assert "Thay người đứng đầu" in words
    assert "Việc được giao còn dở ngày nhận chức" in words
    assert handed in office.get(reverse("appointment", args=[made.pk])).content.decode()
    assert office.post(handed, {"reason": "Ghi nhầm người"}).status_code == 302
    assert list(owners.all()) == ["Bí thư", "Bí thư Thử Một"]
    assert "2 dòng còn dở" in text_of(office.get(handed))

    secretary = sign_in(Role.CELL_SECRETARY, CELL)
    assert "Xem và xác nhận" not in page(secretary, "replacing", cell)
    assert secretary.get(handed).status_code == 403
    away = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    assert (away.get(path).status_code, away.get(handed).status_code) == (404, 404)


def test_posts_speak_english_too(cast: Cast, sign_in: SignIn) -> None:
    desk = sign_in(Role.PROVINCIAL_ANALYST)
    made = placed(cast[CELL], cast[QUAN_MAU])
    desk.cookies["django_language"] = "en"
    term = page(desk, "unit_posts", cast[CELL])
    for words in ("past its end, no new congress recorded", "Report of the congress",
                  "Approval by the upper level"):  # fmt: skip
        assert words in term
    for name in ("post_record", "eligibility"):
        words = page(desk, name, cast[CELL])
        for option in ("Deputy secretary", "Appointed"):
            assert option in words, (name, option)
        assert "Phó bí thư" not in words
    left = f"{reverse('rotation_new', args=[cast[CELL]])}?di={cast[AWAY]}"
    assert "Luân chuyển" not in text_of(desk.get(left))
    assert "Đang luân chuyển" not in page(desk, "rotations")
    assert "Luân chuyển" not in page(desk, "rotation", made["rotation_id"])


def row_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT count(*), max(xmin::text::bigint) FROM "{table}"')
            counts[table] = cursor.fetchone()
    return counts


def test_eligibility_is_computed_shown_and_kept_nowhere(cast: Cast, sign_in: SignIn) -> None:
    board = sign_in(Role.STANDING_COMMITTEE, QUAN_MAU)
    address = reverse("eligibility", args=[cast[OTHER]])
    Appointment.objects.filter(unit_id=cast[CELL]).update(holder_name="Hà Thị Mẫu")
    assert "Kết quả chỉ hiện trên màn hình" in text_of(board.get(address))
    before = row_counts()
    asked = {
        "post": "secretary", "way": "rotated_sideways", "from_day": "2026-12-01",
        "name": "hà thị mẫu", "years_left": "7", "planned": "co", "head": "khong",
    }  # fmt: skip
    answer = board.post(address, asked)
    assert answer.status_code == 200
    words = text_of(answer)
    assert row_counts() == before
    assert answer["Cache-Control"] == "no-store"
    assert "Bí thư, Chi bộ thôn Nà Mẫu, từ 01/01/2016" in words
    assert "Đạt: Số tháng giữ chức hiện nay: 130, cần ít nhất 36." in words
    assert "Chưa đạt: Số năm công tác còn lại: 7, cần ít nhất 10." in words
    assert "Chưa rõ: Chưa ghi có phải thêm chức danh để nhận người hay không." in words
    assert "Đạt: Là cán bộ trong quy hoạch." in words
    assert "Cùng căn cứ với dòng trên." in words
    assert "Số nơi sẽ làm bí thư: 2, nhiều nhất 2." in words
    assert "cần kiểm tra" in words
    # Of two people of one name nothing is added up; somebody out of sight is nobody.
    Appointment.objects.filter(unit_id=cast[THIRD]).update(holder_name="Hà Thị Mẫu")
    assert "nên không lấy số liệu từ sổ" in text_of(board.post(address, asked))
    Appointment.objects.filter(unit_id=cast[AWAY]).update(holder_name="Người Nơi Khác")
    Appointment.objects.create(unit_id=cast[CELL], post="deputy_secretary", seat=1,
        holder_name="Hà Thị Cũ", valid=(dt.date(2019, 3, 1), dt.date(2024, 3, 1)))  # fmt: skip
    old = text_of(board.post(address, {**asked, "name": "hà thị cũ"}))
    assert "người tên ấy không còn giữ chức danh nào" in old
    assert "Phó bí thư, Chi bộ thôn Nà Mẫu, 01/03/2019 – 01/03/2024" in old
    assert "Sổ chức danh không có ai tên ấy" in text_of(
        board.post(address, {**asked, "name": "Người Nơi Khác"})
    )
    assert board.get(address + "?name=Hà Thị Mẫu").content.decode().count("Hà Thị Mẫu") == 0
    assert sign_in(Role.CELL_SECRETARY, OTHER).get(address).status_code == 403
