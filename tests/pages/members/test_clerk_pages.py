"""What a clerk at a desk asks of the pages of members: to see at once what was just recorded, to
find the place that takes somebody, to be told why something is not known, to take a slip back.
"""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.models import (
    Admission,
    Membership,
    MembershipCount,
    MemberTransfer,
    NamesSwitch,
    Unit,
    UnitVersion,
)
from vungmanh.org.queries import members_of
from vungmanh.strengthening.models import AssessmentRun

CELL = CELLS[QUAN_MAU][0]
OVER = CELLS[LANG_THU][0]
TODAY = localdate()
BEGUN = month_of(TODAY)


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast(first=dt.date(2019, 1, 1))
    NamesSwitch.objects.create(unit_id=made[QUAN_MAU], from_day=dt.date(2019, 1, 1), document="QĐ")
    return made


@pytest.fixture
def office(cast: Cast) -> Client:
    made = Client()
    made.force_login(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU))
    return made


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_what_was_recorded_this_month_is_on_the_page_of_the_cell_and_of_the_commune(
    cast: Cast, office: Client
) -> None:
    month = add_months(BEGUN, -1)
    for one in (add_months(month, -1), month):
        AssessmentRun.objects.create(month=one, at=AT, reported=6, due=6)
    listed(cast[CELL], "Vi Thử Nay", since=TODAY)
    row = MembershipCount.objects.get(unit_id=cast[CELL], status="official")
    row.valid = (row.valid.lower, TODAY)
    row.save()
    MembershipCount.objects.create(
        unit_id=cast[CELL], status="official", count=12, valid=(TODAY, None)
    )
    page = reverse("unit_members", args=[cast[CELL]])
    read = words(office.get(page))
    assert "Vi Thử Nay" in read
    assert f"có 12 đảng viên đến {date_vi(TODAY)}" in read
    assert date_vi(TODAY) in words(office.get(reverse("members")))
    # An earlier month is asked for by name and told as it was.
    then = words(office.get(page, {"ky": f"{add_months(month, -1):%Y-%m}"}))
    assert "Vi Thử Nay" not in then
    assert f"có 9 đảng viên đến {date_vi(last_day(add_months(month, -1)))}" in then


def test_a_cell_of_another_commune_is_found_by_its_name_and_nothing_else_of_it_is_told(
    cast: Cast, office: Client
) -> None:
    part = reverse("transfer_cells")
    for typed in ("ban thu", "Bản Thử", "lang thu ban"):  # without accents, or its commune first
        found = words(office.get(part, {"unit_words": typed}))
        assert OVER in found, typed
        assert LANG_THU in found
        assert "đảng viên" not in found
    assert LANG_THU not in words(office.get(part, {"unit_words": "na mau"}))
    assert words(office.get(part, {"unit_words": " "})).strip() == ""
    overseer = Client()
    overseer.force_login(cast.user("pt", Role.STANDING_COMMITTEE, QUAN_MAU))
    assert overseer.get(part, {"unit_words": "ban thu"}).status_code == 403

    send = reverse("transfer_new", args=[cast[CELL]])
    said = {"kind": "official", "status": "official", "count": 2, "decided_on": "2026-01-05",
            "document": "GT 2"}  # fmt: skip
    nowhere = office.post(send, said)
    assert "Chọn chi bộ nơi đến, hoặc ghi nơi đến ở ngoài tỉnh" in words(nowhere)
    assert "Ghi tên nơi ở ngoài tỉnh này" not in words(nowhere)
    assert "Không có chi bộ nào tên như vậy" in words(
        office.post(send, said | {"unit_words": "khong dau"})
    )
    many = office.post(send, said | {"unit_words": "lang thu"})
    assert "Chọn một chi bộ trong danh sách" in words(many)
    assert words(many).count('name="unit"') == len(CELLS[LANG_THU])
    chosen = said | {"unit_words": "lang thu", "unit": str(cast[OVER])}
    assert office.post(send, chosen).status_code == 302
    assert MemberTransfer.objects.get().to_unit_id == cast[OVER]
    UnitVersion.objects.filter(unit_id=cast[OVER]).update(official_code="TM.0042")
    by_code = said | {"unit_words": "TM.0042", "document": "GT 3"}
    assert office.post(send, by_code).status_code == 302
    gone = UnitVersion.objects.get(unit_id=cast[OVER])
    gone.pk, gone.unit = None, Unit.objects.create()
    gone.name, gone.name_fold, gone.official_code = "Chi bộ thôn Cũ Thử", "chi bo thon cu thu", ""
    gone.valid = DateRange(dt.date(2019, 1, 1), dt.date(2025, 1, 1))
    gone.save()
    refused = office.post(send, said | {"unit_words": "cu thu", "document": "GT 4"})
    assert refused.status_code == 422
    assert "Không có chi bộ nào tên như vậy" not in words(refused)


def test_no_step_lies_before_the_help_began_and_a_step_taken_back_says_so(
    cast: Cast, office: Client
) -> None:
    one = Admission.objects.create(
        unit_id=cast[CELL], alias="Quần chúng 1", begun_on="2025-10-01", state="open",
        born_on="2000-01-01",
    )  # fmt: skip
    page = reverse("admission", args=[one.pk])

    def act(**said: Any) -> Any:
        one.refresh_from_db()
        return office.post(page, {"revision": one.revision, **said}, follow=True)

    early = act(act="step", done_on="2025-09-01")
    assert early.status_code == 422
    assert "Bắt đầu giúp đỡ từ 01/10/2025" in words(early)
    act(act="step", done_on="2025-10-10")
    read = words(office.get(page))
    assert "Chi bộ tự xem" in read  # what no dossier keeps is nobody's open question
    assert read.count("Tốt nghiệp trung học cơ sở.") == 1
    assert "Chưa rõ</b>: Tốt nghiệp" not in read
    assert "Hạn từng bước" in read
    assert "Đã rút." in words(act(act="back", reason="ghi nhầm"))
    act(act="step", done_on="2025-10-10")
    stopped = words(act(act="stop", on="2025-11-01", reason="xin thôi"))
    for gone in ("Hạn từng bước", "Quá hạn", "Trong hạn", "Điều kiện", "Chi bộ tự xem"):
        assert gone not in stopped, gone


def test_a_term_that_cannot_be_counted_says_why(cast: Cast, office: Client) -> None:
    one = Admission.objects.create(
        unit_id=cast[CELL], alias="Quần chúng 1", begun_on="1995-01-01", state="open"
    )
    days = {"dossier": "1995-02-01", "cell_resolution": "1995-03-01"}
    for step, day in days.items():
        one.steps.create(step=step, done_on=day, by=None)
    read = words(office.get(reverse("admission", args=[one.pk])))
    assert "Chưa có quy định về thời hạn này (01/02/1995)." in read
    assert "điều kiện kết nạp ngày 01/03/1995" in read


def test_the_page_of_somebody_tells_the_end_of_an_exemption_and_of_a_life(
    cast: Cast, office: Client
) -> None:
    row = listed(cast[CELL], "Vi Thử Miễn", status="exempt", since=dt.date(2026, 1, 2))
    Membership.objects.filter(pk=row.pk).update(planned_until="2026-10-11")
    page = reverse("member_person", args=[row.person_id])
    assert "dự kiến đến 11/10/2026" in words(office.get(page))
    excused = words(office.get(reverse("member_exempt", args=[row.person_id])))
    assert "từ 02/01/2026 đến 11/10/2026" in excused

    guest = listed(cast[CELL], "Vi Thử Khách", status="temporary_in")
    address = reverse("member_person", args=[guest.person_id])
    assert "/mien/" not in words(office.get(address))  # whoever is a guest is excused at home

    row = listed(cast[CELL], "Vi Thử Mất")
    page = reverse("member_person", args=[row.person_id])
    member = reverse("roll_member", args=[cast[CELL], row.person_id])
    gone = {"act": "end", "on": "2020-03-01", "document": "", "reason": "từ trần"}
    assert office.post(member, gone).status_code == 422  # nothing is chosen beforehand
    assert office.post(member, gone | {"way": "died"}).status_code == 302
    read = words(office.get(page))
    assert "không còn trong danh sách từ 01/03/2020: Từ trần" in read
    assert "Chính thức, đã thôi" in read
    assert reverse("member_exempt", args=[row.person_id]) not in read
    back = office.post(page, {"act": "back", "reason": "nhầm người"})
    assert back["Location"] == page
    assert reverse("member_exempt", args=[row.person_id]) in words(office.get(page))


def test_a_name_added_by_mistake_is_taken_off_on_its_own_page(cast: Cast, office: Client) -> None:
    roll = reverse("roll", args=[cast[CELL]])
    said = {"name": "Vi Thử Nhầm", "status": "official", "from_day": TODAY.isoformat()}
    assert office.post(roll, said).status_code == 302
    row = Membership.objects.get(person__name="Vi Thử Nhầm")
    before = members_of(cast[CELL], TODAY)
    page = reverse("roll_member", args=[cast[CELL], row.person_id])
    assert "rút lần ghi sau cùng" in words(office.get(page))
    answer = office.post(page, {"act": "back", "reason": "ghi nhầm chi bộ"}, follow=True)
    assert "Đã rút; danh sách và số đảng viên như trước." in words(answer)
    assert not Membership.objects.filter(pk=row.pk).exists()
    assert members_of(cast[CELL], TODAY) == before
    assert MembershipStatus.OFFICIAL in before


def test_terms_are_told_in_english_to_who_reads_english(cast: Cast, office: Client) -> None:
    one = Admission.objects.create(
        unit_id=cast[CELL], alias="QC 1", begun_on="2025-07-01", state="open", born_on="2000-01-01"
    )
    one.steps.create(step="dossier", done_on="2025-07-10", by=None)
    office.cookies["django_language"] = "en"
    read = words(office.get(reverse("admission", args=[one.pk])))
    for text in ("Chi bộ xét hồ sơ", "Quá hạn", "Chưa bắt đầu", "cần kiểm tra", "Bước tới"):
        assert text not in read, text
    assert "The cell considers the dossier" in read


def test_more_dossiers_and_papers_ask_the_database_nothing_more(cast: Cast, office: Client) -> None:
    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(reverse(page)).status_code == 200
        return len(queries)

    def more(number: int) -> None:
        one = Admission.objects.create(
            unit_id=cast[CELL], alias=f"QC {number}", begun_on="2025-07-01", state="open"
        )
        for step, day in (("dossier", "2025-07-10"), ("cell_resolution", "2025-08-01"),
                          ("decision", "2025-09-01")):  # fmt: skip
            one.steps.create(step=step, done_on=day, by=None)
        MemberTransfer.objects.create(
            kind="official", status="official", from_unit_id=cast[CELL], elsewhere="Tỉnh khác",
            decided_on="2026-01-05", document=f"GT {number}", state="sent", sent_at=AT,
        )  # fmt: skip

    pages = ("admissions", "transfers", "member_lists")
    more(1)
    few = [asked(page) for page in pages]
    for number in range(2, 5):
        more(number)
    assert [asked(page) for page in pages] == few
