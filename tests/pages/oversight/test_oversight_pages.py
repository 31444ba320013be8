"""The pages of plans of overseers: form, goals, a change and its price, approval, who sees it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import CELLS, LANG_THU, QUAN_MAU
from tests.pages.strengthening.story import ids_twice, main_of, words
from tests.support_story import Support, make_support
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import RoleGrant, User
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.strengthening.models import OversightPlan

pytestmark = pytest.mark.django_db
NA, DOI, AN = CELLS[QUAN_MAU]
WHY = "Đồng chí này ở gần và quen việc của thôn."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(answer: HttpResponse) -> str:
    """The words of the page itself."""
    return words(main_of(answer))


class Pages:
    """The office of Quan Mẫu with one who oversees and two whom it names."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.first = self.today + dt.timedelta(days=10)
        self.story: Support = make_support()
        cast = self.story.cast
        self.old = cast.user("cap.uy.cu", Role.OVERSEER, NA)
        self.new = [cast.user(f"cap.uy.moi.{n}", None) for n in (1, 2)]
        self.office = self.client_of(Role.COMMITTEE_OFFICE, QUAN_MAU)
        self.board = self.client_of(Role.STANDING_COMMITTEE, QUAN_MAU)

    def client_of(self, role: Role, unit: str) -> Client:
        return signed_in(self.story.who(role, unit, f"{role.value}.{unit[-3:]}").user)

    def sent(self, **more: object) -> dict[str, object]:
        last = self.first + dt.timedelta(days=364)
        return {
            "valid_from": self.first.isoformat(), "last_day": last.isoformat(), "cover": "all",
            "more": "cap.uy.moi.1, cap.uy.moi.2", "most_0": "2", "skilled_0": "on", **more,
        }  # fmt: skip

    def plan(self, **more: object) -> OversightPlan:
        answer = self.office.post(reverse("oversight_new"), self.sent(**more))
        assert answer.status_code == 302, read(answer)
        return OversightPlan.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])

    def at(self, plan: OversightPlan, doing: str) -> str:
        return reverse("oversight_act", args=[plan.pk, doing])


@pytest.fixture
def pages(db: None) -> Pages:
    return Pages()


def test_an_office_plans_changes_a_line_and_the_board_approves(pages: Pages) -> None:
    cast, office, board = pages.story.cast, pages.office, pages.board
    empty = read(office.get(reverse("oversight")))
    assert NA in empty
    assert "cap.uy.cu" in empty
    form = read(office.get(reverse("oversight_new")))
    assert "đang phụ trách 1 chi bộ" in form
    plan = pages.plan(known=f"cap.uy.moi.1; {DOI}; 12,5 km\n{AN}; tiếng Tày", speaks_0="Tày")
    page = read(office.get(reverse("oversight_plan", args=[plan.pk])))
    assert "3 chi bộ giao cho" in page
    assert "đã tốt nhất" in page
    line = plan.lines.get(unit_id=cast[AN])
    assert line.overseer_id == pages.old.pk  # the only one who speaks it

    href = reverse("oversight_line", args=[plan.pk, line.pk])
    priced = read(office.get(href, {"nguoi": str(pages.new[0].pk)}))
    assert "biết tiếng dùng ở chi bộ" in priced  # the rule that it breaks
    said = {"nguoi": str(pages.new[0].pk), "revision": plan.revision}
    assert office.post(href, said | {"reason": "vì"}).status_code == 422
    assert office.post(href, said | {"reason": WHY}).status_code == 302
    assert "vừa được người khác sửa" in read(office.post(href, said | {"reason": WHY}))
    page = read(office.get(reverse("oversight_plan", args=[plan.pk])))
    assert f"máy đề nghị cap.uy.cu: {WHY}" in page

    plan.refresh_from_db()
    assert office.post(pages.at(plan, "trinh"), {"revision": plan.revision}).status_code == 302
    plan.refresh_from_db()
    decide = {"number": "7-QĐ/ĐU", "decided_on": pages.today.isoformat(),
              "revision": plan.revision}  # fmt: skip
    assert office.post(pages.at(plan, "duyet"), decide).status_code == 403
    asked = "1 kế hoạch phân công phụ trách chờ đồng chí duyệt"
    assert asked in read(board.get(reverse("digest")))
    assert asked not in read(office.get(reverse("digest")))
    waits = board.get(reverse("oversight"))
    assert ids_twice(waits) == set()
    assert read(waits).index("Chờ đồng chí") < read(waits).index("Hôm nay")
    shown = board.get(reverse("oversight_plan", args=[plan.pk]), {"nguoi": str(pages.new[0].pk)})
    assert ids_twice(shown) == set()
    assert f"Đổi {NA}" not in read(shown)
    assert "Không có chi bộ nào khớp" in read(board.get(reverse("oversight"), {"nguoi": "x"}))
    assert board.post(pages.at(plan, "duyet"), decide).status_code == 302
    held = RoleGrant.objects.filter(role=Role.OVERSEER, valid__contains=pages.first)
    assert held.get(unit_id=cast[AN]).user_id == pages.new[0].pk
    plan.refresh_from_db()
    board.post(pages.at(plan, "rut"), {
        "revision": plan.revision, "reason": WHY, "from_day": pages.today.isoformat(),
    })  # fmt: skip
    assert {one.user_id for one in held} <= {pages.old.pk}  # who had a cell before goes on
    assert "Kế hoạch đã rút" in read(board.get(reverse("oversight_plan", args=[plan.pk])))


def test_one_cell_from_the_list_and_what_is_typed_wrong(pages: Pages) -> None:
    cast, office = pages.story.cast, pages.office
    new = reverse("oversight_new")
    small = main_of(office.get(new, {"chi-bo": cast[DOI]}))
    assert f'value="{cast[DOI]}" id="id_cells_1" checked' in small.replace("\n", " ") or (
        "checked" in small
    )
    for wrong, said in (
        ({"known": "ai đó; Chi bộ thôn Nà Mẫu; 3 km"}, "không có trong những người đã chọn"),
        ({"known": "cap.uy.moi.1; Chi bộ lạ; 3 km"}, "không có chi bộ nào “Chi bộ lạ”"),
        ({"known": f"cap.uy.moi.1; {NA}; gần"}, "phần cuối là số km"),
        ({"more": "khong.co.ai"}, "Không có tài khoản nào đang dùng tên “khong.co.ai”"),
        ({"valid_from": "2020-01-01"}, "Ngày bắt đầu sớm nhất là hôm nay"),
        ({"cover": "files"}, "Không nơi nào bên dưới đang được tập trung củng cố"),
        ({"most_0": "", "more": ""}, "Chọn từ 1 đến 300 người"),
    ):
        answer = office.post(new, pages.sent(**wrong))
        assert answer.status_code == 422
        assert said in read(answer)
    plan = pages.plan(cover="named", cells=[str(cast[DOI])], most_0="")
    assert [line.unit_id for line in plan.lines.all()] == [cast[DOI]]
    # Nobody is left for the two who may not: own cell, and who rates.
    secretary = grant_role(
        user=pages.new[1], role=Role.CELL_SECRETARY, unit_id=cast[DOI], reach=Reach.UNIT,
        valid_from=pages.today, by=None, at=timezone.now(),
    )  # fmt: skip
    line = plan.lines.get()
    RoleGrant.objects.filter(pk=secretary.pk).update(
        user=pages.new[1] if line.overseer_id == pages.new[0].pk else pages.new[0]
    )
    other = next(one for one in pages.new if one.pk != line.overseer_id)
    href = reverse("oversight_line", args=[plan.pk, line.pk])
    barred = read(office.get(href, {"nguoi": str(other.pk)}))
    assert "không ai phụ trách chi bộ mình sinh hoạt" in barred


def test_who_sees_a_plan_and_how_much_is_asked_for_it(pages: Pages) -> None:
    plan = pages.plan()
    hrefs = [
        reverse("oversight_plan", args=[plan.pk]),
        reverse("oversight_line", args=[plan.pk, plan.lines.first().pk]),  # type: ignore[union-attr]
        pages.at(plan, "trinh"),
    ]
    far = pages.client_of(Role.COMMITTEE_OFFICE, LANG_THU)
    assert [far.get(href).status_code for href in hrefs] == [404, 404, 404]
    assert "cap.uy" not in read(far.get(reverse("oversight")))
    own = signed_in(pages.old)
    assert own.get(hrefs[0]).status_code == 403  # an overseer reads the own charges, not the plan
    mine = read(own.get(reverse("oversight")))
    assert NA in mine
    assert DOI not in mine
    assert own.get(reverse("oversight_new")).status_code == 403
    above = signed_in(pages.story.desk.user)
    assert above.get(hrefs[0]).status_code == 200
    assert reverse("oversight_line", args=[plan.pk, plan.lines.first().pk]) not in main_of(  # type: ignore[union-attr]
        above.get(hrefs[0])
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        pages.office.get(hrefs[0])
    assert len(asked) <= 30
    UUID(str(plan.pk))
    assert date_vi(plan.valid_from) in read(pages.office.get(reverse("oversight")))
