"""Files that may not be opened, and files that must be: broken, protected, huge, macro, bomb,
wrong encoding, old font, NFD, failed formulas. One sentence each, nothing half-read."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pytest

from vungmanh.core.errors import InputError
from vungmanh.outputs.workbooks.guard import FileKind
from vungmanh.outputs.workbooks.read import read_workbook
from vungmanh.outputs.workbooks.rows import ReadRow
from vungmanh.outputs.workbooks.scan import scan_archive

HEAD = ("STT", "Chi bộ", "Số đảng viên", "Ngày họp", "Điểm", "Ghi chú")
ROW = (1, "Chi bộ thôn Nà Mẫu", 12, "05/10/2026", "92,5", "đúng kỳ")
TITLE = "BIỂU TỔNG HỢP THÁNG 10 NĂM 2026"


def workbook(*rows: tuple, title: str = TITLE, head: tuple = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.append([])
    for row in (head, *rows):
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(delimiter: str = ",") -> str:
    rows = [(TITLE,), HEAD, (1, "Chi bộ thôn Nà Mẫu", 12, "05/10/2026", "92.5", "đúng kỳ")]
    return "\n".join(delimiter.join(str(cell) for cell in row) for row in rows)


def rows_of(data: bytes, name: str = "t10.xlsx") -> list[ReadRow]:
    return list(read_workbook(data, name).rows())


def refusal(data: bytes, name: str = "t10.xlsx") -> InputError:
    with pytest.raises(InputError) as refused:
        rows_of(data, name)
    return refused.value


def with_entry(data: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same workbook with bytes of one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as out:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == part:
                assert old in content
                content = content.replace(old, new)
            out.writestr(entry, content)
    return target.getvalue()


def assert_nice(row: ReadRow) -> None:
    assert (row.label, row.state, row.problems) == ("Chi bộ thôn Nà Mẫu", "held", [])
    assert row.values["held_on"] == dt.date(2026, 10, 5)
    assert row.values["members"] == 12
    assert float(row.values["score"]) == 92.5
    assert row.values["note"] == "đúng kỳ"


def test_an_ordinary_workbook_is_read() -> None:
    assert_nice(rows_of(workbook(ROW))[0])


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "t.xlsx", "workbook-empty"),
        (b"%PDF-1.7 ...", "t.xlsx", "workbook-not-a-workbook"),
        (b"<html><body>b</body></html>", "t.xls", "workbook-not-a-workbook"),
        ("chữ thường".encode(), "t.docx", "workbook-not-a-workbook"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "t.xlsx", "workbook-not-a-workbook"),
        (b"PK\x03\x04" + b"\0" * 200, "t.xlsx", "workbook-broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "t.xls", "workbook-not-a-workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name).code == code


@pytest.mark.parametrize("keep", [100, 1000, 3000])
def test_a_broken_archive_is_refused(keep: int) -> None:
    assert refusal(workbook(ROW)[:keep]).code == "workbook-broken"


def test_a_damaged_sheet_is_refused_whole() -> None:
    part = "xl/worksheets/sheet1.xml"
    assert refusal(replaced(workbook(ROW), part, b"</sheetData>", b"<oops")).code == (
        "workbook-broken"
    )


def test_another_office_document_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(target.getvalue()).code == "workbook-not-a-workbook"


def test_macros_are_refused_whatever_the_name() -> None:
    data = with_entry(workbook(ROW), "xl/vbaProject.bin", b"x")
    assert refusal(data, "t10.xlsm").code == "workbook-macros"
    assert refusal(data, "t10.xlsx").code == "workbook-macros"


@pytest.mark.parametrize("stream", ["EncryptedPackage", "EncryptionInfo"])
def test_a_protected_workbook_is_refused(stream: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le")
    assert refusal(data).code == "workbook-protected"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = with_entry(workbook(ROW), "xl/media/x.bin", b"\0" * 30_000_000)
    assert refusal(data).code == "workbook-bomb"


def test_declared_sizes_that_lie_are_found_out() -> None:
    """The directory says little; reading stops at what it says and the checksum fails."""
    big = workbook(*([ROW] * 3000))
    with zipfile.ZipFile(io.BytesIO(big)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = big.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert refusal(lie).code == "workbook-broken"


def test_a_file_too_heavy_is_refused() -> None:
    assert refusal(b"a," * 25_000_001, "t.csv").code == "workbook-too-large"


@pytest.mark.parametrize("address", ["A250000", "ZZZ4"])
def test_a_stray_far_cell_does_not_eat_the_memory(address: str) -> None:
    part = "xl/worksheets/sheet1.xml"
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    stray = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    data = replaced(workbook(ROW), part, b"</sheetData>", stray)
    assert refusal(data).code == "workbook-too-large"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_far_cells_on_many_sheets_add_up(kind: str) -> None:
    """Each sheet alone would pass; together they would take a gigabyte."""
    book = openpyxl.Workbook()
    for number in range(4):
        sheet = book.create_sheet(f"T{number}")
        sheet["A1"], sheet["J199999"] = 1, 1
    target = io.BytesIO()
    book.save(target)
    data = target.getvalue() if kind == "xlsx" else far_ods(sheets=4, rows=199_998, column=10)
    with pytest.raises(InputError) as refused:
        scan_archive(data, FileKind(kind))  # before anything is laid out
    assert refused.value.code == "workbook-too-large"


def far_ods(*, sheets: int, rows: int, column: int) -> bytes:
    """Sheets with one cell at the top left and one far below, told by repetition."""
    cell = '<t:table-cell o:value-type="float" o:value="1"/>'
    blank = f'<t:table-row t:number-rows-repeated="{rows}"><t:table-cell/></t:table-row>'
    gap = f'<t:table-cell t:number-columns-repeated="{column - 1}"/>'
    table = f"<t:table-row>{cell}</t:table-row>{blank}<t:table-row>{gap}{cell}</t:table-row>"
    body = "".join(f'<t:table t:name="T{n}">{table}</t:table>' for n in range(sheets))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m/>")
        archive.writestr(
            "content.xml",
            f"<o:document-content {_ODS}><o:body><o:spreadsheet>{body}</o:spreadsheet></o:body>"
            "</o:document-content>",
        )
    return target.getvalue()


_ODS = " ".join(
    f'xmlns:{name[0]}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table")
)


def test_blank_formatting_to_the_last_row_is_harmless() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROW)))
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    target = io.BytesIO()
    book.save(target)
    assert_nice(rows_of(target.getvalue())[0])


def test_too_many_lines_of_text_are_refused() -> None:
    text = csv_text() + "\na,b" * 200_100
    assert refusal(text.encode(), "t.csv").code == "workbook-too-large"


@pytest.mark.parametrize("formula", ["=1/0", "=NA()"])
def test_a_formula_without_a_stored_result_is_a_problem_never_a_blank(formula: str) -> None:
    row = rows_of(workbook((1, "Chi bộ thôn Nà Mẫu", 12, formula, 90, "")))[0]
    assert row.state is None
    assert [(one.field, one.place) for one in row.problems] == [("held_on", "ô D4")]
    assert "lỗi công thức" in row.problems[0].message


def test_a_failed_formula_is_named_with_its_cell() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROW)))
    book.active["E4"].value = "#REF!"
    book.active["E4"].data_type = "e"
    target = io.BytesIO()
    book.save(target)
    row = rows_of(target.getvalue())[0]
    assert (row.problems[0].place, row.problems[0].message) == (
        "ô E4",
        "Ô đang báo lỗi công thức #REF!. Xóa công thức và gõ lại giá trị.",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_text_files_are_read_in_their_encodings(encoding: str, delimiter: str) -> None:
    assert_nice(rows_of(csv_text(delimiter).encode(encoding), "t10.csv")[0])


def test_windows_1258_is_read_with_its_separate_tones() -> None:
    """That code page has â ê ô ă ơ ư as letters, and the tone as a character of its own."""
    toned = "".join(letter_then_tone(letter) for letter in csv_text())
    assert_nice(rows_of(toned.encode("cp1258"), "t10.csv")[0])


def letter_then_tone(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(part for part in parts if part in "\u0300\u0309\u0303\u0301\u0323")
    rest = "".join(part for part in parts if part not in tone)
    return unicodedata.normalize("NFC", rest) + tone


@pytest.mark.parametrize(
    "damaged",
    [
        csv_text().encode().decode("cp1252", "replace").encode(),
        csv_text().encode("shift_jis", "replace") + b"\x81\x8d\x8f\x90",
    ],
)
def test_a_wrong_encoding_is_one_sentence(damaged: bytes) -> None:
    refused = refusal(damaged, "t10.csv")
    assert refused.code == "workbook-encoding"
    assert "CSV UTF-8" in refused.message


@pytest.mark.parametrize("above", [0, 300], ids=["at the top", "far below"])
def test_a_zero_byte_in_a_text_is_dropped_with_nothing_else(above: int) -> None:
    """A database stores no NUL: neither the line nor the file may fall for it."""
    fill = "".join(f"\n{n},Chi bộ lạ,12,05/10/2026,90,đúng kỳ hạn" for n in range(above))
    text = (
        csv_text().replace("\n1,", f"{fill}\n1,") + "\n2,Chi bộ\0 thôn Đồi Mẫu,9,07/10/2026,,mưa\0"
    )
    row = rows_of(text.encode(), "t10.csv")[-1]
    assert (row.label, row.values["note"]) == ("Chi bộ thôn Đồi Mẫu", "mưa")


def test_escaped_controls_in_a_workbook_are_dropped() -> None:
    lines = [(1, "Chi bộ_x0000_ A", 12, "05/10/2026", 90, "a_x0000_b_x0008_c")]
    (row,) = rows_of(workbook(*lines))
    assert (row.label, row.values["note"]) == ("Chi bộ A", "abc")


def test_an_old_font_is_recognised() -> None:
    head = ("TT", "Tªn chi bé", "Sè ®¶ng viªn", "Ngµy häp", "§iÓm", "Ghi chó")
    data = workbook((1, "Chi bé th«n Nµ MÉu", 12, "05/10/2026", 90, ""), title="x", head=head)
    assert refusal(data).code == "workbook-old-font"


def test_decomposed_text_reads_like_composed_text() -> None:
    nfd = [unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in ROW]
    head = tuple(unicodedata.normalize("NFD", text) for text in HEAD)
    data = workbook(tuple(nfd), title=unicodedata.normalize("NFD", TITLE), head=head)
    assert_nice(rows_of(data)[0])


def test_every_refusal_is_one_sentence_that_says_what_to_do() -> None:
    samples = [
        (b"", "a.xlsx"), (b"PK\x03\x04", "a.xlsx"), (b"%PDF-", "a.pdf"),
        (with_entry(workbook(ROW), "xl/vbaProject.bin", b"x"), "a.xlsm"),
        (workbook((1, 2, 3), head=("a", "b", "c")), "a.xlsx"),
        (workbook(ROW, title=""), "a.xlsx"),
    ]  # fmt: skip
    for data, name in samples:
        message = refusal(data, name).message
        assert message.endswith(".")
        assert len(message) < 200
        assert any(
            verb in message for verb in ("Chọn", "chọn", "lưu", "ghi", "cần", "Mở", "Hãy")
        ), message


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_failed_formulas_survive_libreoffice(tmp_path: Path, kind: str) -> None:
    """calamine gives them as blank; a blank would be taken for "no report"."""
    source = tmp_path / "t10.xlsx"
    source.write_bytes(workbook((1, "Chi bộ thôn Nà Mẫu", 12, "=1/0", 90, ""), ROW))
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
            "--convert-to", kind, "--outdir", str(tmp_path), str(source),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    rows = rows_of((tmp_path / f"t10.{kind}").read_bytes(), f"t10.{kind}")
    assert rows[0].problems[0].place == "ô D4"
    assert "#DIV/0!" in rows[0].problems[0].message
    assert_nice(rows[1])
