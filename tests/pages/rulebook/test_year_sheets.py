"""Bảng tiêu chí năm: a template copied, completed in a form, adopted, and in force from its day."""

from __future__ import annotations

import datetime as dt
import html as entities
import re

import pytest
from django.test import Client

from tests.cast import QUAN_MAU, Cast, make_cast
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import OwnRuleState, Role
from vungmanh.org.models import OwnRule
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values.year_sheets import LeadershipYearSheet, OrganisationYearSheet

pytestmark = pytest.mark.django_db

TEMPLATE, LEADERSHIP = "MAU-bang-nam-to-chuc-2025", "MAU-bang-nam-tap-the-2025"
LEVELS = "MAU-bang-nam-to-chuc-2018"
PAPER = {
    "issuer": "Ban Thường vụ Tỉnh ủy tỉnh Mẫu", "type": "Quy định", "number": "12-QĐ/TU",
    "issued_on": "2026-01-10", "valid_from": "2026-02-01",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1))


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("phân tích", Role.PROVINCIAL_ANALYST))
    return client


def words(html: str) -> str:
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", html)).split())


def copied(analyst: Client, template: str = TEMPLATE) -> OwnRule:
    answer = analyst.post(f"/can-cu/bang-diem/{template}/sao-chep/")
    assert answer.status_code == 302
    return OwnRule.objects.get()


def edit(draft: OwnRule) -> str:
    return f"/can-cu/bang-diem/soan/{draft.pk}/"


def sent_by(page: str) -> dict[str, str | list[str]]:
    """What the form of a page would send as it stands."""
    form = page[page.index('id="bang"') :]
    sent: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        fields = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        sent[fields["name"]] = entities.unescape(fields.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'value="([^"]*)" selected', inner)
        sent[name] = chosen if name.endswith("-facts") else (chosen or [""])[0]
    return sent


def sent(analyst: Client, draft: OwnRule) -> dict[str, str | list[str]]:
    return sent_by(analyst.get(edit(draft)).content.decode())


def value(draft: OwnRule) -> OrganisationYearSheet:
    return typed(OrganisationYearSheet, read_yaml(draft.text, file=""), file="", key="")


def test_templates_of_years_are_listed_apart_and_marked(analyst: Client) -> None:
    page = words(analyst.get("/can-cu/bang-diem/").content.decode())
    assert page.index("Sinh hoạt chi bộ") < page.index("Bảng điểm mẫu để xếp loại tổ chức đảng")
    shown = words(analyst.get(f"/can-cu/bang-diem/{TEMPLATE}/").content.decode())
    assert "mẫu, tỉnh chưa ban hành" in shown
    assert "Sao chép để sửa" in shown
    assert "2.1. Hoàn thành nhiệm vụ, chỉ tiêu được giao trong năm" in shown


def test_form_sent_as_it_stands_is_the_same_sheet(analyst: Client) -> None:
    draft = copied(analyst)
    before = value(draft)
    page = analyst.get(edit(draft)).content.decode()
    assert "là mẫu của chương trình, tỉnh chưa ban hành" in words(page)
    assert analyst.post(edit(draft), sent_by(page)).status_code == 302
    draft.refresh_from_db()
    assert value(draft) == before
    (rule,) = (one for one in load_rulebook().rules if one.id == TEMPLATE)
    assert before == rule.value


def test_conditions_and_quota_of_the_year_stand_beside_the_form(analyst: Client) -> None:
    page = words(analyst.get(edit(copied(analyst))).content.decode())
    assert "Điểm và điều kiện bốn mức xếp loại của tập thể" in page
    assert "Ít nhất 30% nhiệm vụ vượt yêu cầu" in page
    assert "Nhiều nhất" in page
    assert "20%" in page


def test_sheet_making_99_is_told_while_typed_with_remedy_and_nothing_is_stored(
    analyst: Client,
) -> None:
    draft = copied(analyst)
    typing = {**sent(analyst, draft), "g2-1-points": "39", "g2-points": "61"}
    part = analyst.post(f"{edit(draft)}kiem-tra/", typing).content.decode()
    told = words(part)
    assert "Điểm trong cả bảng cộng lại là 99, phải là 100: thiếu 1." in told
    assert "Sửa điểm của một dòng cho tổng khớp." in told
    assert "Các tiêu chí cộng lại: 99." in told
    assert 'id="g2-wrong" hx-swap-oob="true"' in part
    draft.refresh_from_db()
    assert "39" not in draft.text


def test_group_that_does_not_add_up_is_told_at_its_own_field(analyst: Client) -> None:
    draft = copied(analyst)
    typing = {**sent(analyst, draft), "g2-1-points": "39"}
    part = analyst.post(f"{edit(draft)}kiem-tra/", typing).content.decode()
    (at,) = re.findall(r'<div class="err" id="g2-wrong"[^>]*>(.*?)</div>', part, re.S)
    assert "cộng lại là 61, phải là 62: thiếu 1" in words(at)
    assert 'href="#g2-code"' in part


def test_sheet_making_99_is_kept_as_typed_and_refused_when_adopted(analyst: Client) -> None:
    draft = copied(analyst)
    typing = {**sent(analyst, draft), "g2-1-points": "39", "g2-points": "61", "title": "Bảng 99"}
    assert analyst.post(edit(draft), typing).status_code == 302
    page = analyst.get(edit(draft)).content.decode()
    assert sent_by(page)["g2-1-points"] == "39"
    assert "phải là 100: thiếu 1" in words(page)
    adopt = f"{edit(draft)}dua-vao/"
    assert "Chưa đưa vào dùng được." in words(analyst.get(adopt).content.decode())
    refused = analyst.post(adopt, PAPER)
    assert refused.status_code == 422
    assert "phải là 100: thiếu 1" in words(refused.content.decode())
    draft.refresh_from_db()
    assert draft.state == OwnRuleState.DRAFT


@pytest.mark.parametrize(
    ("field", "typed_in", "said"),
    [
        ("g2-1-points", "bốn mươi", "mục 2.1: phải là một số"),
        ("g2-1-points", "", "Tiêu chí 2.1"),
        ("g2-1-points", "-3", "không thêm được điểm nào"),
        ("g2-1-points", "9" * 15, "điểm không vượt quá 100000"),
        ("g2-1-points", "9" * 40, "con số quá dài"),
        ("g2-1-text", "", "Tiêu chí 2.1 chưa có lời."),
        ("g2-1-code", "1.1", "Mã “1.1” dùng 2 lần."),
        ("g2-part", "khong-co", "“khong-co” không có trong danh mục"),
        ("first_year", "năm nay", "“năm đầu”: phải là một số nguyên"),
        ("last_year", "2000", "sớm hơn"),
        ("total", "99", "Bảng ghi tổng 99"),
        ("g2-1-facts", "khong_co", "“khong_co” không có trong danh mục"),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_stays_in_its_field(
    analyst: Client, field: str, typed_in: str, said: str
) -> None:
    draft = copied(analyst)
    typing = {**sent(analyst, draft), field: typed_in}
    part = words(analyst.post(f"{edit(draft)}kiem-tra/", typing).content.decode())
    assert said in part
    analyst.post(edit(draft), typing)
    page = analyst.get(edit(draft)).content.decode()
    assert said in words(page)
    if not field.endswith(("-facts", "-part")):
        assert sent_by(page)[field] == typed_in


def test_control_characters_and_long_names_do_no_harm(analyst: Client) -> None:
    draft = copied(analyst)
    long = "Rất dài " * 60
    typing = {**sent(analyst, draft), "g2-1-text": f"ab\x07\x1b\r\n<b>c</b> {long}"}
    assert analyst.post(edit(draft), typing).status_code == 302
    page = analyst.get(edit(draft)).content.decode()
    assert sent_by(page)["g2-1-text"] == f"ab <b>c</b> {long}".strip()
    assert "<b>c</b>" not in page


def test_rows_are_added_and_dropped_without_script_and_nothing_is_stored(analyst: Client) -> None:
    draft = copied(analyst)
    typing = {**sent(analyst, draft), "title": "Đang gõ"}
    more = analyst.post(edit(draft), {**typing, "act": "add-3"}).content.decode()
    assert 'name="g3-2-text"' in more
    assert 'value="Đang gõ"' in more
    assert (
        'name="g4-title"' in analyst.post(edit(draft), {**typing, "act": "add-0"}).content.decode()
    )
    fewer = sent_by(analyst.post(edit(draft), {**typing, "act": "drop-1-1"}).content.decode())
    assert fewer["g1-1-code"] == "1.2"
    assert "g1-6-code" not in fewer
    none = analyst.post(edit(draft), {**typing, "act": "drop-2"}).content.decode()
    assert 'name="g3-title"' not in none
    draft.refresh_from_db()
    assert draft.title != "Đang gõ"


def test_second_to_save_is_told_and_keeps_what_was_typed(analyst: Client) -> None:
    draft = copied(analyst)
    late = {**sent(analyst, draft), "g2-1-text": "Của người đến sau"}
    analyst.post(edit(draft), {**sent(analyst, draft), "title": "Của người đến trước"})
    answer = analyst.post(edit(draft), late)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "vừa được người khác lưu" in words(page)
    assert sent_by(page)["g2-1-text"] == "Của người đến sau"


def test_sound_sheet_is_adopted_and_is_what_the_rulebook_answers_after_its_day(
    analyst: Client,
) -> None:
    draft = copied(analyst)
    typing = {
        **sent(analyst, draft), "title": "Bảng điểm năm của tỉnh Mẫu",
        "g2-1-points": "42", "g2-2-points": "10",
    }  # fmt: skip
    assert analyst.post(edit(draft), typing).status_code == 302
    adopt = f"{edit(draft)}dua-vao/"
    form = words(analyst.get(adopt).content.decode())
    assert "lấy bảng có hiệu lực ngày 31/12 năm ấy" in form
    assert analyst.post(adopt, {**PAPER, "number": ""}).status_code == 422
    assert analyst.post(adopt, PAPER).status_code == 302
    key = OrganisationYearSheet.key
    book = load_rulebook()
    assert book.on(dt.date(2026, 1, 31)).rule(key).id == TEMPLATE
    own = book.on(dt.date(2026, 2, 1)).rule(key)
    assert own.title == "Bảng điểm năm của tỉnh Mẫu"
    assert own.caution == ""
    assert [one.points for one in own.value.groups[1].criteria] == [42, 10, 10]  # type: ignore[attr-defined]
    assert book.on(dt.date(2026, 2, 1)).rule(LeadershipYearSheet.key).id == LEADERSHIP
    assert analyst.get(f"/can-cu/bang-diem/{own.id}/").status_code == 200
    assert analyst.get(f"/can-cu/{own.id}/").status_code == 200


def test_days_out_of_the_years_of_the_sheet_are_refused_with_the_remedy(analyst: Client) -> None:
    draft = copied(analyst)
    adopt = f"{edit(draft)}dua-vao/"
    early = {**PAPER, "issued_on": "2024-01-10", "valid_from": "2024-02-01"}
    refused = analyst.post(adopt, early)
    assert refused.status_code == 422
    assert f"Chọn ngày hiệu lực từ {date_vi(dt.date(2025, 1, 1))} trở đi" in words(
        refused.content.decode()
    )
    analyst.post(edit(draft), {**sent(analyst, draft), "last_year": "2026"})
    endless = analyst.post(adopt, PAPER)
    assert endless.status_code == 422
    assert "chậm nhất 31/12/2027" in words(endless.content.decode())
    assert analyst.post(adopt, {**PAPER, "valid_to": "2027-12-31"}).status_code == 302


def test_sheet_of_levels_has_no_fields_of_points(analyst: Client) -> None:
    draft = copied(analyst, LEVELS)
    page = analyst.get(edit(draft)).content.decode()
    assert "mỗi tiêu chí được chọn một trong bốn mức" in words(page)
    assert "g1-1-points" not in page
    before = value(draft)
    assert analyst.post(edit(draft), sent_by(page)).status_code == 302
    draft.refresh_from_db()
    assert value(draft) == before


def test_cuts_of_a_year_are_typed_beside_the_total(analyst: Client) -> None:
    draft = copied(analyst, "MAU-bang-nam-to-chuc-2014")
    before = value(draft)
    assert before.cuts
    typing = sent(analyst, draft)
    grade = before.cuts[0].grade
    assert typing[f"cut-{grade}"] == str(before.cuts[0].from_points)
    part = analyst.post(f"{edit(draft)}kiem-tra/", {**typing, f"cut-{grade}": "1"})
    assert "Mốc điểm phải giảm dần" in words(part.content.decode())
    analyst.post(edit(draft), typing)
    draft.refresh_from_db()
    assert value(draft) == before


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.COMMITTEE_OFFICE, QUAN_MAU),
        (Role.OVERSEER, QUAN_MAU),
        (Role.CELL_SECRETARY, "Chi bộ thôn Nà Mẫu"),
        (Role.ADMINISTRATOR, None),
    ],
)
def test_others_read_a_sheet_and_complete_none(
    client: Client, cast: Cast, analyst: Client, role: Role, unit: str | None
) -> None:
    draft = copied(analyst)
    other = Client()
    other.force_login(cast.user("khác", role, unit) if unit else cast.user("khác", role))
    page = other.get(f"/can-cu/bang-diem/{TEMPLATE}/")
    assert page.status_code == 200
    assert "Sao chép để sửa" not in page.content.decode()
    assert other.post(f"/can-cu/bang-diem/{TEMPLATE}/sao-chep/").status_code == 403
    for path in (edit(draft), f"{edit(draft)}dua-vao/"):
        assert other.get(path).status_code == 403
        assert other.post(path, PAPER).status_code == 403
    assert other.post(f"{edit(draft)}kiem-tra/", {}).status_code == 403
