"""The workbook of a reform: what is written is read again, and what is wrong is told, all of it."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest

from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.org.reform.steps import Change, Create, End, Merge, Move, Part, Split, Step
from vungmanh.outputs.reforms.assemble import Assembled, assemble
from vungmanh.outputs.reforms.layout import COLUMNS, TITLES, Col
from vungmanh.outputs.reforms.read import ReadReform, read_reform_workbook
from vungmanh.outputs.reforms.units import KnownUnit, UnitIndex
from vungmanh.outputs.reforms.write import write_reform_workbook, write_template

DAY = dt.date(2025, 7, 1)


def number(n: int) -> UUID:
    return UUID(int=n)


def unit(n: int, name: str, above: int | None, code: str = "") -> KnownUnit:
    return KnownUnit(
        unit_id=number(n),
        name=name,
        kind=UnitKind.CHI_BO,
        sector=Sector.VILLAGE,
        area="",
        official_code=code,
        is_organisation=False,
        above_id=number(above) if above else None,
        above=NAMES.get(above or 0, ""),
    )


NAMES = {1: "Đảng bộ tỉnh Mẫu", 2: "Đảng bộ xã Quan Mẫu", 3: "Đảng bộ xã Láng Thử"}
REGISTER = UnitIndex(
    [
        unit(1, NAMES[1], None, "T01"),
        unit(2, NAMES[2], 1, "X02"),
        unit(3, NAMES[3], 1, "X03"),
        unit(4, "Chi bộ thôn Một", 2),
        unit(5, "Chi bộ thôn Hai", 2),
        unit(6, "Chi bộ thôn Một", 3),
        unit(7, "Chi bộ thôn Hòa", 3),
        unit(8, "Chi bộ thôn Hóa", 3),
    ]
)
STEPS: list[Step] = [
    Create(
        ref="A",
        name="Đảng bộ xã Mới Thử",
        kind=UnitKind.DANG_BO_XA,
        sector=Sector.COMMUNE,
        area="Mẫu Hạ",
        official_code="X09",
        is_organisation=True,
        parent=str(number(1)),
    ),
    Merge(sources=(str(number(2)), str(number(3))), target="#A"),
    Move(unit=str(number(4)), parent="#A"),
    Change(unit=str(number(5)), name="Chi bộ thôn Hai Mới", official_code="C5"),
    Split(
        unit=str(number(6)),
        parts=(
            Part(target=str(number(7)), share=0.6, members={"official": 6, "probationary": 1}),
            Part(target=str(number(8)), share=0.4, members={"official": 4}),
        ),
    ),
    End(unit=str(number(7)), members_to=str(number(8))),
]


def written(steps: list[Step] = STEPS) -> bytes:
    return write_reform_workbook(
        title="Sắp xếp năm 2025",
        document="QĐ 15-QĐ/TU, 20/6/2025",
        signed_on=dt.date(2025, 6, 20),
        effective_on=DAY,
        steps=steps,
        index=REGISTER,
    )


def sheet(*rows: dict[Col, object]) -> bytes:
    """A workbook typed by hand: headings in another order than ours, no hidden column."""
    book = openpyxl.Workbook()
    page = book.active
    columns = [column for column in Col if column is not Col.UNIT_ID][::-1]
    page.append(["KẾ HOẠCH SẮP XẾP"])
    page.append([TITLES[column].upper() for column in columns])
    for row in rows:
        page.append([row.get(column) for column in columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(data: bytes) -> ReadReform:
    return read_reform_workbook(data, "sap-xep.xlsx")


def assembled(*rows: dict[Col, object]) -> Assembled:
    found = read(sheet(*rows))
    assert found.problems == []
    return assemble(found.rows, REGISTER)


def only_problem(*rows: dict[Col, object]) -> str:
    [problem] = assembled(*rows).problems
    return f"{problem.place}: {problem.message}"


def test_what_is_written_is_read_again() -> None:
    found = read(written())
    assert found.problems == []
    assert (found.title, found.document) == ("Sắp xếp năm 2025", "QĐ 15-QĐ/TU, 20/6/2025")
    assert (found.signed_on, found.effective_on) == (dt.date(2025, 6, 20), DAY)
    again = assemble(found.rows, REGISTER)
    assert again.problems == ()
    assert list(again.steps) == STEPS


def test_the_same_reform_gives_the_same_bytes() -> None:
    assert written() == written()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook_and_what_it_saves_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(written())
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    found = read_reform_workbook((tmp_path / "a.ods").read_bytes(), "a.ods")
    assert found.effective_on == DAY
    assert list(assemble(found.rows, REGISTER).steps) == STEPS


def test_an_untouched_template_has_no_steps_and_a_filled_one_has_those_filled_in() -> None:
    data = write_template(REGISTER.by_id.values(), effective_on=DAY)
    assert read(data).rows == []
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book["Các bước"]
    place = {cell.value: cell.column for cell in page[4]}
    line = next(row for row in page.iter_rows(min_row=5) if row[0].value == str(number(6)))[0].row
    page.cell(line, place[TITLES[Col.VERB]]).value = "Chuyển"
    page.cell(line, place[TITLES[Col.TARGET]]).value = "đảng bộ xã quan mẫu"
    target = io.BytesIO()
    book.save(target)
    found = assemble(read(target.getvalue()).rows, REGISTER)
    assert found.problems == ()
    assert found.steps == (Move(unit=str(number(6)), parent=str(number(2))),)


def test_a_hidden_mark_beside_another_name_is_refused() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append([column.title for column in COLUMNS])
    page.append(
        {
            1: str(number(4)),
            3: "Chuyển",
            4: "Chi bộ thôn Hai",
            7: "Đảng bộ xã Láng Thử",
        }.get(n)
        for n in range(1, 16)
    )
    target = io.BytesIO()
    book.save(target)
    [problem] = assemble(read(target.getvalue()).rows, REGISTER).problems
    assert "Mã ẩn của dòng này là của Chi bộ thôn Một" in problem.message


def test_rows_of_one_target_make_one_merge() -> None:
    both = assembled(
        {Col.NUMBER: 1, Col.VERB: "Sáp nhập", Col.CODE: "X02", Col.TARGET: "Chi bộ thôn Hai"},
        {Col.NUMBER: 1, Col.VERB: "Hợp nhất", Col.CODE: "x03"},
    )
    target = str(number(5))
    assert both.problems == ()
    assert both.steps == (Merge(sources=(str(number(2)), str(number(3))), target=target),)
    assert both.rows == ((3, 4),)


def test_a_name_borne_by_two_units_is_refused_with_both_named() -> None:
    told = only_problem(
        {Col.VERB: "Chuyển", Col.UNIT: "Chi bộ thôn Một", Col.TARGET_CODE: "X03"},
    )
    assert told.startswith("dòng 3, cột “Đơn vị”")
    assert "Đảng bộ xã Quan Mẫu" in told
    assert "Đảng bộ xã Láng Thử" in told
    assert "Ghi thêm cột “Đang thuộc”" in told


def test_the_unit_above_tells_two_of_the_same_name_apart() -> None:
    found = assembled(
        {
            Col.VERB: "chuyen",
            Col.UNIT: "Chi bộ thôn Một",
            Col.UNDER: "đảng bộ xã láng thử",
            Col.TARGET_CODE: "X02",
        },
    )
    assert found.steps == (Move(unit=str(number(6)), parent=str(number(2))),)


def test_tones_count_where_both_names_exist_and_are_forgiven_where_one_does() -> None:
    exact = {Col.VERB: "Kết thúc", Col.UNIT: "Chi bộ thôn Hóa"}
    assert assembled(exact).steps == (End(unit=str(number(8)), members_to=None),)
    loose = {Col.VERB: "Giải thể", Col.UNIT: "CHI BO THON HAI"}
    assert assembled(loose).steps == (End(unit=str(number(5)), members_to=None),)
    assert "2 đơn vị" in only_problem({Col.VERB: "Kết thúc", Col.UNIT: "Chi bo thon hoa"})


def test_a_new_unit_may_bear_the_name_of_one_that_goes_into_it() -> None:
    found = assembled(
        {
            Col.VERB: "Lập mới",
            Col.NEW_NAME: "Đảng bộ xã Quan Mẫu",
            Col.TARGET_CODE: "T01",
            Col.KIND: "Đảng bộ xã, phường",
            Col.SECTOR: "Xã, phường",
        },
        {Col.VERB: "Sáp nhập", Col.CODE: "X02", Col.TARGET: "Đảng bộ xã Quan Mẫu"},
    )
    assert found.problems == ()
    created, merged = found.steps
    assert isinstance(created, Create)
    assert created.is_organisation
    assert merged == Merge(sources=(str(number(2)),), target=f"#{created.ref}")


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = assembled(
        {Col.VERB: "Chuyển", Col.UNIT: "Chi bộ thôn Ba", Col.TARGET: "Đảng bộ xã Xa"},
        {Col.VERB: "Lập mới", Col.NEW_NAME: "Chi bộ thôn Tư", Col.TARGET_CODE: "#Z"},
        {Col.VERB: "Chia tách", Col.CODE: "X02", Col.TARGET_CODE: "X03", Col.SHARE: "nửa"},
        {Col.VERB: "Đổi", Col.CODE: "X02"},
        {Col.VERB: "Đổi", Col.CODE: "X03", Col.KIND: "Chi đoàn", Col.NEW_NAME: "A"},
        {Col.VERB: "Chuyển", Col.CODE: "X02"},
        {Col.VERB: "Kết thúc", Col.UNIT: "Chi bộ thôn Hai"},
        {Col.VERB: "Kết thúc", Col.UNIT: "Chi bộ thôn Hai"},
    )
    told = [f"{one.place}: {one.message}" for one in found.problems]
    assert [one.split(":")[0] for one in told] == [
        "dòng 3, cột “Đơn vị”",
        "dòng 3, cột “Đơn vị cấp trên, đích”",
        "dòng 4, cột “Mã cấp trên, đích”",
        "dòng 4, cột “Loại”",
        "dòng 4, cột “Lĩnh vực”",
        "dòng 5, cột “Tỷ lệ”",
        "dòng 6, cột “Tên mới”",
        "dòng 7, cột “Loại”",
        "dòng 8, cột “Đơn vị cấp trên, đích”",
        "dòng 10, cột “Đơn vị”",
    ]
    assert found.steps == ()
    assert "đã có ở dòng 9" in told[-1]


def test_an_unknown_verb_and_a_failed_formula_are_told_with_their_place() -> None:
    found = read(sheet({Col.VERB: "Ghép", Col.CODE: "X02"}, {Col.VERB: None, Col.TARGET: "X"}))
    assert [one.place for one in found.problems] == ["dòng 3, cột “Việc”", "dòng 4, cột “Việc”"]
    assert "Không rõ việc “Ghép”" in found.problems[0].message


def test_a_day_that_is_none_is_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written()))
    book["Quyết định"]["B6"] = "31/02/2025"
    target = io.BytesIO()
    book.save(target)
    found = read(target.getvalue())
    assert found.effective_on is None
    assert "không phải ngày" in found.problems[0].message


def test_a_file_without_the_sheet_of_steps_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Chi bộ", "Ngày họp"])
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(InputError, match="Không thấy bảng các bước"):
        read(target.getvalue())
    with pytest.raises(InputError, match="bị hỏng"):
        read(b"PK\x03\x04" + b"0" * 100)


def test_three_thousand_rows_are_read_again() -> None:
    many = UnitIndex(
        [unit(1, NAMES[1], None, "T01")] + [unit(n, f"Chi bộ thôn {n}", 1) for n in range(2, 3002)]
    )
    steps = [Move(unit=str(number(n)), parent=str(number(2))) for n in range(3, 3002)]
    data = write_reform_workbook(
        title="", document="", signed_on=None, effective_on=DAY, steps=steps, index=many
    )
    assert list(assemble(read(data).rows, many).steps) == steps
