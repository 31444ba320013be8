"""Papers of a yearly rating: what they say, and what they never say to whom."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import uuid4

import docx
import pytest
from django.test import Client

from tests.cast import LANG_THU, PROVINCE
from tests.pages.evaluation.conftest import CELL, SECOND, Story
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import Role

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
ANALYST, OVERSEER = Role.PROVINCIAL_ANALYST, Role.OVERSEER
GOOD, DONE = "tot", "hoan_thanh"
WHY = "Việc tháng 6 chưa xong."
PAPERS = ("bang-tong-hop", "to-trinh", "quyet-dinh", "phieu-y-kien")


def read(client: Client, address: str) -> str:
    """All the text of the Word file at an address."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    made = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(one.text for one in made.paragraphs), *cells])
    return said.replace(NBSP, " ")  # which holds words together


def of_dossier(story: Story, paper: str = "ho-so", unit: str = CELL) -> str:
    return f"/xep-loai/ho-so/{story.dossier(unit).pk}/{paper}.docx"


def of_cycle(story: Story, paper: str) -> str:
    return f"/xep-loai/{story.cycle.pk}/{paper}.docx"


@pytest.fixture
def in_opinion(story: Story) -> Story:
    """Rated by the cell, asked about, and one body has spoken."""
    story.as_(SECRETARY, CELL)
    address = f"/xep-loai/ho-so/{story.dossier().pk}/"
    story.client.post(address, {"act": "write", "c-1.1": "tot", "cu-1.1": ""})
    story.post("rate_self", grade=GOOD, points="87,5")
    story.as_(OFFICE)
    story.post("open_opinions")
    story.post("give_opinion", body=story.cycle.bodies[0], grade=DONE, reason=WHY)
    return story


@pytest.fixture
def decided(in_opinion: Story) -> Story:
    in_opinion.post("verify", grade="", points="")
    in_opinion.post("propose", grade=GOOD)
    in_opinion.post("decide", grade=GOOD, document="15-QĐ/ĐU", document_date="2020-01-10")
    assert in_opinion.dossier().grade == GOOD
    return in_opinion


def test_a_dossier_says_criteria_facts_and_what_each_level_said(decided: Story) -> None:
    said = read(decided.as_(OFFICE), of_dossier(decided))
    for words in ("Kỳ họp đã họp", "87,5", WHY, "Hoàn thành tốt nhiệm vụ", "15-QĐ/ĐU", CELL):
        assert words in said
    assert "ĐẢNG ỦY XÃ QUAN MẪU" in said


def test_an_opinion_that_is_blind_on_the_page_is_blind_on_paper(in_opinion: Story) -> None:
    assert WHY in read(in_opinion.as_(OFFICE), of_dossier(in_opinion))
    assert WHY not in read(in_opinion.as_(SECRETARY, CELL), of_dossier(in_opinion))
    assert WHY not in read(in_opinion.as_(ANALYST, PROVINCE), of_dossier(in_opinion))
    table = docx.Document(
        io.BytesIO(in_opinion.as_(OFFICE).get(of_cycle(in_opinion, "bang-tong-hop")).content)
    ).tables[1]
    row = next(row for row in table.rows if row.cells[1].text == CELL)
    assert [cell.text for cell in row.cells][3:] == [""] * (len(row.cells) - 3)


def test_opinions_are_counted_once_they_are_no_longer_gathered(decided: Story) -> None:
    client = decided.as_(OFFICE)
    made = docx.Document(io.BytesIO(client.get(of_cycle(decided, "bang-tong-hop")).content))
    row = next(row for row in made.tables[1].rows if row.cells[1].text == CELL)
    told = [cell.text for cell in row.cells]
    assert told.count("1") + (told[0] == "1") * -1 == 1
    assert told[-2] == "Hoàn thành tốt nhiệm vụ"


def test_a_notice_leaves_to_the_pen_what_is_not_decided(story: Story) -> None:
    said = read(story.as_(SECRETARY, CELL), of_dossier(story, "thong-bao"))
    assert "Mức được quyết định: …" in said


def test_a_notice_says_the_result_and_what_one_may_do(decided: Story) -> None:
    said = read(decided.as_(SECRETARY, CELL), of_dossier(decided, "thong-bao"))
    assert "Mức được quyết định: Hoàn thành tốt nhiệm vụ" in said
    assert "15-QĐ/ĐU ngày 10/01/2020" in said
    assert "gửi kiến nghị" in said


@pytest.mark.parametrize("paper", PAPERS)
def test_the_committee_prints_its_cycle_and_nobody_below_does(decided: Story, paper: str) -> None:
    said = read(decided.as_(OFFICE), of_cycle(decided, paper))
    assert CELL in said
    assert (SECOND in said) is (paper != "quyet-dinh")  # its decision names who was decided by it
    assert decided.as_(SECRETARY, CELL).get(of_cycle(decided, paper)).status_code == 403
    assert decided.as_(OFFICE, LANG_THU).get(of_cycle(decided, paper)).status_code == 404
    assert decided.as_(OFFICE).get(f"/xep-loai/{uuid4()}/{paper}.docx").status_code == 404


def test_a_sheet_is_for_a_body_that_is_asked(story: Story) -> None:
    client, body = story.as_(OFFICE), story.cycle.bodies[1]
    assert body in read(client, of_cycle(story, "phieu-y-kien") + f"?noi={body}")
    assert client.get(of_cycle(story, "phieu-y-kien") + "?noi=Nơi lạ").status_code == 404


@pytest.mark.parametrize(("role", "unit"), [(SECRETARY, SECOND), (OFFICE, LANG_THU)])
@pytest.mark.parametrize("paper", ["ho-so", "thong-bao"])
def test_a_dossier_out_of_sight_has_no_papers(
    story: Story, role: Role, unit: str, paper: str
) -> None:
    client = story.as_(role, unit)
    assert client.get(of_dossier(story, paper)).status_code == 404
    assert client.get(f"/xep-loai/ho-so/{uuid4()}/{paper}.docx").status_code == 404


def test_pages_lead_to_the_papers_and_one_comes_as_pdf(story: Story) -> None:
    client = story.as_(OFFICE)
    page = client.get(f"/xep-loai/ho-so/{story.dossier().pk}/").content.decode()
    assert of_dossier(story) in page
    assert of_dossier(story, "thong-bao") in page
    board = client.get(f"/xep-loai/{story.cycle.pk}/").content.decode()
    assert all(of_cycle(story, paper) in board for paper in PAPERS)
    assert client.get(of_dossier(story) + "?dang=pdf").content.startswith(b"%PDF")


def test_how_sure_a_text_is_stands_on_the_page_and_not_in_the_paper(
    opened: Callable[..., Story],
) -> None:
    story = opened(year=2025)
    client = story.as_(OFFICE)
    for address in (f"/xep-loai/{story.cycle.pk}/", f"/xep-loai/ho-so/{story.dossier().pk}/"):
        papers = client.get(address).content.decode().split('id="giay-to"')[1]
        assert "HD/VPTW" in papers
        assert '<span class="unsure">cần kiểm tra</span>' in papers
    for paper in (*(of_cycle(story, one) for one in PAPERS), of_dossier(story)):
        assert "cần kiểm tra" not in read(client, paper), paper
