"""Official papers in Word, measured when read again: page, letters, order, tables, signatures."""

from __future__ import annotations

import io
import shutil
import subprocess
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.unit.outputs.paper_samples import LATER, SAMPLES, STANDING, decided, quarter, summary
from vungmanh.core.errors import InputError
from vungmanh.outputs.papers.document import Line, Over, Paper, Prose, Table
from vungmanh.outputs.papers.kinds.opinions import MARK
from vungmanh.outputs.papers.layout import layout_of, plain
from vungmanh.outputs.papers.widths import bold_width_mm
from vungmanh.outputs.papers.word import as_word

CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def opened(paper: Paper) -> Any:
    return docx.Document(io.BytesIO(as_word(paper)))


def lines(made: Any) -> list[str]:
    """Every paragraph in order, those of tables included."""
    return [
        "".join(node.text or "" for node in line.iter(qn("w:t")))
        for line in made.element.body.iter(qn("w:p"))
    ]


def said(made: Any, text: str) -> Any:
    """The paragraph that says `text`, wherever it stands."""
    everywhere = [*made.paragraphs]
    for table in made.tables:
        everywhere += [line for row in table.rows for cell in row.cells for line in cell.paragraphs]
    return next(line for line in everywhere if line.text == text)


# --- page, letters, order ------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_lies_on_the_page_of_its_layout(name: str) -> None:
    paper = SAMPLES[name]()
    made, layout = opened(paper), layout_of(paper).layout
    section = made.sections[0]
    sides = [section.page_width.mm, section.page_height.mm]
    assert [round(side) for side in sides] == ([297, 210] if paper.is_landscape else [210, 297])
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    style = made.styles["Normal"]
    fonts = style.element.rPr.rFonts
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        assert fonts.get(qn(script)) == "Times New Roman"
    assert style.font.size.pt == layout.body_pt == 14
    assert style.paragraph_format.line_spacing.pt == layout.line_pt == 18
    assert section.different_first_page_header_footer
    number = section.header.paragraphs[0]
    assert number.alignment == CENTRE
    assert "PAGE" in number._p.xml
    assert section.first_page_header.paragraphs[0].text == ""


def test_the_heading_says_who_in_the_order_of_the_party() -> None:
    made = opened(decided())
    words = lines(made)
    wanted = [
        "ĐẢNG BỘ TỈNH MẪU", "ĐẢNG ỦY XÃ QUAN MẪU", "*", "ĐẢNG CỘNG SẢN VIỆT NAM", "Số 05-QĐ/ĐU",
        "Quan Mẫu, ngày 08 tháng 12 năm 2026", "QUYẾT ĐỊNH",
        "về việc công nhận mức xếp loại năm 2026", "-----", "BAN THƯỜNG VỤ QUYẾT ĐỊNH",
        "Nơi nhận:", "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "Lò Thử An",
    ]  # fmt: skip
    assert [line for line in words if line in wanted] == wanted
    sizes = {text: said(made, text).runs[0].font for text in wanted[:7]}
    assert (sizes["ĐẢNG BỘ TỈNH MẪU"].bold, sizes["ĐẢNG BỘ TỈNH MẪU"].size.pt) == (None, 14)
    assert (sizes["ĐẢNG ỦY XÃ QUAN MẪU"].bold, sizes["ĐẢNG ỦY XÃ QUAN MẪU"].size.pt) == (True, 14)
    crest = sizes["ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert (crest.bold, crest.size.pt) == (True, 15)
    day = sizes["Quan Mẫu, ngày 08 tháng 12 năm 2026"]
    assert (day.italic, day.size.pt) == (True, 14)
    assert (sizes["QUYẾT ĐỊNH"].bold, sizes["QUYẾT ĐỊNH"].size.pt) == (True, 16)
    assert all(said(made, text).alignment == CENTRE for text in wanted[:9])
    assert said(made, "Nơi nhận:").runs[0].underline
    assert said(made, "T/M BAN THƯỜNG VỤ").runs[0].bold
    assert not said(made, "PHÓ BÍ THƯ").runs[0].bold
    assert said(made, "Lò Thử An").runs[0].bold


def test_the_rule_under_the_party_is_as_long_as_its_words() -> None:
    made = opened(decided())
    cell = made.tables[0].rows[0].cells[1]
    words, rule = cell.paragraphs
    assert words.text == "ĐẢNG CỘNG SẢN VIỆT NAM"
    assert "w:pBdr" in rule._p.xml
    form = rule.paragraph_format
    length = cell.width.mm - form.left_indent.mm - form.right_indent.mm
    assert length == pytest.approx(bold_width_mm(words.text, 15), abs=0.2)


def test_widths_of_bold_letters_are_those_of_the_font() -> None:
    """Against Liberation Serif, whose metrics are those of Times New Roman."""
    found = sorted(Path("/usr/share/fonts").rglob("LiberationSerif-Bold.ttf"))
    if not found:
        pytest.skip("Liberation Serif is not installed")
    from fontTools.ttLib import TTFont

    font = TTFont(found[0])
    names, advances = font.getBestCmap(), font["hmtx"]
    for text in ("ĐẢNG CỘNG SẢN VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"):
        # Some versions lack letters with two marks; a mark does not widen its letter.
        bare = [c if ord(c) in names else unicodedata.normalize("NFD", c)[0] for c in text]
        em = sum(advances[names[ord(c)]][0] for c in bare) / font["head"].unitsPerEm
        assert bold_width_mm(text, 72) / 25.4 == pytest.approx(em, rel=0.01)


def test_state_papers_have_their_own_heading_and_closing() -> None:
    words = lines(opened(SAMPLES["nha-nuoc"]()))
    for text in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
                 "Số: 05/BC-UBND", "Quan Mẫu, ngày 05 tháng 02 năm 2026",
                 "TM. ỦY BAN NHÂN DÂN"):  # fmt: skip
        assert text in words, text
    assert "*" not in words
    assert any(line.endswith("nhà văn hóa./.") for line in words)


def test_the_body_ends_with_a_point_alone_and_stays_with_the_signatures() -> None:
    paper = replace(quarter(), parts=(Prose(("Kết thúc báo cáo./.",)),))
    made = opened(paper)
    last = said(made, "Kết thúc báo cáo.")
    assert last.paragraph_format.keep_with_next
    assert last.paragraph_format.first_line_indent.mm == pytest.approx(10, abs=0.1)
    assert last.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    asked = replace(paper, parts=(Prose(("Đồng chí nào có ý kiến?",)),))
    assert "Đồng chí nào có ý kiến?" in lines(opened(asked))


# --- tables --------------------------------------------------------------------------------------


def test_headings_of_a_table_come_again_and_no_row_is_cut() -> None:
    table = opened(summary()).tables[1]
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, True, *[False] * (len(table.rows) - 2)]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    upper, lower = ([cell.text for cell in row.cells] for row in table.rows[:2])
    assert upper[3:7] == ["Số ý kiến theo từng mức"] * 4
    assert lower[3:7] == ["Hoàn thành xuất sắc", "Hoàn thành tốt", "Hoàn thành",
                          "Không hoàn thành"]  # fmt: skip
    assert upper[1] == lower[1] == "Tên tổ chức đảng, tập thể"
    group = table.rows[2].cells[1].paragraphs[0]
    assert group.text == "Thôn, tổ dân phố"
    assert group.paragraph_format.keep_with_next


def test_widths_of_a_table_fill_the_breadth_between_the_margins() -> None:
    for paper, breadth in ((summary(), 297 - 45), (decided(), 210 - 45)):
        table = opened(paper).tables[1]
        assert sum(column.width.mm for column in table.columns) == pytest.approx(breadth, abs=0.2)


def test_a_summary_counts_what_was_decided_and_leaves_blank_what_nobody_said() -> None:
    made = opened(summary(6))
    rows = [[cell.text for cell in row.cells] for row in made.tables[1].rows]
    assert rows[3][3:7] == ["", "3", "1", ""]
    assert rows[-1] == ["", "Cộng: 8", *[""] * 7]
    told = "Hoàn thành xuất sắc: 2; Hoàn thành tốt: 3; Hoàn thành: 3; Không hoàn thành: 0"
    assert f"Đã quyết định 8/8: {told}" in lines(made)


def test_an_opinion_sheet_marks_one_column_of_each_row() -> None:
    rows = [[cell.text for cell in row.cells] for row in opened(SAMPLES["phieu"]()).tables[1].rows]
    assert [row[3:].index(MARK) for row in rows[2:]] == [1, 2, 3, 0, 1]
    assert all(row[3:].count(MARK) == 1 for row in rows[2:])


def test_a_sum_of_points_is_blank_until_every_point_is_said() -> None:
    rows = [[cell.text for cell in row.cells] for row in opened(SAMPLES["ho-so"]()).tables[1].rows]
    assert rows[1][1:4] == ["Sinh hoạt và việc giao", "30", "27,5"]
    assert rows[-1][1:4] == ["Cộng", "40", ""]


def test_a_table_of_unequal_rows_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table("", ("a", "b"), (("1",),), (1, 1))
    with pytest.raises(ValueError, match="span"):
        Table("", ("a", "b"), (), (1, 1), over=(Over("x", 3),))


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_paper_is_the_same_file_to_the_byte(name: str) -> None:
    made = as_word(SAMPLES[name]())
    assert made == as_word(SAMPLES[name]())
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}
    about = docx.Document(io.BytesIO(made)).core_properties
    assert about.created.date() == about.modified.date() == SAMPLES[name]().on
    assert (about.author, about.language) == ("Vững Mạnh", "vi-VN")


def test_a_name_of_300_letters_wraps_and_a_longer_one_is_refused() -> None:
    name = "Chi bộ " + "thôn Nà Mẫu " * 25
    long = replace(decided(), issuer=name[:300])
    assert name[:300].upper() in lines(opened(long))
    with pytest.raises(InputError, match="Ghi tên gọn lại") as refused:
        as_word(replace(decided(), issuer="a" * 301))
    assert refused.value.code == "paper-name-too-long"


def test_a_paper_without_any_day_says_so() -> None:
    with pytest.raises(InputError) as refused:
        as_word(replace(decided(), on=None, laid_out_on=None))
    assert refused.value.code == "paper-undated"
    undated = lines(opened(replace(decided(), on=None, number=None, laid_out_on=LATER)))
    assert "Số         -QĐ/ĐU" in undated


hostile = st.text(st.characters(), max_size=40)


@settings(max_examples=25)
@given(hostile, hostile, st.lists(hostile, min_size=2, max_size=2))
def test_whatever_is_typed_the_file_opens_and_says_it(
    name: str, text: str, cells: list[str]
) -> None:
    table = Table("", ("TT", "Việc"), (tuple(cells),), (20, 80), strong=(0,))
    paper = replace(
        decided(),
        issuer=name,
        about=text,
        parts=(Line(name, text), Prose((text,), lead=name), table),
    )
    made = opened(paper)
    shown = "".join(made.tables[1].rows[1].cells[1].text.split())
    assert shown == "".join(plain(cells[1]).split())
    assert not set("\x00\x0b\x1f\u202e") & set("".join(lines(made)))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_the_papers_with_numbered_pages(tmp_path: Path) -> None:
    for name, paper in (("quy", quarter()), ("tong-hop", summary(40))):
        (tmp_path / f"{name}.docx").write_bytes(as_word(paper))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(tmp_path),
         *(str(path) for path in sorted(tmp_path.glob("*.docx")))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    report = [page.extract_text() for page in PdfReader(tmp_path / "quy.pdf").pages]
    assert len(report) == 2
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in report[0]
    assert not report[0].lstrip().startswith("1")
    assert report[1].lstrip().startswith("2")
    assert STANDING.signers[0].name in report[1]
    table = [page.extract_text() for page in PdfReader(tmp_path / "tong-hop.pdf").pages]
    assert len(table) >= 3
    whole = [page for page in table if "Chi bộ thôn số" in page]
    assert all("Tự xếp loại" in page for page in whole)
    assert any("Cộng: 42" in page for page in table)
