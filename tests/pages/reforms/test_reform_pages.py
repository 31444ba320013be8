"""Reforms as people meet them: a workbook or a form, the consequences, carried out, taken back."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import LANG_THU, QUAN_MAU, Cast
from tests.pages.strengthening.story import BAN_THU, DOI_MAU, NA_MAU, main_of, words
from vungmanh.core.vocabulary import ReformState, Role
from vungmanh.meetings.models import Obligation
from vungmanh.org.models import Lineage, Reform, UnitVersion
from vungmanh.org.reform.steps import Merge, Move, Step, steps_from_json
from vungmanh.outputs.reforms.units import UnitIndex
from vungmanh.outputs.reforms.write import write_reform_workbook

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
DAY = dt.date(2019, 7, 1)
NEW = "/sap-xep/moi/"
DECISION = {"document": "QĐ 1-QĐ/TU, 20/6/2019", "signed_on": "", "effective_on": "2019-07-01"}


def workbook(*steps: Step, day: dt.date | None = DAY, title: str = "Sắp xếp thử") -> bytes:
    return write_reform_workbook(
        title=title,
        document="QĐ 1-QĐ/TU, 20/6/2019",
        signed_on=None,
        effective_on=day,
        steps=steps,
        index=UnitIndex([]),
    )


def upload(client: Client, data: bytes, **more: str) -> HttpResponse:
    return client.post(NEW, {"file": SimpleUploadedFile("sap-xep.xlsx", data), **more})


def merge(cast: Cast) -> Merge:
    """Nà Mẫu goes into Đồi Mẫu."""
    return Merge(sources=(str(cast[NA_MAU]),), target=str(cast[DOI_MAU]))


def drafted(client: Client, *steps: Step) -> Reform:
    response = upload(client, workbook(*steps))
    assert response.status_code == 302, main_of(response)
    return Reform.objects.latest("drafted_at")


def basis_on(page: str) -> str:
    return re.findall(r'name="basis" value="([^"]*)"', page)[0]


def commit(client: Client, reform: Reform, basis: str | None = None) -> HttpResponse:
    address = f"/sap-xep/{reform.pk}/"
    if basis is None:
        basis = basis_on(main_of(client.get(address)))
    return client.post(address, {"act": "commit", "basis": basis})


def name_on(cast: Cast, name: str, day: dt.date) -> str | None:
    found = UnitVersion.objects.filter(unit_id=cast[name], valid__contains=day).first()
    return found.name if found else None


def regular_months(cast: Cast, name: str) -> list[dt.date]:
    lines = Obligation.objects.filter(unit_id=cast[name], kind="regular", month__gte=DAY)
    return sorted(lines.values_list("month", flat=True))


def test_a_workbook_is_looked_at_carried_out_undone_and_carried_out_again(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    address = f"/sap-xep/{reform.pk}/"

    page = main_of(client.get(address))
    assert "thực hiện được" in words(page)
    assert f"Sáp nhập {NA_MAU} vào {DOI_MAU}" in words(page)
    assert name_on(cast, NA_MAU, DAY) == NA_MAU, "looking changes nothing"

    assert commit(client, reform).status_code == 302
    assert name_on(cast, NA_MAU, DAY) is None
    assert name_on(cast, NA_MAU, DAY - dt.timedelta(days=1)) == NA_MAU
    assert regular_months(cast, NA_MAU) == []
    assert Lineage.objects.get().document == "QĐ 1-QĐ/TU, 20/6/2019"
    page = main_of(client.get(address))
    assert "Đã thực hiện" in words(page)

    refused = client.post(address, {"act": "undo", "reason": ""})
    assert refused.status_code == 422
    assert client.post(address, {"act": "undo", "reason": "Làm nhầm"}).status_code == 302
    assert name_on(cast, NA_MAU, DAY) == NA_MAU
    assert len(regular_months(cast, NA_MAU)) == 6
    assert "Đã hoàn tác" in words(main_of(client.get(address)))

    assert commit(client, reform).status_code == 302
    assert name_on(cast, NA_MAU, DAY) is None


def test_a_workbook_with_faults_drafts_nothing_and_names_them_all(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    response = upload(
        client,
        workbook(
            Move(unit="khong-co", parent=str(cast[LANG_THU])),
            Move(unit=str(cast[NA_MAU]), parent="#Z"),
            title="",
        ),
    )
    assert response.status_code == 422
    shown = words(main_of(response))
    assert "Bảng có 3 chỗ phải sửa, chưa nạp gì" in shown
    assert "Ghi “Tên”" in shown
    assert "Không tìm thấy “khong-co”" in shown
    assert "ký hiệu #Z" in shown
    assert not Reform.objects.exists()


def test_a_broken_file_is_refused_with_one_sentence(sign_in: SignIn, cast: Cast) -> None:
    response = upload(sign_in(Role.PROVINCIAL_ANALYST), b"PK\x03\x04 hong")
    assert response.status_code == 422
    assert "Tệp bị hỏng" in words(main_of(response))


def test_a_day_before_the_register_is_answered_with_no_data(sign_in: SignIn, cast: Cast) -> None:
    data = workbook(merge(cast), day=dt.date(2001, 1, 1))
    response = upload(sign_in(Role.PROVINCIAL_ANALYST), data)
    assert response.status_code == 422
    assert "Chưa có dữ liệu về tổ chức nào" in words(main_of(response))


def test_a_problem_of_the_structure_stands_before_everything_and_there_is_no_button(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, Move(unit=str(cast[QUAN_MAU]), parent=str(cast[NA_MAU])))
    page = main_of(client.get(f"/sap-xep/{reform.pk}/"))
    assert "chỗ phải sửa trước khi thực hiện" in words(page)
    assert 'value="commit"' not in page
    assert client.post(f"/sap-xep/{reform.pk}/", {"act": "commit", "basis": ""}).status_code >= 400
    assert Reform.objects.get().state == ReformState.DRAFT


def test_the_second_to_carry_out_is_told_who_was_faster(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    first = drafted(client, merge(cast))
    second = drafted(client, Move(unit=str(cast[NA_MAU]), parent=str(cast[LANG_THU])))
    basis = basis_on(main_of(client.get(f"/sap-xep/{second.pk}/")))
    assert commit(client, first).status_code == 302
    late = commit(client, second, basis)
    assert late.status_code == 409
    assert f"{Role.PROVINCIAL_ANALYST}" in words(late.content.decode())
    assert Reform.objects.get(pk=second.pk).state == ReformState.DRAFT


def test_an_office_drafts_and_leaves_carrying_out_to_the_analyst(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    reform = drafted(client, merge(cast))
    page = main_of(client.get(f"/sap-xep/{reform.pk}/"))
    assert "Chuyên viên Ban Tổ chức của tỉnh thực hiện" in words(page)
    assert 'value="commit"' not in page
    answer = client.post(f"/sap-xep/{reform.pk}/", {"act": "commit", "basis": reform.basis})
    assert answer.status_code == 403
    assert name_on(cast, NA_MAU, DAY) == NA_MAU


def test_an_office_finds_no_unit_of_its_neighbour(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    response = upload(client, workbook(Move(unit=str(cast[BAN_THU]), parent=str(cast[QUAN_MAU]))))
    assert response.status_code == 422
    assert BAN_THU not in main_of(response)
    template = client.get("/sap-xep/mau/").content
    names = _names_in(template)
    assert NA_MAU in names
    assert BAN_THU not in names


def _names_in(data: bytes) -> set[str]:
    page = openpyxl.load_workbook(io.BytesIO(data))["Các bước"]
    return {str(cell.value) for row in page.iter_rows() for cell in row if cell.value}


# --- one act on one unit -------------------------------------------------------------------------


def act(client: Client, cast: Cast, unit: str, code: str, **fields: str) -> HttpResponse:
    return client.post(f"/to-chuc/{cast[unit]}/sap-xep/{code}/", {**DECISION, **fields})


def steps_of_latest() -> tuple[Step, ...]:
    return steps_from_json(Reform.objects.latest("drafted_at").steps)


def test_a_new_name_is_a_reform_of_one_step(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    form = main_of(client.get(f"/to-chuc/{cast[NA_MAU]}/sap-xep/doi/"))
    assert f'value="{NA_MAU}"' in form
    same = {"name": NA_MAU, "kind": "chi_bo", "sector": "village", "area": "Mẫu Thượng"}
    assert "Chưa đổi gì" in words(main_of(act(client, cast, NA_MAU, "doi", **same)))
    answer = act(client, cast, NA_MAU, "doi", **{**same, "name": "Chi bộ thôn Nà Mới"})
    assert answer.status_code == 302
    reform = Reform.objects.get()
    assert reform.title == f"Đổi tên {NA_MAU} thành Chi bộ thôn Nà Mới"
    assert commit(client, reform).status_code == 302
    assert name_on(cast, NA_MAU, DAY) == "Chi bộ thôn Nà Mới"
    history = main_of(client.get(f"/to-chuc/{cast[NA_MAU]}/"))
    assert "Chi bộ thôn Nà Mới" in history


def test_moving_asks_where_to_and_takes_what_was_chosen(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    lost = act(client, cast, NA_MAU, "chuyen", target_words="Không Có Đâu")
    assert lost.status_code == 422
    assert "Không có tổ chức nào tên như vậy" in words(main_of(lost))
    several = act(client, cast, NA_MAU, "chuyen", target_words="Đảng bộ")
    assert "Chọn một đơn vị trong danh sách bên dưới" in words(main_of(several))
    to = str(cast[LANG_THU])
    answer = act(client, cast, NA_MAU, "chuyen", target_words="Đảng bộ", target=to)
    assert answer.status_code == 302
    assert steps_of_latest() == (Move(unit=str(cast[NA_MAU]), parent=to),)


def test_the_list_under_the_words_is_the_same_while_typing(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    address = f"/sap-xep/don-vi/?khong={cast[NA_MAU]}&target_words=thu&effective_on=2019-07-01"
    typed = client.get(address, headers={"HX-Request": "true"}).content.decode()
    sent = main_of(act(client, cast, NA_MAU, "chuyen", target_words="thu"))
    assert LANG_THU in typed
    assert typed.strip() in sent


def test_a_split_founds_its_parts_and_places_who_stood_below(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    parts = {"name1": "Chi bộ thôn Nà Một", "share1": "60 %", "name2": "Chi bộ thôn Nà Hai"}
    wrong = act(client, cast, NA_MAU, "chia-tach", **parts, share2="30 %")
    assert "Các phần cộng lại 90 %, phải bằng 100 %" in words(main_of(wrong))
    assert act(client, cast, NA_MAU, "chia-tach", **parts, share2="40").status_code == 302
    reform = Reform.objects.get()
    assert commit(client, reform).status_code == 302
    assert UnitVersion.objects.filter(name__in=("Chi bộ thôn Nà Một", parts["name2"])).count() == 2
    assert sorted(Lineage.objects.values_list("share", flat=True)) == [0.4, 0.6]


def test_whoever_ends_with_units_below_must_say_where_they_go(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    bare = act(client, cast, QUAN_MAU, "ket-thuc")
    assert "Còn đơn vị bên dưới" in words(main_of(bare))
    answer = act(client, cast, QUAN_MAU, "ket-thuc", target_words=LANG_THU)
    assert answer.status_code == 302
    assert {type(step).__name__ for step in steps_of_latest()} == {"Move", "End"}


def test_the_page_of_a_unit_offers_the_acts_to_those_who_draft(sign_in: SignIn, cast: Cast) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(f"/to-chuc/{cast[NA_MAU]}/"))
    assert f"/to-chuc/{cast[NA_MAU]}/sap-xep/chia-tach/" in page


def test_a_secretary_is_offered_no_act(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.CELL_SECRETARY, NA_MAU)
    assert "/sap-xep/" not in main_of(client.get(f"/to-chuc/{cast[NA_MAU]}/"))
    assert client.get("/sap-xep/").status_code == 403


# --- drafting on the page ------------------------------------------------------------------------


def test_a_draft_grows_step_by_step_and_loses_one_again(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    client.post(NEW, {"title": "Soạn trên trang", **DECISION})
    reform = Reform.objects.get()
    address = f"/sap-xep/{reform.pk}/"
    found = main_of(client.get(f"{address}?q=na mau"))
    assert f"/to-chuc/{cast[NA_MAU]}/sap-xep/sap-nhap/?vao={reform.pk}" in found
    for source in (NA_MAU, "Chi bộ thôn Ăn Mẫu"):
        to = f"/to-chuc/{cast[source]}/sap-xep/sap-nhap/?vao={reform.pk}"
        client.post(to, {"target_words": DOI_MAU, "target": str(cast[DOI_MAU])})
    to = f"/to-chuc/{cast[BAN_THU]}/sap-xep/chuyen/?vao={reform.pk}"
    client.post(to, {"target_words": QUAN_MAU, "target": str(cast[QUAN_MAU])})
    merged, moved = steps_of_latest()
    assert isinstance(merged, Merge)
    assert len(merged.sources) == 2, "merges into one unit are one step"
    client.post(f"{address}buoc/", {"act": "down", "buoc": "1"})
    assert steps_of_latest() == (moved, merged)
    client.post(f"{address}buoc/", {"act": "remove", "buoc": "1"})
    assert steps_of_latest() == (merged,)
    assert client.post(f"{address}buoc/", {"act": "remove", "buoc": "9"}).status_code == 422


def test_a_unit_founded_in_the_draft_can_be_chosen_in_it(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    client.post(NEW, {"title": "Soạn trên trang", **DECISION})
    reform = Reform.objects.get()
    facts = {"name": "Chi bộ thôn Mới", "kind": "chi_bo", "sector": "village"}
    client.post(f"/to-chuc/{cast[QUAN_MAU]}/sap-xep/lap-moi/?vao={reform.pk}", facts)
    to = f"/to-chuc/{cast[NA_MAU]}/sap-xep/sap-nhap/?vao={reform.pk}"
    assert client.post(to, {"target_words": "thon moi"}).status_code == 302
    assert steps_of_latest()[1] == Merge(sources=(str(cast[NA_MAU]),), target="#moi-1")


def test_a_draft_can_be_thrown_away(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    assert client.post(f"/sap-xep/{reform.pk}/", {"act": "discard"}).status_code == 302
    assert not Reform.objects.exists()


# --- lists and files -----------------------------------------------------------------------------


def test_the_list_costs_the_same_for_one_reform_and_for_three(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)

    def cost() -> int:
        client.get("/sap-xep/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/sap-xep/").status_code == 200
        return len(queries)

    drafted(client, merge(cast))
    one = cost()
    drafted(client, merge(cast))
    drafted(client, merge(cast))
    assert cost() == one


def test_consequences_and_steps_can_be_taken_along(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    told = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/sap-xep/{reform.pk}/he-qua.xlsx").content)
    )
    every = {str(cell.value) for sheet in told for row in sheet.iter_rows() for cell in row}
    assert NA_MAU in every
    steps = client.get(f"/sap-xep/{reform.pk}/tep.xlsx").content
    assert upload(client, steps).status_code == 302
    assert steps_of_latest() == (merge(cast),)


def test_a_day_before_the_register_keeps_the_form_and_says_so(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    address = reverse("unit_act", args=[cast[NA_MAU], "doi"])
    answer = client.post(address, {**DECISION, "effective_on": "1990-01-01", "name": "Tên mới"})
    assert answer.status_code == 422
    assert "sổ chưa có dữ liệu về đơn vị" in answer.content.decode()
    assert "Tên mới" in answer.content.decode()
