"""The register of papers as each role meets it: to read, to number, to cancel; terms."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.pages.papers.made import numbered
from vungmanh.core.vocabulary import Role
from vungmanh.outputs.models import CongressTerm, PaperNumber

pytestmark = pytest.mark.django_db
CELL = CELLS[QUAN_MAU][0]
OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
PAPER = {
    "type": "notice", "body": "standing_committee", "on": "2026-10-05", "about": "Khen thưởng",
    "number": "", "capacity": "", "of": "", "role": "", "name": "",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def signed_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"{role.value}.{cast[unit].hex[-12:]}", role, unit))
    return client


def register(cast: Cast, unit: str, query: str = "") -> str:
    return f"/van-ban/{cast[unit]}/{query}"


def test_a_number_is_taken_entered_shown_and_cancelled(cast: Cast) -> None:
    client = signed_in(cast, OFFICE, QUAN_MAU)
    new = register(cast, QUAN_MAU) + "lay-so/"
    assert client.post(new, PAPER).status_code == 302
    page = client.post(new, {**PAPER, "number": "7", "about": "Kỷ luật"}, follow=True)
    assert "07-TB/ĐU" in page.content.decode()
    taken = client.post(new, {**PAPER, "number": "7"})
    assert taken.status_code == 422
    assert "đã cấp ngày 05/10/2026 cho “Kỷ luật”" in taken.content.decode()
    one = PaperNumber.objects.get(number=1)
    address = f"/van-ban/so/{one.pk}/"
    refused = client.post(address, {"act": "cancel", "reason": " "})
    assert refused.status_code == 422
    client.post(address, {"act": "cancel", "reason": "in nhầm"})
    said = client.get(register(cast, QUAN_MAU)).content.decode()
    assert "Đã hủy: in nhầm" in said
    assert "số đã cấp trên giấy" in said
    assert "Hủy số này" not in client.get(address).content.decode()
    assert client.post(new, PAPER, follow=True).content.decode().count("08-TB/ĐU") >= 1


def test_a_signer_that_may_not_sign_so_is_refused_with_what_was_typed(cast: Cast) -> None:
    client = signed_in(cast, OFFICE, QUAN_MAU)
    new = register(cast, QUAN_MAU) + "lay-so/"
    wrong = {**PAPER, "capacity": "for_head", "of": "Bí thư", "role": "Phó Bí thư"}
    answer = client.post(new, wrong)
    assert answer.status_code == 422
    assert "không ký K/T" in answer.content.decode()
    assert "Phó Bí thư" in answer.content.decode()
    client.post(new, {**wrong, "capacity": "for_collective", "of": "Ban Thường vụ"})
    one = PaperNumber.objects.get()
    client.post(f"/van-ban/so/{one.pk}/", {
        "act": "signer", "capacity": "by_order", "of": "Ban Thường vụ", "role": "Chánh Văn phòng",
        "name": "Hà Thử",
    })  # fmt: skip
    one.refresh_from_db()
    assert (one.number, one.signer_name) == (1, "Hà Thử")


def test_the_register_is_filtered_searched_and_turned_by_pages(cast: Cast) -> None:
    for number in range(1, 61):
        PaperNumber.objects.create(
            unit_id=cast[QUAN_MAU], family="party", type="decision", term="2020-2025",
            number=number, document=f"{number:02d}-QĐ/ĐU", on=dt.date(2021, 1, 1), about="Khen",
            search=f"{number:02d}-qd/du khen", at=AT,
        )  # fmt: skip
    client = signed_in(cast, OFFICE, QUAN_MAU)
    client.post(register(cast, QUAN_MAU) + "lay-so/", PAPER)
    with CaptureQueriesContext(connection) as asked:
        said = client.get(register(cast, QUAN_MAU)).content.decode()
    assert len(asked) <= 40
    assert "1–50 trong 61" in said
    found = client.get(register(cast, QUAN_MAU, "?q=khen thuong")).content.decode()
    assert "01-TB/ĐU" in found
    assert "QĐ/ĐU" not in found
    assert "01-TB/ĐU" in client.get(register(cast, QUAN_MAU, "?loai=notice")).content.decode()
    old = client.get(register(cast, QUAN_MAU, "?nk=2020-2025&nam=2021")).content.decode()
    assert "60 văn bản" in old
    nothing = client.get(register(cast, QUAN_MAU, "?q=khong co"))
    assert "Không có văn bản nào như vậy" in nothing.content.decode()


def test_the_day_of_a_congress_is_recorded_and_what_is_wrong_is_told(cast: Cast) -> None:
    client = signed_in(cast, OFFICE, QUAN_MAU)
    terms = register(cast, QUAN_MAU) + "nhiem-ky/"
    assert "mẫu, tỉnh chưa ban hành" in client.get(terms).content.decode()
    wrong = client.post(terms, {"name": "2025-2030", "began_on": "2024-06-01"})
    assert wrong.status_code == 422
    assert "họp trong năm 2025" in wrong.content.decode()
    assert client.post(terms, {"name": "2025-2030", "began_on": "2025-06-10"}).status_code == 302
    assert CongressTerm.objects.get().began_on == dt.date(2025, 6, 10)
    assert "ngày đại hội đã ghi" in client.get(terms).content.decode()


def test_the_register_of_another_does_not_exist(cast: Cast) -> None:
    one = PaperNumber.objects.get(pk=numbered(cast[CELL])["number_id"])
    addresses = [
        register(cast, CELL), register(cast, CELL) + "lay-so/", register(cast, CELL) + "nhiem-ky/",
        f"/van-ban/so/{one.pk}/",
    ]  # fmt: skip
    strangers = signed_in(cast, OFFICE, LANG_THU), signed_in(cast, SECRETARY, CELLS[LANG_THU][0])
    for client in strangers:
        for address in addresses:
            assert client.get(address).status_code == 404, address
            assert client.post(address, PAPER).status_code in {404, 405}, address
    overseer = signed_in(cast, Role.OVERSEER, QUAN_MAU)
    assert {overseer.get(address).status_code for address in addresses} == {403}
    for role, unit in ((SECRETARY, CELL), (OFFICE, QUAN_MAU), (Role.PROVINCIAL_ANALYST, PROVINCE)):
        reader = signed_in(cast, role, unit)
        assert {reader.get(address).status_code for address in addresses} == {200}, role
    assert "01-NQ/CB" in signed_in_secretary(cast)


def signed_in_secretary(cast: Cast) -> str:
    """One's own register, opened without naming the unit."""
    client = Client()
    client.force_login(cast.user("bi.thu.khac", SECRETARY, CELL))
    return client.get("/van-ban/").content.decode()
