"""A supplied form from its arrival to the filled file, and who may do what with it."""

from __future__ import annotations

import io
import zipfile
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, Story
from tests.pages.supplied.made import SHEET, form_of, template
from vungmanh.access.models import Event
from vungmanh.core.vocabulary import Role
from vungmanh.outputs.models import SuppliedForm
from vungmanh.outputs.supplied.catalogue import figures_for
from vungmanh.outputs.supplied.models import FormPurpose

OFFICE, ANALYST, SECRETARY = Role.COMMITTEE_OFFICE, Role.PROVINCIAL_ANALYST, Role.CELL_SECRETARY
FORMS = "/bieu-mau/"


def upload(data: bytes, name: str = "Biểu 02.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def keep(client: Client, data: bytes, name: str = "Biểu 02", purpose: str = "cycle"):
    sent = {"name": name, "purpose": purpose, "file": upload(data)}
    return client.post(FORMS, sent)


def act(client: Client, one: SuppliedForm, what: str, query: str = "", **fields):
    one.refresh_from_db()
    said = {"act": what, "version": str(one.version), **fields}
    return client.post(f"{FORMS}{one.pk}/{query}", said)


def words(answer) -> str:
    return answer.content.decode()


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def kept(story: Story) -> SuppliedForm:
    """A form of the cycle with counts, a list and who made it."""
    client = story.as_(OFFICE)
    assert keep(client, template()).status_code == 302
    one = SuppliedForm.objects.get()
    for figure, cell in (
        ("nam", "B2"), ("to_chuc.so", "B3"), ("to_chuc.quyet_dinh.1", "B4"),
        ("to_chuc.cot.tt", "A9"), ("to_chuc.cot.ten", "b$9"), ("to_chuc.cot.quyet_dinh", "D9"),
    ):  # fmt: skip
        answer = act(client, one, "map", figure=figure, sheet=SHEET, cell=cell)
        assert answer.status_code == 302, words(answer)
    act(client, one, "map", figure="chu", text="=Lò Thử An", sheet=SHEET, cell="nguoi_lap")
    one.refresh_from_db()
    return one


def test_a_form_is_filled_from_its_cycle_and_stays_itself_in_all_else(story, kept):
    client = story.as_(OFFICE)
    query = f"?xep-loai={story.cycle.pk}"
    page = words(client.get(f"{FORMS}{kept.pk}/{query}"))
    assert "điền được cả 7 ô" in page
    assert "Số được xếp loại" in page  # the words of the template beside the cell
    answer = client.get(f"{FORMS}{kept.pk}/dien.xlsx{query}")
    assert "Bi%E1%BB%83u%2002-da-dien.xlsx" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))[SHEET]
    assert [sheet[cell].value for cell in ("B2", "B3", "B4")] == [2019, 3, 0]
    assert [sheet[f"A{row}"].value for row in (9, 10, 11, 12)] == [1, 2, 3, None]
    assert sheet["B9"].value == "Chi bộ thôn Ăn Mẫu"
    assert sheet["D9"].value is None  # nothing is decided: the cell stays as it was
    assert (sheet["D15"].value, sheet["D15"].data_type) == ("=Lò Thử An", "s")
    before, after = entries(template()), entries(answer.content)
    changed = [name for name in before if before[name] != after[name]]
    assert set(changed) <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert list(before) == list(after)
    again = client.get(f"{FORMS}{kept.pk}/dien.xlsx{query}").content
    assert again == answer.content
    assert client.get(f"{FORMS}{kept.pk}/dien.xlsx?mau=1").content == template()


def test_a_decided_grade_is_counted_by_its_place_in_the_scale(story, kept):
    story.as_(SECRETARY, CELL)
    story.post("rate_self", grade="tot", points="87,5")
    client = story.as_(OFFICE)
    for step, fields in (
        ("open_opinions", {}),
        ("give_opinion", {"body": story.cycle.bodies[0], "grade": "tot"}),
        ("verify", {"grade": ""}),
        ("propose", {"grade": "tot"}),
        ("decide", {"grade": "tot", "document": "15-QĐ/ĐU", "document_date": "2020-01-10"}),
    ):
        story.post(step, **fields)
    act(client, kept, "map", figure="to_chuc.quyet_dinh.2", sheet=SHEET, cell="B5")
    answer = client.get(f"{FORMS}{kept.pk}/dien.xlsx?xep-loai={story.cycle.pk}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))[SHEET]
    rows = {sheet[f"B{row}"].value: sheet[f"D{row}"].value for row in range(9, 12)}
    assert rows[CELL] == "Hoàn thành tốt nhiệm vụ"
    assert (sheet["B4"].value, sheet["B5"].value) == (0, 1)


def test_a_list_longer_than_its_room_writes_over_nothing(story, kept):
    client, query = story.as_(OFFICE), f"?xep-loai={story.cycle.pk}"
    answer = act(client, kept, "replace", file=upload(template(rows=2)))
    assert answer.status_code == 302
    page = words(client.get(f"{FORMS}{kept.pk}/{query}"))
    assert "Danh sách có 3 dòng nhưng mẫu chỉ còn chỗ cho 2 dòng (đến trước ô B11" in page
    assert "Tải tệp đã điền" not in page
    refused = client.get(f"{FORMS}{kept.pk}/dien.xlsx{query}")
    assert refused.status_code == 400
    assert "chỉ còn chỗ cho 2 dòng" in words(refused)


def test_a_template_renamed_or_locked_since_is_told_cell_by_cell(story, kept):
    client = story.as_(OFFICE)
    for change, said in (
        ({"sheet": "Bieu 02"}, "Mẫu không có trang “Biểu 02” (có lẽ là “Bieu 02”)"),
        ({"protect": True}, "đang khóa và ô B2"),
    ):
        act(client, kept, "replace", file=upload(template(**change)))
        assert said in words(client.get(f"{FORMS}{kept.pk}/?xep-loai={story.cycle.pk}"))
    kept.refresh_from_db()
    assert len(kept.cells) == 7  # nothing of the map is lost


UNFILLABLE = [
    ({"figure": "nam", "cell": "B6"}, "công thức"),
    ({"figure": "nam", "cell": "C1"}, "ô gộp"),
    ({"figure": "nam", "cell": "Z99"}, "ngoài phần đã kẻ"),
    ({"figure": "nam", "cell": "khong_co"}, "không có ô nào tên “khong_co”"),
    ({"figure": "nam", "cell": "B2"}, "Hai giá trị cùng điền vào ô B2"),
    ({"figure": "chu", "cell": "B5", "text": "\u202e"}, "Gõ chữ cần ghi sẵn"),
    ({"figure": "la", "cell": "B5"}, "la"),
]


def test_a_cell_that_cannot_be_filled_is_refused_when_it_is_mapped(story, kept):
    client = story.as_(OFFICE)
    for fields, said in UNFILLABLE:
        answer = act(client, kept, "map", sheet=SHEET, **fields)
        assert answer.status_code == 422
        assert said in words(answer)
    kept.refresh_from_db()
    assert len(kept.cells) == 7


def test_what_is_no_template_is_refused_and_the_name_typed_stays(story):
    client = story.as_(OFFICE)
    for data, said in (
        (b"khong phai excel", "phải là tệp .xlsx"),
        (b"", "rỗng"),
        (template()[:900], "bị hỏng"),
    ):
        answer = keep(client, data, name="Biểu gõ rồi")
        assert answer.status_code == 422
        assert said in words(answer)
        assert "Biểu gõ rồi" in words(answer)
    assert not SuppliedForm.objects.exists()


def test_a_second_form_of_the_same_name_is_refused(story, kept):
    answer = keep(story.as_(OFFICE), template())
    assert answer.status_code == 422
    assert "đã có mẫu tên “Biểu 02”" in words(answer)


def test_two_who_map_at_once_do_not_write_over_one_another(story, kept):
    client = story.as_(OFFICE)
    stale = {"act": "drop", "version": str(kept.version - 1), "number": "0"}
    answer = client.post(f"{FORMS}{kept.pk}/", stale)
    assert answer.status_code == 422
    assert "vừa được người khác sửa" in words(answer)
    assert act(client, kept, "drop", number="0").status_code == 302
    kept.refresh_from_db()
    assert kept.cells[0]["figure"] == "to_chuc.so"


def test_a_form_of_the_province_is_used_below_and_changed_only_by_it(story):
    one = form_of(story.cast[PROVINCE], "cycle", "Biểu của tỉnh")
    client = story.as_(OFFICE)
    query = f"?xep-loai={story.cycle.pk}"
    assert "Biểu của tỉnh" in words(client.get(f"/xep-loai/{story.cycle.pk}/bieu-mau/"))
    page = words(client.get(f"{FORMS}{one.pk}/{query}"))
    assert "Tải tệp đã điền" in page
    assert 'name="act"' not in page.split("<main", 1)[1].split("</main", 1)[0]
    assert client.get(f"{FORMS}{one.pk}/dien.xlsx{query}").status_code == 200
    for what, fields in (
        ("map", {"figure": "nam", "sheet": SHEET, "cell": "B5"}), ("drop", {"number": "0"}),
        ("replace", {"file": upload(template())}), ("remove", {"reason": "thử"}),
    ):  # fmt: skip
        assert act(client, one, what, **fields).status_code == 403, what
    one.refresh_from_db()
    assert (one.version, one.removed_at) == (1, None)


def test_a_form_of_a_neighbour_does_not_exist(story):
    theirs = form_of(story.cast[LANG_THU])
    client = story.as_(OFFICE)
    for address in (f"{FORMS}{theirs.pk}/", f"{FORMS}{theirs.pk}/dien.xlsx"):
        assert client.get(address).status_code == 404
        assert client.get(address.replace(str(theirs.pk), str(uuid4()))).status_code == 404
    assert act(client, theirs, "drop", number="0").status_code == 404


def test_the_grades_of_a_neighbour_fill_no_form_of_ours(story, kept):
    client = story.as_(OFFICE, LANG_THU)
    own = form_of(story.cast[LANG_THU], "cycle")
    assert client.get(f"{FORMS}{own.pk}/?xep-loai={story.cycle.pk}").status_code == 404
    assert client.get(f"{FORMS}{own.pk}/dien.xlsx?xep-loai={uuid4()}").status_code == 404
    assert client.get(f"{FORMS}{own.pk}/dien.xlsx?xep-loai=x").status_code == 404
    assert client.get(f"/xep-loai/{story.cycle.pk}/bieu-mau/").status_code == 404


def test_who_fills_no_forms_meets_no_page_of_them(story, kept):
    for role in (SECRETARY, Role.OVERSEER, Role.ADMINISTRATOR):
        client = story.as_(role, PROVINCE if role is Role.ADMINISTRATOR else CELL)
        for address in (FORMS, f"{FORMS}{kept.pk}/", f"/xep-loai/{story.cycle.pk}/bieu-mau/"):
            assert client.get(address).status_code == 403
            assert client.post(address, {"act": "remove"}).status_code == 403


def test_a_form_about_organisations_and_members_of_a_unit(story):
    cells = [
        {"figure": figure, "text": "", "sheet": SHEET, "cell": cell, "name": ""}
        for figure, cell in (
            ("nam", "B2"), ("so.chi_bo", "B3"), ("dang_vien.tong", "B4"), ("dang_vien.du_bi", "B5"),
            ("ten", "B9"), ("cap_tren", "B10"),
        )
    ]  # fmt: skip
    one = form_of(story.cast[QUAN_MAU], cells=cells)
    client = story.as_(OFFICE)
    answer = client.get(f"{FORMS}{one.pk}/dien.xlsx?nam=2019")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))[SHEET]
    assert [sheet[f"B{row}"].value for row in (2, 3, 4)] == [2019, 3, 27]
    assert sheet["B5"].value is None  # nobody counted: not known is no nought
    assert (sheet["B9"].value, sheet["B10"].value) == (QUAN_MAU, PROVINCE)
    assert client.get(f"{FORMS}{one.pk}/?don-vi={story.cast[LANG_THU]}").status_code == 404


def test_every_change_is_in_the_ledger_and_a_form_out_of_use_is_kept(story, kept):
    client = story.as_(OFFICE)
    assert act(client, kept, "remove", reason="Đã có mẫu mới").status_code == 302
    assert client.get(f"{FORMS}{kept.pk}/").status_code == 404
    kept.refresh_from_db()
    assert kept.removed_reason == "Đã có mẫu mới"
    verbs = Event.objects.filter(subject=f"supplied_form:{kept.pk}").values_list("verb", flat=True)
    assert {"form.kept", "form.mapped", "form.removed"} == set(verbs)


def test_a_post_without_its_token_changes_nothing(story, kept):
    client = Client(enforce_csrf_checks=True)
    client.force_login(story.user(OFFICE, QUAN_MAU))
    assert act(client, kept, "remove", reason="thử").status_code == 403
    kept.refresh_from_db()
    assert kept.removed_at is None


def test_names_of_peoples_keep_their_capital_in_the_list_of_figures() -> None:
    said = {one.code: one.label for one in figures_for(FormPurpose.PERIOD)}
    assert said["ethnicity.kinh"] == "Dân tộc: Kinh"
    assert said["ethnicity.mong"] == "Dân tộc: Mông"
