"""From a finding to a committed reform on the pages, and what is refused on the way."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.evaluation.models import YearGrade
from vungmanh.org.actions.reforms import draft_reform
from vungmanh.org.counts import move_count
from vungmanh.org.models import (
    ArrangingDismissal,
    Membership,
    MemberTransfer,
    NamesSwitch,
    Place,
    PlaceMembers,
    Reform,
    UnitVersion,
)
from vungmanh.org.reform.steps import Part, Split, steps_from_json

pytestmark = pytest.mark.django_db

HERE, NEXT, THIRD = CELLS[QUAN_MAU]
SINCE = dt.date(2026, 3, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 2, 1))


def signed_in(cast: Cast, name: str, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(name, role, unit))
    return client


def test_a_finding_becomes_a_draft_and_may_be_laid_aside(cast: Cast) -> None:
    by = {"by": None, "at": AT, "why": "thử"}
    move_count(cast[THIRD], MembershipStatus.OFFICIAL, -7, SINCE, **by)
    office = signed_in(cast, "vp", Role.COMMITTEE_OFFICE, QUAN_MAU)
    neighbour = signed_in(cast, "vp2", Role.COMMITTEE_OFFICE, LANG_THU)
    secretary = signed_in(cast, "bt", Role.CELL_SECRETARY, HERE)
    address = reverse("arrangements")
    page = office.get(address).content.decode()
    assert "1 việc sắp xếp nên xem" in page
    assert "Chi bộ dưới mức tối thiểu" in page
    assert THIRD in page
    assert "cần kiểm tra" in page
    assert THIRD not in neighbour.get(address).content.decode()
    assert secretary.get(address).status_code == 403
    assert THIRD in office.get(address, {"q": "an mau", "viec": "below_minimum"}).content.decode()
    assert "Không có việc nào" in office.get(address, {"q": "khong co"}).content.decode()
    assert "chưa có quy định" in office.get(address, {"ngay": "2025-03-01"}).content.decode()
    narrowed = office.get(address, {"don-vi": str(cast[QUAN_MAU])}).content.decode()
    assert THIRD in narrowed
    assert office.get(address, {"don-vi": str(cast[LANG_THU])}).status_code == 404
    [key] = {one.key for one in office.get(address).context["page"].object_list}
    one = reverse("arrangement", args=[key])
    assert neighbour.get(one).status_code == 404
    assert "Lập dự thảo sắp xếp" in office.get(one).content.decode()
    day = timezone.localdate() + dt.timedelta(days=30)
    said = {"act": "aside", "reason": "đang kết nạp", "until": day.isoformat()}
    assert office.post(one, said | {"until": "2020-01-01"}).status_code == 422
    assert office.post(one, said).status_code == 302
    assert "1 việc sắp xếp đã để lại" in office.get(address, {"xem": "de-lai"}).content.decode()
    assert office.post(one, {"act": "again"}).status_code == 302
    assert ArrangingDismissal.objects.get().undone_at is not None
    decided = {"act": "draft", "document": "QĐ 1", "effective_on": "2026-10-01"}
    assert office.post(one, decided).status_code == 422
    assert office.post(one, decided | {"target": str(cast[NEXT])}).status_code == 302
    reform = Reform.objects.get()
    YearGrade.objects.create(unit_id=cast[THIRD], year=2025, regime="R4", grade="xuat_sac")
    page = office.get(reverse("reform", args=[reform.pk])).content.decode()
    assert "Xếp loại và số năm liền để xét khen" in page
    assert "xuất sắc nhiệm vụ (2025)" in page
    assert "Lập từ" in page
    assert "dưới 3" in page
    page = office.get(one).content.decode()
    assert reform.title in page
    assert "Lập dự thảo sắp xếp" not in page  # one draft answers it
    again = office.post(one, decided | {"target": str(cast[NEXT])})
    assert again.status_code in {409, 422}
    assert "Đã có dự thảo" in again.content.decode()
    assert Reform.objects.count() == 1
    address = reverse("reform", args=[reform.pk])
    assert "Nay không còn như thế" not in office.get(address).content.decode()
    move_count(cast[THIRD], MembershipStatus.OFFICIAL, 7, SINCE, **by)
    assert "Nay không còn như thế" in office.get(address).content.decode()
    assert "không có đảng viên phải chuyển" in (
        office.get(reverse("reform_papers", args=[reform.pk])).content.decode()
    )


def test_a_place_is_kept_reported_of_and_given_its_cell(cast: Cast) -> None:
    office = signed_in(cast, "vp", Role.COMMITTEE_OFFICE, QUAN_MAU)
    analyst = signed_in(cast, "cv", Role.PROVINCIAL_ANALYST, "Đảng bộ tỉnh Mẫu")
    assert "Thêm thôn chưa có chi bộ" in office.get(reverse("places")).content.decode()
    new = {"name": "Hợp tác xã Chè Mẫu", "sector": "enterprise", "under": str(cast[QUAN_MAU]),
           "began_on": SINCE.isoformat()}  # fmt: skip
    assert office.post(reverse("place_new"), new | {"began_on": "2999-01-01"}).status_code == 422
    assert office.post(reverse("place_new"), new).status_code == 302
    place = reverse("place", args=[Place.objects.get().pk])
    told = {"act": "report", "unit": str(cast[HERE]), "official": "3", "on": SINCE.isoformat()}
    assert office.post(place, told | {"official": "10"}).status_code == 422
    assert office.post(place, told | {"unit": "", "other": CELLS[LANG_THU][0]}).status_code == 422
    assert office.post(place, told).status_code == 302
    assert "3 đảng viên chính thức" in office.get(place).content.decode()
    back = {"act": "take-back", "report": PlaceMembers.objects.get().pk, "reason": "nhầm nơi"}
    assert office.post(place, back | {"report": "9" * 5000}).status_code == 404
    assert office.post(place, back).status_code == 302
    assert "Đã rút: nhầm nơi" in office.get(place).content.decode()
    assert office.post(place, told | {"unit": "", "other": HERE}).status_code == 302
    rows = office.get(reverse("places"), {"q": "che mau", "to-chuc": "chua"}).content.decode()
    assert "Hợp tác xã Chè Mẫu" in rows
    [found] = office.get(reverse("arrangements")).context["page"].object_list
    one = reverse("arrangement", args=[found.key])
    decided = {"act": "draft", "document": "QĐ 2", "effective_on": "2026-10-01",
               "name": "Chi bộ Chè Mẫu"}  # fmt: skip
    assert office.post(one, decided | {"name": ""}).status_code == 422
    assert office.post(one, decided).status_code == 302
    reform = Reform.objects.get()
    papers = reverse("reform_papers", args=[reform.pk])
    told = office.get(reverse("reform", args=[reform.pk])).content.decode()
    assert "3 đảng viên đang ở 1 đơn vị khác; lập xong mới giới thiệu." in told
    assert f'<a href="{papers}">Giấy giới thiệu từng nơi</a>' in told
    assert "Làm giấy sau khi thực hiện" in office.get(papers).content.decode()
    send = {"act": "send", "unit": str(cast[HERE]), "document": "GT 1", "count": "3",
            "decided_on": "2026-10-02"}  # fmt: skip
    assert office.post(papers, send).status_code == 400
    basis = analyst.get(reverse("reform", args=[reform.pk])).context["basis"]
    commit = {"act": "commit", "basis": basis}
    assert analyst.post(reverse("reform", args=[reform.pk]), commit).status_code == 302
    assert "Chi bộ Chè Mẫu" in office.get(place).content.decode()
    assert office.post(papers, send | {"decided_on": "2026-09-01"}).status_code == 422
    assert office.post(papers, send).status_code == 302
    sent = MemberTransfer.objects.get()
    assert sent.to_unit_id == UnitVersion.objects.get(name="Chi bộ Chè Mẫu").unit_id
    assert "GT 1" in office.get(papers).content.decode()
    assert office.post(place, {"act": "end", "ended_on": "2026-11-01", "reason": "giải thể"}
                       ).status_code == 302  # fmt: skip
    assert "không còn từ" in office.get(place).content.decode()
    assert office.post(place, {"act": "reopen", "reason": "ghi nhầm"}).status_code == 302
    assert signed_in(cast, "vp2", Role.COMMITTEE_OFFICE, LANG_THU).get(place).status_code == 404


def test_of_a_split_names_are_placed_by_a_person(cast: Cast) -> None:
    office = signed_in(cast, "vp", Role.COMMITTEE_OFFICE, QUAN_MAU)
    analyst = cast.user("cv", Role.PROVINCIAL_ANALYST)
    NamesSwitch.objects.create(unit_id=cast[QUAN_MAU], from_day=SINCE, document="NQ 1")
    people: list[UUID] = [
        listed(cast[HERE], f"Nông Thử {n}", since=SINCE).person_id for n in range(2)
    ]
    reform = draft_reform(
        title="Chia chi bộ", document="QĐ 4", signed_on=None, effective_on=dt.date(2026, 10, 1),
        steps=(Split(str(cast[HERE]), (Part(str(cast[NEXT]), 0.5), Part(str(cast[THIRD]), 0.5))),),
        by=viewer_for(analyst, on=AT.date()), at=AT,
    )  # fmt: skip
    address = reverse("reform_people", args=[reform.pk])
    assert "Ai về phần nào" in office.get(reverse("reform", args=[reform.pk])).content.decode()
    page = office.get(address).content.decode()
    assert "Nông Thử 0" in page
    client = Client()
    client.force_login(analyst)
    numbers = client.get(address).content.decode()  # who reads no names reads numbers
    assert "2 người." in numbers
    assert "Nông Thử" not in numbers
    assert client.post(address, {}).status_code == 403
    said = {f"p-{people[0]}": str(cast[NEXT])}
    assert office.post(address, said).status_code == 422
    assert office.post(address, said | {f"p-{people[1]}": str(cast[THIRD])}).status_code == 302
    reform.refresh_from_db()
    [split] = steps_from_json(reform.steps)
    assert isinstance(split, Split)
    assert [part.people for part in split.parts] == [(str(people[0]),), (str(people[1]),)]
    assert Membership.objects.filter(unit_id=cast[HERE]).count() == 2
