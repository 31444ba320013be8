"""A paper as PDF: read back, it says what was said, laid out as its day asks, for the archive."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import subprocess
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
import time_machine
from pypdf import PdfReader

from vungmanh.core.errors import InputError, NotNow
from vungmanh.outputs.papers import pdf
from vungmanh.outputs.papers.document import (
    Bullets,
    Centred,
    Heading,
    Line,
    Over,
    Paper,
    Prose,
    Room,
    Signature,
    Table,
)
from vungmanh.outputs.papers.layout import layout_of
from vungmanh.outputs.papers.pdf import as_pdf
from vungmanh.rulebook.values.papers import PaperFamily

# Each draws a whole paper, the slower the fewer libraries the system has.
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MM = 72 / 25.4
SENTENCE = (
    "Ban thường vụ đảng ủy xét đề nghị của các chi bộ trực thuộc về việc đánh giá, xếp loại chất "
    "lượng năm 2026, nghiệm thu và ghi nhận kết quả như sau"
)


def paper(**changes) -> Paper:
    made = Paper(
        superior="Đảng bộ tỉnh Mẫu",
        issuer="Đảng ủy xã Mẫu Thượng",
        symbol="BC",
        body="ĐU",
        number=5,
        place="Mẫu Thượng",
        on=dt.date(2026, 12, 5),
        title="Báo cáo",
        about="Kết quả xếp loại năm 2026",
        parts=(
            Prose((SENTENCE, "Chữ <b>giữ nguyên</b> & “ngoặc”"), lead="Điều 1."),
            Heading("I- Tình hình"),
            Heading("1- Số liệu", 2),
            Line("Địa điểm", "Nhà văn hóa thôn Bản Ngoã"),
            Line("Chủ trì"),
            Bullets(("việc thứ nhất", "việc thứ hai")),
            Centred("QUYẾT ĐỊNH"),
            Table("Bảng tổng hợp", ("TT", "Tổ chức", "Tự xếp", "Cấp trên xếp"),
                  tuple((str(n), f"Chi bộ thôn số {n}", "Tốt", "Hoàn thành tốt nhiệm vụ")
                        for n in range(1, 61)),
                  (8, 42, 20, 30), over=(Over(""), Over(""), Over("Xếp loại", 2)), strong=(0,)),
            Room(3),
            Prose(("Trên đây là kết quả",)),
        ),
        signatures=(Signature("Phó bí thư", "Lường Thị Mẫu", "T/M Đảng ủy"),),
        recipients=("Ban Tổ chức Tỉnh ủy,", "Lưu Văn phòng."),
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def lines(page) -> list[tuple[float, float, float, str]]:
    """Each piece of text of a page: from the left and from the top in mm, its size, its words."""
    found = []
    height = float(page.mediabox.height)

    def keep(text, _outer, matrix, font, size):
        if text.strip():
            left, top = matrix[4] * _outer[0] + _outer[4], matrix[5] * _outer[3] + _outer[5]
            scale = abs(matrix[3] * _outer[3])
            found.append((left / MM, (height - top) / MM, size * scale, text.strip()))

    page.extract_text(visitor_text=keep)
    return found


def fonts(reader: PdfReader) -> dict[str, dict]:
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            whole = font.get_object()
            inner = whole["/DescendantFonts"][0].get_object()
            found[str(whole["/BaseFont"])] = {
                "inside": any("/FontFile" in key for key in inner["/FontDescriptor"].get_object()),
                "unicode": "/ToUnicode" in whole,
            }
    return found


def tags(reader: PdfReader) -> list[str]:
    """The structure as a reader aloud follows it."""
    found: list[str] = []

    def walk(element) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for child in element:
                walk(child)
        elif isinstance(element, dict):
            if "/S" in element:
                found.append(str(element["/S"]))
            if "/K" in element:
                walk(element["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


@pytest.fixture(scope="module")
def drawn(django_db_setup, django_db_blocker) -> bytes:
    with django_db_blocker.unblock():
        return as_pdf(paper())


def test_the_file_is_tagged_in_vietnamese_with_headings_lists_and_tables(drawn):
    reader = read(drawn)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "vi"
    found = tags(reader)
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TH", "/TD"} <= set(found)
    with_rows = ["Chi bộ thôn số" in page.extract_text() for page in reader.pages]
    assert found.count("/Table") == sum(with_rows)  # one a page; the heading block is none
    assert found.count("/H1") == 1


def test_every_font_is_inside_and_gives_back_its_letters(drawn):
    found = fonts(read(drawn))
    assert len(found) >= 3
    assert all(font == {"inside": True, "unicode": True} for font in found.values())


def test_the_file_says_that_it_is_for_the_archive(drawn):
    root = read(drawn).trailer["/Root"]
    said = ElementTree.fromstring(
        root["/Metadata"].get_object().get_data().split(b"?>", 1)[1].rsplit(b"<?", 1)[0]
    )
    name = "{http://www.aiim.org/pdfa/ns/id/}"
    held = {key: value for one in said.iter() for key, value in one.attrib.items()}
    assert (held[f"{name}part"], held[f"{name}conformance"]) == ("2", "A")
    assert "/OutputIntents" in root
    assert "/ID" in read(drawn).trailer
    assert not {"/AA", "/OpenAction", "/AcroForm"} & set(root)
    assert b"/JavaScript" not in drawn
    assert b"/Encrypt" not in drawn


def test_the_text_comes_out_as_it_was_said_in_nfc(drawn):
    said = words(read(drawn))
    assert said == unicodedata.normalize("NFC", said)
    for text in (
        "ĐẢNG BỘ TỈNH MẪU ĐẢNG ỦY XÃ MẪU THƯỢNG * ĐẢNG CỘNG SẢN VIỆT NAM Số 05-BC/ĐU",
        "Mẫu Thượng, ngày 05 tháng 12 năm 2026",
        "BÁO CÁO Kết quả xếp loại năm 2026",
        f"Điều 1. {SENTENCE}",
        "Chữ <b>giữ nguyên</b> & “ngoặc”",
        "Địa điểm: Nhà văn hóa thôn Bản Ngoã Chủ trì: …",
        "- việc thứ nhất - việc thứ hai",
        "Trên đây là kết quả.",
        "Nơi nhận: - Ban Tổ chức Tỉnh ủy, - Lưu Văn phòng. T/M ĐẢNG ỦY PHÓ BÍ THƯ Lường Thị Mẫu",
    ):
        assert text in said
    assert all(f"Chi bộ thôn số {n} " in said for n in range(1, 61))


def test_pages_are_a4_with_the_margins_and_sizes_of_the_layout(drawn):
    reader, layout = read(drawn), layout_of(paper()).layout
    for page in reader.pages:
        assert float(page.mediabox.width) == pytest.approx(210 * MM, abs=0.5)
        assert float(page.mediabox.height) == pytest.approx(297 * MM, abs=0.5)
    first = lines(reader.pages[0])
    body = next(
        one
        for one in first
        if one[3].startswith("lượng năm 2026, nghiệm") or "nghiệm thu" in one[3]
    )
    assert min(left for left, *_ in first) == pytest.approx(layout.left_mm, abs=0.3)
    assert body[2] == pytest.approx(layout.body_pt, abs=0.1)
    title = next(one for one in first if one[3] == "BÁO CÁO")
    assert title[2] == pytest.approx(layout.title_pt, abs=0.1)
    lead = next(one for one in first if one[3].startswith("Điều 1."))
    assert lead[0] == pytest.approx(layout.left_mm + layout.indent_mm, abs=0.3)
    assert min(top for _left, top, *_ in first) > layout.top_mm


def test_page_numbers_stand_at_the_top_from_the_second_page_on(drawn):
    reader, layout = read(drawn), layout_of(paper()).layout
    assert len(reader.pages) >= 3
    middle = layout.left_mm + layout.breadth_mm / 2
    assert all(top > layout.top_mm for _left, top, *_ in lines(reader.pages[0]))
    for number, page in enumerate(reader.pages[1:], start=2):
        above = [one for one in lines(page) if one[1] < layout.top_mm]
        assert [one[3] for one in above] == [str(number)]
        assert above[0][0] == pytest.approx(middle, abs=3)


def test_headings_of_a_table_come_again_on_each_of_its_pages(drawn):
    pages = [" ".join(page.extract_text().split()) for page in read(drawn).pages]
    with_rows = [text for text in pages if "Chi bộ thôn số" in text]
    assert len(with_rows) >= 2
    assert all("Xếp loại" in text and "Cấp trên xếp" in text for text in with_rows)


def test_the_same_paper_gives_the_same_bytes(drawn):
    assert as_pdf(paper()) == drawn
    assert b"CreationDate" not in drawn


def test_another_process_gives_the_same_bytes(drawn, tmp_path: Path):
    """No order of a set, no name by chance: a file made tomorrow equals the one made today."""
    code = (
        "import pathlib; from tests.unit.outputs.test_papers_pdf import paper;"
        "from vungmanh.outputs.papers.pdf import as_pdf;"
        f"pathlib.Path({str(tmp_path / 'again.pdf')!r}).write_bytes(as_pdf(paper()))"
    )
    place = {"PYTHONPATH": "src:.", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, env=place)
    assert (tmp_path / "again.pdf").read_bytes() == drawn


def test_no_clock_is_written_where_the_system_lacks_a_library(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    with time_machine.travel("2026-12-05"):
        first = as_pdf(paper())
    with time_machine.travel("2026-12-06"):
        assert as_pdf(paper()) == first


def test_a_page_that_lies_across_is_turned():
    page = read(as_pdf(paper(is_landscape=True))).pages[0]
    assert page.mediabox.width > page.mediabox.height


def test_a_paper_of_the_state_has_its_own_heading():
    said = words(read(as_pdf(paper(family=PaperFamily.STATE))))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in said
    assert "ĐẢNG CỘNG SẢN" not in said


def test_what_must_be_said_of_a_draft_stands_above_the_title():
    said = words(read(as_pdf(paper(is_draft=True, is_simulated=True, number=None))))
    assert said.index("Bản nháp, chưa nộp") < said.index("BÁO CÁO")
    assert said.index("Dữ liệu mô phỏng") < said.index("BÁO CÁO")


def test_a_name_of_three_hundred_letters_stays_within_the_page():
    name = ("Chi bộ " + "Nà" * 150)[:300]
    page = read(as_pdf(paper(issuer=name))).pages[0]
    assert all(left < 195 for left, *_ in lines(page))
    with pytest.raises(InputError) as caught:
        as_pdf(paper(issuer=name + "ơ"))
    assert caught.value.code == "paper-name-too-long"


def test_control_characters_are_left_out_and_decomposed_letters_joined():
    said = words(read(as_pdf(paper(parts=(Prose(("ho\u0323p\x00 \x07chi bo\u0323\u0302",)),)))))
    assert "họp chi bộ." in said


def test_a_row_taller_than_a_page_is_not_lost():
    tall = Table("", ("TT", "Nội dung"), (("1", "chữ dài " * 900 + "HẾT"),), (10, 90))
    assert "HẾT" in words(read(as_pdf(paper(parts=(tall,)))))


def test_a_text_fetches_nothing(tmp_path: Path):
    (tmp_path / "x.txt").write_text("bí mật", encoding="utf-8")
    trick = f'<img src="{(tmp_path / "x.txt").as_uri()}"><link rel=attachment href="x.txt">'
    data = as_pdf(paper(parts=(Prose((trick,)),), title="</title><script>"))
    assert "rel=attachment" in words(read(data))
    assert b"/EmbeddedFile" not in data


def test_letters_come_from_the_installation_where_the_machine_has_none(monkeypatch):
    own = pdf.style

    def without_times(layout, **how):
        return own(layout, **how).replace('"Times New Roman", "Liberation Serif", ', "")

    monkeypatch.setattr(pdf, "style", without_times)
    reader = read(as_pdf(paper()))
    found = fonts(reader)
    assert all("Vững-Mạnh-Serif" in name for name in found)
    assert all(font["inside"] for font in found.values())
    assert SENTENCE in words(reader)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ModuleNotFoundError("x", name="weasyprint"), "extra-missing", "vungmanh[documents]"),
        (OSError("cannot load library"), "pdf-library-missing", "apt install libpango"),
    ],
)
def test_what_is_not_installed_is_named_with_the_command(monkeypatch, error, code, said):
    real = __import__

    def without(name, *given):
        if name == "weasyprint":
            raise error
        return real(name, *given)

    monkeypatch.setattr("builtins.__import__", without)
    with pytest.raises(NotNow) as caught:
        as_pdf(paper())
    assert caught.value.code == code
    assert said in caught.value.message


@pytest.mark.slow
def test_rendered_pages_are_black_on_white_within_the_margins(drawn, tmp_path: Path):
    from PIL import Image

    (tmp_path / "a.pdf").write_bytes(drawn)
    subprocess.run(["pdftoppm", "-r", "50.8", "-gray", "-png", tmp_path / "a.pdf", tmp_path / "a"],
                   check=True, timeout=60)  # fmt: skip
    layout = layout_of(paper()).layout
    pages = sorted(tmp_path.glob("a*.png"))
    assert len(pages) == len(read(drawn).pages)
    for page in pages:
        with Image.open(page) as picture:
            ink = picture.convert("L").point(lambda tone: 255 if tone < 128 else 0).getbbox()
        left, _top, right, bottom = (side / 2 for side in ink)  # two dots a millimetre
        assert left >= layout.left_mm - 1
        assert right <= 210 - layout.right_mm + 1
        assert bottom <= 297 - layout.bottom_mm + 1
