"""What one sees of a paper: nobody signs a page alone, numbers stay with their words."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.unit.outputs.paper_samples import (
    SAMPLES,
    SENDER,
    STANDING,
    TEXT,
    listed,
    quarter,
    review,
)
from vungmanh.core.text import NBSP
from vungmanh.outputs.papers.document import Bullets, Line, Paper, Prose
from vungmanh.outputs.papers.kinds.reports import Report, report
from vungmanh.outputs.papers.kinds.sections import Section
from vungmanh.outputs.papers.pdf import as_pdf
from vungmanh.outputs.papers.spacing import held_together
from vungmanh.outputs.papers.word import as_word

SHORT = "Đã báo cáo đủ."


def opened(paper: Paper) -> Any:
    return docx.Document(io.BytesIO(as_word(paper)))


def staying(made: Any) -> list[str]:
    """The last lines of the body that go with the signatures, from the end."""
    found = []
    for block in list(made.element.body)[:-2][::-1]:  # without the signatures and the page
        if block.tag != qn("w:p") or block.pPr is None or block.pPr.keepNext is None:
            break
        found.append("".join(text.text or "" for text in block.iter(qn("w:t"))))
    return [one for one in found if one]


def last_page(paper: Paper) -> list[str]:
    """The lines of the last page above whoever signs; its number is read last."""
    pages = PdfReader(io.BytesIO(as_pdf(paper))).pages
    assert len(pages) > 1
    lines = [line for line in pages[-1].extract_text().splitlines() if line.strip()]
    return lines[: lines.index(next(one for one in lines if "Nơi nhận" in one))]


def ending_with(paragraphs: int, *short: str) -> Paper:
    text = (TEXT,) * paragraphs + short
    return report(Report(SENDER, STANDING, "tình hình", (Section("Tình hình", text),)))


def test_two_lines_of_text_go_with_the_signatures_in_word() -> None:
    assert staying(opened(ending_with(3, SHORT, SHORT)))[:2] == [SHORT, SHORT]
    assert staying(opened(ending_with(3, SHORT)))[:2] == [SHORT, TEXT]
    assert staying(opened(ending_with(3))) == [TEXT]
    lines = staying(opened(review()))
    assert lines[0].startswith("Kết quả biểu quyết")
    assert lines[1].startswith("Mức tự nhận")


def test_a_list_goes_with_the_signatures_by_its_last_row() -> None:
    table = opened(listed()).tables[1]
    kept = [
        all(line.paragraph_format.keep_with_next for cell in row.cells for line in cell.paragraphs)
        for row in table.rows
    ]
    assert kept == [False] * (len(kept) - 1) + [True]


@pytest.mark.parametrize("paragraphs", [6, 7])
def test_two_lines_of_text_go_with_the_signatures_in_pdf(paragraphs: int) -> None:
    for short in ((SHORT,), (SHORT, SHORT), ()):
        paper = ending_with(paragraphs, *short)
        if len(PdfReader(io.BytesIO(as_pdf(paper))).pages) > 1:
            assert len(last_page(paper)) >= 2, (paragraphs, short)


def test_a_list_is_not_signed_on_a_page_without_a_row() -> None:
    above = last_page(listed())
    assert any(line.startswith("60") or "Chi bộ thôn số 60" in line for line in above)


def test_a_report_that_fills_its_page_breaks_before_its_last_lines_only() -> None:
    pages = PdfReader(io.BytesIO(as_pdf(review()))).pages
    assert "Phương hướng và biện pháp khắc phục" in pages[0].extract_text()
    assert len(last_page(review())) >= 2


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("họp tháng 6 năm 2026", f"họp tháng{NBSP}6 năm{NBSP}2026"),
        ("12 kỳ, 8/9 đồng chí, 20 %", f"12{NBSP}kỳ, 8/9{NBSP}đồng chí, 20{NBSP}%"),
        ("quý IV", f"quý{NBSP}IV"),
        ("Điều 5 của Quy định 366-QĐ/TW", f"Điều{NBSP}5 của Quy định 366-QĐ/TW"),
        ("năm nay 5 kỳvọng", "năm nay 5 kỳvọng"),
        ("số Ý kiến", "số Ý kiến"),
    ],
)
def test_a_number_is_not_parted_from_its_word(text: str, held: str) -> None:
    assert held_together(text) == held
    assert held_together(held) == held


def test_running_text_is_held_together_and_headings_are_left() -> None:
    parts = (Prose(("Họp 12 kỳ",)), Bullets(("năm 2026",)), Line("Số 5", "5 đồng chí"))
    words = [line.text for line in opened(replace(quarter(), parts=parts)).paragraphs]
    assert f"Họp 12{NBSP}kỳ" in words
    assert f"- năm{NBSP}2026" in words
    assert f"Số 5: 5{NBSP}đồng chí." in words or f"Số 5: 5{NBSP}đồng chí" in words


def test_a_table_is_followed_by_little_room_and_its_cells_stand_in_the_middle() -> None:
    made = opened(listed())
    table = made.tables[1]
    after = table._tbl.getnext()
    assert after.pPr.spacing.get(qn("w:line")) == str(6 * 20)
    assert {cell.vertical_alignment for row in table.rows for cell in row.cells} == {1}


def test_state_papers_close_their_title_by_a_rule_and_name_receivers_in_slanted_bold() -> None:
    made = opened(SAMPLES["nha-nuoc"]())
    assert "-----" not in [line.text for line in made.paragraphs]
    label = next(
        line for line in made.tables[-1].rows[0].cells[0].paragraphs if line.text == "Nơi nhận:"
    )
    assert (label.runs[0].bold, label.runs[0].italic, label.runs[0].underline) == (True, True, None)
    pages = PdfReader(io.BytesIO(as_pdf(SAMPLES["nha-nuoc"]()))).pages
    assert "-----" not in pages[0].extract_text()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0].extract_text()
