"""Bảng điểm: the sheets, the checker beside them, and a copy that a province mends and adopts."""

from __future__ import annotations

import datetime as dt
import html as entities
import re

import pytest
from django.test import Client

from tests.cast import AT, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import OwnRuleState, Role, Severity
from vungmanh.org.actions.own_rules import Paper, adopt_rule
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import text_of
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.checking import check_sheet
from vungmanh.rulebook.sheet_text import parse_sheet
from vungmanh.rulebook.values import MeetingGrades
from vungmanh.rulebook.values.sheets import MeetingSheet

pytestmark = pytest.mark.django_db

AN_PHU = "KH08-2025-an-phu"
SOUND = """\
total: 100
rescale: none
groups:
  - code: C1
    title: Thảo luận
    points: 100
    criteria:
      - code: C1.1
        text: Đảng viên phát biểu
        points: 100
        measure: speakers
        levels:
          - {points: 100, at_least: 50%}
          - {points: 60, less_than: 50%}
"""
HOLE = SOUND.replace("at_least: 50%", "more_than: 50%")
PAPER = {
    "issuer": "Ban Tổ chức Tỉnh ủy tỉnh Mẫu", "type": "Hướng dẫn", "number": "7-HD/BTCTU",
    "issued_on": "2019-01-10", "valid_from": "2019-02-01",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("phân tích", Role.PROVINCIAL_ANALYST))
    return client


def words(html: str) -> str:
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", html)).split())


def copied(analyst: Client) -> OwnRule:
    analyst.post(f"/can-cu/bang-diem/{AN_PHU}/sao-chep/")
    return OwnRule.objects.get()


def rows_sent(analyst: Client, draft: OwnRule) -> dict[str, str]:
    """What the page with rows would send as it stands."""
    page = analyst.get(f"/can-cu/bang-diem/soan/{draft.pk}/").content.decode()
    form = page[page.index('id="bang"') :]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        fields = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if fields.get("type") != "checkbox" or " checked" in tag:
            sent[fields["name"]] = entities.unescape(fields.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        sent[name] = re.findall(r'value="([^"]*)" selected', inner)[0]
    for name, inner in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S
    ):
        sent[name] = entities.unescape(inner)
    return sent


def save(analyst: Client, draft: OwnRule, text: str) -> OwnRule:
    draft.refresh_from_db()
    values = {"title": "Bảng của tỉnh", "text": text, "seen": draft.changed_at.isoformat()}
    assert analyst.post(f"/can-cu/bang-diem/soan/{draft.pk}/", values).status_code == 302
    draft.refresh_from_db()
    return draft


def test_every_sheet_is_listed_with_what_the_checker_says(analyst: Client) -> None:
    page = words(analyst.get("/can-cu/bang-diem/").content.decode())
    sheets = [rule for rule in load_rulebook().rules if isinstance(rule.value, MeetingSheet)]
    assert sheets
    for rule in sheets:
        assert rule.title in page


def test_a_sheet_shows_each_finding_of_the_checker_with_its_remedy(analyst: Client) -> None:
    rule = next(one for one in load_rulebook().rules if one.id == AN_PHU)
    grades = load_rulebook().history(MeetingGrades.key)[-1].value
    report = check_sheet(rule.value, grades)  # type: ignore[arg-type]
    page = words(analyst.get(f"/can-cu/bang-diem/{AN_PHU}/").content.decode())
    assert report.findings
    for finding in report.findings:
        assert " ".join(finding.message.split()) in page
        assert " ".join(finding.remedy.split()) in page
    for criterion in rule.value.criteria:  # type: ignore[attr-defined]
        assert f"{criterion.code}. {criterion.text}" in page


def test_a_copy_is_the_same_sheet_in_vietnamese_words(analyst: Client) -> None:
    rule = next(one for one in load_rulebook().rules if one.id == AN_PHU)
    draft = copied(analyst)
    assert (draft.text, draft.state) == (text_of(rule), OwnRuleState.DRAFT)
    page = analyst.get(f"/can-cu/bang-diem/soan/{draft.pk}/").content.decode()
    assert "mục" in words(page)


def test_a_hole_is_told_while_it_is_typed_and_nothing_is_stored(analyst: Client) -> None:
    draft = copied(analyst)
    check = f"/can-cu/bang-diem/soan/{draft.pk}/kiem-tra/"
    hole = words(analyst.post(check, {"text": HOLE}).content.decode())
    assert "Nghiêm trọng" in hole
    assert "50%" in hole.replace("\xa0", "").replace(" ", "")
    assert "Nghiêm trọng" not in words(analyst.post(check, {"text": SOUND}).content.decode())
    draft.refresh_from_db()
    assert draft.text != HOLE


@pytest.mark.parametrize("text", ["total: [", "total: 100", "", "a: 1", SOUND.replace("60", "sáu")])
def test_what_cannot_be_read_is_told_in_a_sentence(analyst: Client, text: str) -> None:
    draft = copied(analyst)
    answer = analyst.post(f"/can-cu/bang-diem/soan/{draft.pk}/kiem-tra/", {"text": text})
    assert answer.status_code == 200
    assert "Chưa đọc được bảng:" in words(answer.content.decode())


def test_the_part_for_htmx_is_the_part_of_the_page(analyst: Client) -> None:
    draft = save(analyst, copied(analyst), HOLE)
    page = words(analyst.get(f"/can-cu/bang-diem/soan/{draft.pk}/").content.decode())
    part = analyst.post(f"/can-cu/bang-diem/soan/{draft.pk}/kiem-tra/", {"text": draft.text})
    assert words(part.content.decode()) in page


def test_a_draft_with_a_fault_is_kept_but_not_adopted(analyst: Client) -> None:
    draft = save(analyst, copied(analyst), HOLE)
    adopt = f"/can-cu/bang-diem/soan/{draft.pk}/dua-vao/"
    told = words(analyst.get(adopt).content.decode())
    assert "Chưa đưa vào dùng được." in told
    assert "Số văn bản" not in told
    refused = analyst.post(adopt, {**PAPER, "because": "thử"})
    assert refused.status_code == 422
    assert "Mục C1.1" in words(refused.content.decode())
    draft.refresh_from_db()
    assert draft.state == OwnRuleState.DRAFT


def test_weights_of_99_are_refused_with_place_and_remedy(cast: Cast, analyst: Client) -> None:
    text = SOUND.replace("points: 100\n    criteria", "points: 99\n    criteria")
    draft = save(analyst, copied(analyst), text)
    by = viewer_for(draft.drafted_by, on=AT.date())
    paper = Paper(**{**PAPER, "issued_on": AT.date(), "valid_from": AT.date()})
    with pytest.raises(InputError, match="99") as refusal:
        adopt_rule(own_rule_id=draft.pk, paper=paper, because="thử", by=by, at=AT)
    assert refusal.value.code == "sheet-unsound"


def test_a_mended_sheet_is_adopted_with_a_reason_for_what_remains(analyst: Client) -> None:
    draft = save(analyst, copied(analyst), SOUND)
    adopt = f"/can-cu/bang-diem/soan/{draft.pk}/dua-vao/"
    assert Severity.WARNING.label in words(analyst.get(adopt).content.decode())
    assert analyst.post(adopt, PAPER).status_code == 422  # no reason
    assert analyst.post(adopt, {**PAPER, "because": "làm thử một năm"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.accepted_because) == (OwnRuleState.ADOPTED, "làm thử một năm")
    rule = load_rulebook().on(AT.date()).rule("meeting_sheet.regular")
    assert rule.title == "Bảng của tỉnh"
    assert analyst.get(f"/can-cu/bang-diem/{rule.id}/").status_code == 200


def test_the_second_to_save_is_told_and_keeps_what_was_typed(analyst: Client) -> None:
    draft = copied(analyst)
    seen = draft.changed_at.isoformat()
    save(analyst, draft, SOUND)
    late = {"title": "Bảng", "text": HOLE, "seen": seen}
    answer = analyst.post(f"/can-cu/bang-diem/soan/{draft.pk}/", late)
    assert answer.status_code == 422
    assert "vừa được người khác lưu" in words(answer.content.decode())
    assert "more_than: 50%" in answer.content.decode()


def test_others_read_sheets_and_copy_none(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("văn phòng", Role.COMMITTEE_OFFICE, QUAN_MAU))
    page = client.get(f"/can-cu/bang-diem/{AN_PHU}/")
    assert page.status_code == 200
    assert "Sao chép để sửa" not in page.content.decode()
    assert client.post(f"/can-cu/bang-diem/{AN_PHU}/sao-chep/").status_code == 403


def test_rows_sent_as_they_stand_are_the_same_sheet(analyst: Client) -> None:
    draft = copied(analyst)
    sent = rows_sent(analyst, draft)
    assert sent["way"] == "rows"
    assert sent["g1-1-levels"].startswith("5: từ đủ")
    assert analyst.post(f"/can-cu/bang-diem/soan/{draft.pk}/", sent).status_code == 302
    before = draft.text
    draft.refresh_from_db()
    assert parse_sheet(draft.text) == parse_sheet(before)


def test_a_hole_typed_in_a_row_is_told_and_a_line_nobody_can_read_too(analyst: Client) -> None:
    draft = save(analyst, copied(analyst), SOUND)
    check = f"/can-cu/bang-diem/soan/{draft.pk}/kiem-tra/"
    sent = rows_sent(analyst, draft)
    hole = analyst.post(check, {**sent, "g1-1-levels": "100: trên 50%\n60: dưới 50%"})
    assert "Không mức nào nhận đúng 50%" in words(hole.content.decode())
    clicked = analyst.post(check, {**sent, "act": "add-1"})  # htmx sends the last button too
    assert "Nghiêm trọng" not in words(clicked.content.decode())
    slip = analyst.post(check, {**sent, "g1-1-levels": "100: trên nửa\n60: dưới 50%"})
    assert "tiêu chí C1.1, mức thứ 1: chưa hiểu “100: trên nửa”" in words(slip.content.decode())
    wrong = analyst.post(check, {**sent, "g1-1-points": "nhiều"})
    assert "“nhóm thứ 1, tiêu chí thứ 1, điểm”: phải là một số" in words(wrong.content.decode())


def test_rows_are_added_and_dropped_without_script_and_nothing_is_stored(analyst: Client) -> None:
    draft = save(analyst, copied(analyst), SOUND)
    edit = f"/can-cu/bang-diem/soan/{draft.pk}/"
    sent = {**rows_sent(analyst, draft), "title": "Đang gõ"}
    more = analyst.post(edit, {**sent, "act": "add-1"})
    assert more.status_code == 200
    page = more.content.decode()
    assert 'name="g1-2-text"' in page
    assert "Đang gõ" in page
    assert 'name="g2-title"' in analyst.post(edit, {**sent, "act": "add-0"}).content.decode()
    fewer = analyst.post(edit, {**sent, "act": "drop-1-1"}).content.decode()
    assert 'name="g1-1-text"' not in fewer
    as_text = analyst.post(edit, {**sent, "act": "as_text"}).content.decode()
    assert "nội dung: Đảng viên phát biểu" in entities.unescape(as_text)
    text = {"title": "Đang gõ", "seen": sent["seen"], "act": "as_rows"}
    assert 'name="g1-1-text"' in analyst.post(edit, {**text, "text": SOUND}).content.decode()
    broken = analyst.post(edit, {**text, "text": "nhóm: ["}).content.decode()
    assert "Chưa chia thành dòng được" in words(broken)
    assert "nhóm: [" in entities.unescape(broken)
    draft.refresh_from_db()
    assert draft.title == "Bảng của tỉnh"
