"""Papers of a cycle with their numbers: taken on its pages, printed, used to decide."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, Story
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import GradeDecision
from vungmanh.outputs.gradings.cycle import submission_paper
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.layout import layout_of
from vungmanh.strengthening.year_grading import dossier_finding

OFFICE, SECRETARY, ANALYST = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY, Role.PROVINCIAL_ANALYST
GOOD = "tot"
SIGNED = {
    "on": "2020-01-10", "capacity": "for_collective", "of": "Ban Thường vụ", "role": "Phó Bí thư",
    "name": "Lò Thử An",
}  # fmt: skip


def read(client: Client, address: str) -> str:
    """All the text of the Word file at an address."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    made = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(one.text for one in made.paragraphs), *cells])
    return said.replace("\xa0", " ")


def of_cycle(story: Story, rest: str) -> str:
    return f"/xep-loai/{story.cycle.pk}/{rest}"


def of_dossier(story: Story, rest: str, unit: str = CELL) -> str:
    return f"/xep-loai/ho-so/{story.dossier(unit).pk}/{rest}"


def proposed(story: Story, unit: str = CELL) -> None:
    """Bring a dossier as far as the decision."""
    story.as_(SECRETARY, unit)
    story.post("rate_self", unit, grade=GOOD, points="")
    story.as_(OFFICE)
    story.post("open_opinions", unit)
    story.post("verify", unit, grade="", points="")
    story.post("propose", unit, grade=GOOD)


def decide(story: Story, unit: str = CELL, **fields: str) -> object:
    return story.post("decide", unit, **{"grade": GOOD, "numbered": "", **fields})


def test_a_paper_taken_on_the_page_carries_number_day_and_signer(story: Story) -> None:
    client = story.as_(OFFICE)
    before = read(client, of_cycle(story, "to-trinh.docx"))
    assert "-TTr/ĐU" in before
    assert "01-TTr/ĐU" not in before
    for _ in range(2):  # the same paper again keeps its number
        assert client.post(of_cycle(story, "van-ban/to-trinh/"), SIGNED).status_code == 302
    said = read(client, of_cycle(story, "to-trinh.docx"))
    for words in ("Số 01-TTr/ĐU", "ngày 10 tháng 01 năm 2020", "T/M BAN THƯỜNG VỤ", "Lò Thử An"):
        assert words in said
    listed = client.get(of_cycle(story, "van-ban/")).content.decode()
    assert "01-TTr/ĐU" in listed
    assert "Lò Thử An" in listed
    assert client.get(of_cycle(story, "to-trinh.docx?dang=pdf")).content.startswith(b"%PDF")


def test_a_form_gets_its_day_and_no_number(story: Story) -> None:
    client, body = story.as_(OFFICE), story.cycle.bodies[0]
    client.post(of_cycle(story, "van-ban/bang-tong-hop/"), SIGNED)
    client.post(of_cycle(story, f"van-ban/phieu-y-kien/?noi={body}"), {"on": "2020-01-05"})
    said = read(client, of_cycle(story, "bang-tong-hop.docx"))
    assert "ngày 10 tháng 01 năm 2020" in said
    assert "Lò Thử An" in said
    assert "Số " not in said.splitlines()
    sheet = read(client, of_cycle(story, f"phieu-y-kien.docx?noi={body}"))
    assert "ngày 05 tháng 01 năm 2020" in sheet
    assert "Đại diện nơi cho ý kiến".upper() in sheet.upper()
    other = story.cycle.bodies[1]
    assert "05 tháng 01" not in read(client, of_cycle(story, f"phieu-y-kien.docx?noi={other}"))
    assert set(PaperNumber.objects.values_list("number", flat=True)) == {None}


def test_the_layout_of_a_paper_follows_the_day_it_was_issued_on(story: Story) -> None:
    """One prints by the guidance of the day: HD 36 in 2020, HD 05 from 27/5/2026."""
    client = story.as_(OFFICE)

    def rule() -> str:
        viewer = story.viewer(OFFICE, QUAN_MAU)
        return layout_of(submission_paper(story.cycle, viewer, on=localdate())).rule.id

    assert rule() == "HD05-2026-the-thuc"
    client.post(of_cycle(story, "van-ban/to-trinh/"), SIGNED)
    assert rule() == "HD36-2018-the-thuc"


def test_a_decision_takes_its_number_from_the_register(story: Story) -> None:
    proposed(story)
    decide(story, numbered="new", document_date="2020-01-12")
    made = GradeDecision.objects.get()
    assert (made.document, made.document_date) == ("01-QĐ/ĐU", dt.date(2020, 1, 12))
    client = story.as_(OFFICE)
    said = read(client, of_cycle(story, "quyet-dinh.docx"))
    assert "Số 01-QĐ/ĐU" in said
    assert CELL in said
    assert SECOND not in said  # decided by no document yet
    proposed(story, SECOND)
    again = PaperNumber.objects.get()
    decide(story, SECOND, numbered=str(again.pk))
    assert set(GradeDecision.objects.values_list("document", flat=True)) == {"01-QĐ/ĐU"}
    assert SECOND in read(client, of_cycle(story, "quyet-dinh.docx"))
    refused = client.post(f"/van-ban/so/{again.pk}/", {"act": "cancel", "reason": "thử"})
    assert "2 quyết định xếp loại đã ghi" in refused.content.decode()


def test_all_is_decided_with_one_number_or_nothing_is(story: Story) -> None:
    proposed(story)
    one = story.dossier()
    sheet = dossier_finding(one, at=timezone.now()).sheet
    assert sheet is not None
    one.answers = dict.fromkeys((row.code for row in sheet.criteria), GOOD)
    one.save()
    client = story.as_(OFFICE)
    address = of_cycle(story, "quyet-dinh/")
    asked = {"numbered": "new", "document": "", "document_date": "2020-01-12"}
    page = client.post(address, asked)
    assert "Lấy số kế tiếp trong sổ văn bản đi" in page.content.decode()
    stale = client.post(address, {**asked, "mark": "x"})
    assert stale.status_code == 422
    assert not PaperNumber.objects.exists()  # a refused decision takes no number
    mark = page.context["plan"].mark
    done = client.post(address, {**asked, "mark": mark})
    assert done.status_code == 302, done.context["form"].errors
    assert GradeDecision.objects.get().document == PaperNumber.objects.get().document == "01-QĐ/ĐU"


def test_a_typed_number_of_ones_own_enters_the_register_and_a_clash_is_refused(
    story: Story,
) -> None:
    client = story.as_(OFFICE)
    client.post(f"/van-ban/{story.cycle.unit_id}/lay-so/", {
        **SIGNED, "type": "decision", "body": "standing_committee", "about": "khen thưởng",
        "number": "15",
    })  # fmt: skip
    proposed(story)
    refused = decide(story, document="15-QĐ/ĐU", document_date="2020-01-10")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "khen thưởng" in refused.content.decode()  # type: ignore[attr-defined]
    decide(story, document="16-QĐ/ĐU", document_date="2020-01-10")
    proposed(story, SECOND)
    other_day = decide(story, SECOND, document="16-QĐ/ĐU", document_date="2020-01-11")
    assert "ghi ngày 10/01/2020" in other_day.content.decode()  # type: ignore[attr-defined]
    decide(story, SECOND, document="16-QĐ/ĐU", document_date="2020-01-10")
    assert GradeDecision.objects.count() == 2
    entered = PaperNumber.objects.get(number=16)
    assert entered.is_outside
    client = story.as_(OFFICE)
    client.post(of_cycle(story, "van-ban/quyet-dinh/"), SIGNED)
    assert sorted(PaperNumber.objects.values_list("number", flat=True)) == [15, 16]


def test_a_number_from_outside_stays_as_it_was_typed(story: Story) -> None:
    proposed(story)
    decide(story, document="3-QĐ/TU", document_date="2020-01-10")
    assert GradeDecision.objects.get().document == "3-QĐ/TU"
    assert not PaperNumber.objects.exists()


def test_the_unit_prints_its_notice_with_the_number_of_the_committee(story: Story) -> None:
    proposed(story)
    decide(story, numbered="new", document_date="2020-01-12")
    client = story.as_(OFFICE)
    page = client.get(of_dossier(story, "")).content.decode()
    assert of_dossier(story, "van-ban/") in page
    client.post(of_dossier(story, "van-ban/thong-bao/"), SIGNED)
    client.post(of_dossier(story, "van-ban/ho-so/"), {**SIGNED, "on": "2020-01-09"})
    said = read(story.as_(SECRETARY, CELL), of_dossier(story, "thong-bao.docx"))
    assert "Số 01-TB/ĐU" in said
    assert "Lò Thử An" in said
    dossier = read(story.as_(SECRETARY, CELL), of_dossier(story, "ho-so.docx"))
    assert "ngày 09 tháng 01 năm 2020" in dossier


@pytest.mark.parametrize("rest", ["van-ban/", "van-ban/to-trinh/"])
def test_only_the_committee_of_the_cycle_numbers_its_papers(story: Story, rest: str) -> None:
    address = of_cycle(story, rest)
    assert story.as_(OFFICE).get(address).status_code == 200
    assert story.as_(SECRETARY, CELL).get(address).status_code == 403
    assert story.as_(ANALYST, PROVINCE).get(address).status_code == 403
    assert story.as_(ANALYST, PROVINCE).post(address, SIGNED).status_code in {403, 405}
    assert story.as_(OFFICE, LANG_THU).get(address).status_code == 404
    own = of_dossier(story, rest.replace("to-trinh", "thong-bao"))
    assert story.as_(OFFICE).get(own).status_code == 200
    assert story.as_(SECRETARY, CELL).get(own).status_code == 403
    assert story.as_(OFFICE, LANG_THU).get(own).status_code == 404
    assert not PaperNumber.objects.exists()


def test_a_paper_that_does_not_exist_is_not_numbered(story: Story) -> None:
    client = story.as_(OFFICE)
    for rest in ("van-ban/la/", "van-ban/phieu-y-kien/?noi=Nơi lạ"):
        assert client.get(of_cycle(story, rest)).status_code == 404
    assert client.get(of_dossier(story, "van-ban/to-trinh/")).status_code == 404
    assert client.get(of_cycle(story, f"quyet-dinh.docx?so={story.cycle.pk}")).status_code == 404
