"""A form that cannot be filled is refused whole, with the place and what to do."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from tests.unit.outputs.forms_templates import SHEET, entries, rewritten, template
from vungmanh.core.errors import InputError
from vungmanh.outputs.forms.fill import fill_template
from vungmanh.outputs.forms.mapping import Target, read_mapping
from vungmanh.outputs.workbooks import guard

FILE = "xl/worksheets/sheet1.xml"


def refusal(book: bytes, target: Target, value=1) -> InputError:
    with pytest.raises(InputError) as caught:
        fill_template(book, [target], {"x": value})
    return caught.value


def at(cell: str, sheet: str = SHEET) -> Target:
    return Target("x", sheet=sheet, cell=cell)


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        (at("C5", "Biểu 2"), "form-sheet-missing", "tệp có: Biểu 1, Tổng hợp"),
        (at("C5", "BIỂU  1"), "form-sheet-missing", "có lẽ là “Biểu 1”"),
        (at("C7"), "form-formula", "công thức"),
        (at("C12"), "form-merged", "B12"),
        (at("C400"), "form-cell-outside", "ngoài phần đã kẻ"),
        (at("ZZ5"), "form-cell-outside", "ngoài phần đã kẻ"),
        (at("XFE5"), "form-cell-unknown", "XFE5"),
        (Target("x", name="khong_co"), "form-name-missing", "khong_co"),
        (Target("y", sheet=SHEET, cell="C5"), "form-value-missing", "“y”"),
    ],
)
def test_a_target_that_the_template_cannot_take_is_refused(target, code, said):
    error = refusal(template(), target)
    assert error.code == code
    assert said in error.message


def test_an_empty_cell_inside_a_merged_title_is_told_as_merged():
    wide = template(lambda _book, sheet: sheet.merge_range("Y40:Z40", "Tiêu đề"))
    error = refusal(wide, at("Z40"))
    assert error.code == "form-merged"
    assert "Y40" in error.message


@pytest.mark.parametrize("cell", ["C5", "C7", "A2"])
def test_a_locked_cell_of_a_protected_sheet_is_refused(cell):
    locked = template(lambda _book, sheet: sheet.protect())
    error = refusal(locked, at(cell))
    assert error.code in {"form-protected", "form-formula"}
    assert error.place == f"ô {cell}, trang Biểu 1"


def test_a_blank_value_does_not_hide_a_template_that_has_changed():
    assert refusal(template(), at("C7"), None).code == "form-formula"


def test_the_inside_of_an_array_formula_is_refused():
    def array(_book, sheet):
        sheet.write_array_formula("A14:B15", "{=C5:D6}", None, 0)

    assert refusal(template(array), at("B15")).code == "form-formula"


def test_a_name_of_more_than_one_cell_or_of_none_is_refused():
    error = refusal(template(), Target("x", name="cot_c"))
    assert error.code == "form-name-unclear"
    gone = rewritten(
        template(), {"xl/workbook.xml": lambda data: data.replace(b"!$B$12:$C$12", b"!#REF!")}
    )
    assert refusal(gone, Target("x", name="noi_lap")).code == "form-name-unclear"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("chữ\x07 có chuông", "form-control-characters"),
        ("\ud800", "form-control-characters"),
        ("d" * 32_768, "form-text-too-long"),
        (float("nan"), "form-value-kind"),
        (float("inf"), "form-value-kind"),
        (object(), "form-value-kind"),
    ],
)
def test_a_value_that_no_cell_can_hold_is_refused(value, code):
    error = refusal(template(), at("C5"), value)
    assert error.code == code
    assert error.place == "ô C5, trang Biểu 1"


def test_two_values_for_one_cell_are_refused():
    with pytest.raises(InputError, match="Hai giá trị") as caught:
        fill_template(template(), [at("B12"), Target("x", name="noi_lap")], {"x": 1})
    assert caught.value.code == "form-cell-twice"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "workbook-empty"),
        (b"%PDF-1.7", "form-not-xlsx"),  # no .ods or CSV is taken here, so none is named
        (b"PK\x03\x04 broken", "workbook-broken"),
        ("a,b\n1,2\n".encode("utf-8-sig"), "form-not-xlsx"),
    ],
)
def test_what_is_no_workbook_is_refused(data, code):
    assert refusal(data, at("C5")).code == code


def test_a_file_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(guard, "MAX_BYTES", 1000)
    assert refusal(template(), at("C5")).code == "workbook-too-large"


def test_a_signed_template_is_refused():
    signed = rewritten(template(), {"_xmlsignatures/sig1.xml": lambda _data: b"<x/>"})
    assert refusal(signed, at("C5")).code == "form-signed"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-30],
        lambda data: data.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1),
    ],
)
def test_a_broken_sheet_is_refused(change):
    assert refusal(rewritten(template(), {FILE: change}), at("C5")).code == "form-broken"


def test_a_sheet_in_another_encoding_is_refused():
    other = rewritten(
        template(), {FILE: lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16")}
    )
    assert refusal(other, at("C5")).code == "form-encoding"


def test_nothing_of_the_template_is_changed_by_a_refusal():
    book = template()
    before = entries(book)
    refusal(book, at("C7"))
    assert entries(book) == before


def test_a_mapping_is_read_from_its_file():
    said = "- {value: a, sheet: Biểu 1, cell: $c$7}\n- {value: b, name: noi_lap}\n"
    assert read_mapping(said) == (
        Target("a", sheet="Biểu 1", cell="C7"),
        Target("b", name="noi_lap"),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form-mapping-empty"),
        ("a: b", "form-mapping-empty"),
        ("- {value: a, sheet: [", "form-mapping-unreadable"),
        ("- {value: a, sheet: Biểu 1}", "form-mapping-entry"),
        ("- {value: a, sheet: S, cell: A1, name: b}", "form-mapping-entry"),
        ("- {value: a, sheet: S, cell: 12}", "form-mapping-entry"),
        ("- {value: a, sheet: S, cell: A0}", "form-cell-unknown"),
        ("- a", "form-mapping-entry"),
    ],
)
def test_a_mapping_that_cannot_be_read_names_its_entry(text, code):
    with pytest.raises(InputError) as caught:
        read_mapping(text)
    assert caught.value.code == code


def test_a_template_with_no_second_calc_setting_counts_anew():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("T")
        sheet.write("A1", 1)
        sheet.write_formula("A2", "=A1*2", None, 2)
    bare = rewritten(
        target.getvalue(),
        {
            "xl/workbook.xml": lambda data: data.replace(
                b'<calcPr calcId="124519" fullCalcOnLoad="1"/>', b""
            )
        },
    )
    assert b"calcPr" not in entries(bare)["xl/workbook.xml"]
    made = fill_template(bare, [at("A1", "T")], {"x": 4})
    assert b'</sheets><calcPr fullCalcOnLoad="1"/>' in entries(made)["xl/workbook.xml"]


def as_is(old: bytes, new: bytes):
    return lambda data: data.replace(old, new, 1)


@pytest.mark.parametrize(
    ("part", "change", "code"),
    [
        (FILE, as_is(b'<row r="5"', b'<row r="5x"'), "form-broken"),
        (FILE, as_is(b'<row r="5"', b'<row r="99999999999"'), "form-broken"),
        (FILE, as_is(b'r="C5" s="', b'r="C5" s="-'), "form-broken"),
        ("xl/styles.xml", as_is(b'numFmtId="0"', b'numFmtId="zz"'), None),
        ("xl/workbook.xml", as_is(b"UTF-8", b"foo"), "form-encoding"),
        ("xl/workbook.xml", lambda data: data.decode().encode("utf-16"), "form-encoding"),
    ],
)
def test_an_inside_that_no_workbook_has_is_refused_and_never_falls_over(part, change, code):
    book = rewritten(template(), {part: change})
    if code is None:
        assert fill_template(book, [at("C5")], {"x": 1})
    else:
        assert refusal(book, at("C5")).code == code


_FROM_0_TO_3 = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 3}


@pytest.mark.parametrize(
    ("rule", "value", "said"),
    [
        (_FROM_0_TO_3, 5, "từ 0 đến 3"),
        ({"validate": "integer", "criteria": ">=", "value": 0}, 1.5, "số nguyên từ 0 trở lên"),
        ({"validate": "decimal", "criteria": "<", "value": 100}, "chữ", "số nhỏ hơn 100"),
        ({"validate": "length", "criteria": "<=", "value": 3}, "dài quá", "không quá 3"),
        ({"validate": "list", "source": ["Tốt", "Khá"]}, "Giỏi", "một trong: Tốt, Khá"),
    ],
)
def test_what_the_template_itself_lets_into_a_cell_is_held(rule, value, said):
    book = template(lambda _book, sheet: sheet.data_validation("D9", rule))
    error = refusal(book, at("D9"), value)
    assert error.code == "form-limit"
    assert said in error.message
    assert "ô D9, trang Biểu 1" in error.message


@pytest.mark.parametrize(
    "rule",
    [
        {"validate": "integer", "criteria": "<", "value": 3, "error_type": "warning"},
        {"validate": "integer", "criteria": "<", "value": 3, "show_error": False},
        {"validate": "integer", "criteria": "<", "value": "=A1"},
        {"validate": "list", "source": "=$A$1:$A$3"},
    ],
)
def test_what_excel_itself_would_let_through_is_filled(rule):
    book = template(lambda _book, sheet: sheet.data_validation("C9", rule))
    assert fill_template(book, [at("C9")], {"x": 7})


def test_the_heading_of_a_table_is_refused_for_excel_would_call_the_file_damaged():
    def table(_book, sheet):
        sheet.add_table("A20:B24", {"columns": [{"header": "Tên"}, {"header": "Mức"}]})

    error = refusal(template(table), at("B20"), "Khác")
    assert (error.code, error.place) == ("form-heading", "ô B20, trang Biểu 1")


def test_a_template_with_macros_is_refused_with_what_to_ask_for():
    error = refusal(rewritten(template(), {"xl/vbaProject.bin": lambda _data: b"x"}), at("C5"))
    assert error.code == "form-macros"
    assert "không macro" in error.message


@pytest.mark.parametrize("value", [10**15, 10**400, "đổi \u202eneihc", "\x9f"])
def test_what_excel_would_keep_as_something_else_is_refused(value):
    codes = {"form-value-kind", "form-control-characters"}
    assert refusal(template(), at("C10"), value).code in codes


def test_lists_within_lists_without_end_are_refused():
    with pytest.raises(InputError) as caught:
        read_mapping("[" * 100_000)
    assert caught.value.code == "form-mapping-unreadable"
