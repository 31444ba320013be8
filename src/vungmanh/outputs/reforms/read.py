"""A workbook of a reform to its decision and its rows of words. No unit is looked up here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from vungmanh.core.text import date_vi, same_words_key
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.outputs.reforms.layout import (
    DECISION_SHEET,
    FACT_TITLES,
    HELP_SHEET,
    STATUS_WORDS,
    STEPS_SHEET,
    TITLES,
    Col,
    Fact,
    column_named,
    fact_named,
    verb_named,
)
from vungmanh.outputs.workbooks.cells import Cell, Unreadable, is_blank, number_of, shown, text_of
from vungmanh.outputs.workbooks.grid import Sheet, address, open_sheets
from vungmanh.outputs.workbooks.guard import refusal
from vungmanh.outputs.workbooks.rows import Problem

MAX_STEPS = 20_000
MAX_TEXT = 200
_LOOK_FOR_HEADING = 40
_EPOCH, _FIRST_SERIAL, _LAST_SERIAL = dt.date(1899, 12, 30), 14_611, 73_050  # 1940 to 2099
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ONLY_NAMES = frozenset({Col.UNIT_ID, Col.NUMBER, Col.UNIT, Col.UNDER, Col.CODE})
_COUNTED = re.compile(r"(\d{1,6})\s*([^\d,;+]*)")
_OTHER_SHEETS = frozenset({DECISION_SHEET, HELP_SHEET})


@dataclass(frozen=True)
class StepRow:
    """One row as written: its number in the sheet, and the words of the columns filled in."""

    row: int  # as Excel counts
    words: dict[Col, str]

    def word(self, column: Col) -> str:
        return self.words.get(column, "")

    def place(self, column: Col | None = None) -> str:
        """Where a reader finds it."""
        if column is None:
            return f"dòng {self.row}"
        return f"dòng {self.row}, cột “{TITLES[column]}”"

    def problem(self, column: Col, message: str) -> Problem:
        return Problem(column.value, self.place(column), message)


@dataclass
class ReadReform:
    """A file as read: the decision, the rows, and all that is wrong so far."""

    title: str = ""
    document: str = ""
    signed_on: dt.date | None = None
    effective_on: dt.date | None = None
    rows: list[StepRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_reform_workbook(data: bytes, name: str) -> ReadReform:
    """Open a file and read both sheets. Raises InputError when the file as a whole cannot be read.

    What is wrong in single cells is listed in `problems`, all of it.
    """
    sheets = [sheet for sheet in open_sheets(data, name) if not sheet.is_hidden]
    found = ReadReform()
    _read_steps(_steps_sheet(sheets), found)
    decision = next((one for one in sheets if _is(one, DECISION_SHEET)), None)
    if decision is not None:
        _read_decision(decision, found)
    return found


def _is(sheet: Sheet, name: str) -> bool:
    return same_words_key(sheet.name) == same_words_key(name)


def _steps_sheet(sheets: list[Sheet]) -> Sheet:
    named = [sheet for sheet in sheets if _is(sheet, STEPS_SHEET)]
    others = [sheet for sheet in sheets if sheet.name not in _OTHER_SHEETS]
    for sheet in [*named, *others]:
        if _heading(sheet) is not None:
            return sheet
    raise refusal(
        "no-steps",
        "Không thấy bảng các bước: cần trang “Các bước” có dòng tiêu đề với cột “Việc” và cột "
        "“Đơn vị”. Tải mẫu ở trang Sắp xếp tổ chức rồi chép sang.",
    )


def _heading(sheet: Sheet) -> tuple[int, dict[Col, int]] | None:
    for seen, (number, cells) in enumerate(sheet.rows()):
        if seen >= _LOOK_FOR_HEADING:
            return None
        columns: dict[Col, int] = {}
        for place, cell in enumerate(cells):
            if isinstance(cell, str) and (column := column_named(cell)) is not None:
                columns.setdefault(column, place)
        if Col.VERB in columns and {Col.UNIT, Col.CODE} & columns.keys():
            return number, columns
    return None


def _read_steps(sheet: Sheet, found: ReadReform) -> None:
    located = _heading(sheet)
    assert located is not None, "the sheet was chosen for its heading"
    top, columns = located
    for number, cells in sheet.rows():
        if number <= top:
            continue
        words = dict(_words(number, cells, columns, found.problems))
        if not words.keys() - {Col.NUMBER, Col.UNDER}:
            continue  # a line left empty, or only numbered
        if Col.VERB not in words:
            if words.keys() <= _ONLY_NAMES:
                continue  # a unit of the filled-in sheet about which nothing was said
            place = f"dòng {number + 1}, cột “{TITLES[Col.VERB]}”"
            found.problems.append(Problem(Col.VERB.value, place, "Chọn một việc trong danh sách."))
            continue
        if verb_named(words[Col.VERB]) is None:
            place = f"dòng {number + 1}, cột “{TITLES[Col.VERB]}”"
            message = (
                f"Không rõ việc “{shown(words[Col.VERB])}”. Chọn một trong: Lập mới, Đổi, Chuyển, "
                "Sáp nhập, Chia tách, Kết thúc."
            )
            found.problems.append(Problem(Col.VERB.value, place, message))
            continue
        if len(found.rows) >= MAX_STEPS:
            raise refusal(
                "too-large",
                f"Bảng có hơn {MAX_STEPS} bước: tách thành nhiều lần sắp xếp rồi nạp lại.",
            )
        found.rows.append(StepRow(number + 1, words))


def _words(
    number: int, cells: list[Cell], columns: dict[Col, int], problems: list[Problem]
) -> Iterator[tuple[Col, str]]:
    for column, place in columns.items():
        cell = cells[place] if place < len(cells) else ""
        if is_blank(cell):
            continue
        try:
            text = _share_text(cell) if column is Col.SHARE else text_of(cell)
        except Unreadable as error:
            where = f"ô {address(number, place)}"
            problems.append(Problem(column.value, where, str(error)))
            continue
        if len(text) > MAX_TEXT:
            where = f"ô {address(number, place)}"
            message = f"Dài {len(text)} ký tự. Rút gọn còn tối đa {MAX_TEXT} ký tự."
            problems.append(Problem(column.value, where, message))
            continue
        yield column, text


def _share_text(cell: Cell) -> str:
    """A number as it is: a rounded one would no longer add up."""
    return repr(cell) if isinstance(cell, float) else text_of(cell)


# --- the decision ----------------------------------------------------------------------------


def _read_decision(sheet: Sheet, found: ReadReform) -> None:
    for number, cells in sheet.rows():
        filled = [(place, cell) for place, cell in enumerate(cells) if not is_blank(cell)]
        if not filled or not isinstance(filled[0][1], str):
            continue
        fact = fact_named(filled[0][1])
        if fact is None or len(filled) < 2:
            continue
        place, cell = filled[1]
        try:
            _set_fact(found, fact, cell)
        except Unreadable as error:
            where = f"ô {address(number, place)}, trang “{DECISION_SHEET}”"
            found.problems.append(Problem(fact.value, where, str(error)))


def _set_fact(found: ReadReform, fact: Fact, cell: Cell) -> None:
    if fact is Fact.TITLE:
        found.title = _short(text_of(cell), fact)
    elif fact is Fact.DOCUMENT:
        found.document = _short(text_of(cell), fact)
    elif fact is Fact.SIGNED_ON:
        found.signed_on = day_of(cell)
    else:
        found.effective_on = day_of(cell)


def _short(text: str, fact: Fact) -> str:
    if len(text) > MAX_TEXT:
        raise Unreadable(
            f"“{FACT_TITLES[fact]}” dài {len(text)} ký tự. Rút gọn còn tối đa {MAX_TEXT} ký tự."
        )
    return text


# --- single cells ----------------------------------------------------------------------------


def day_of(cell: Cell) -> dt.date:
    """A full day: a date, or day/month/year in words."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    number = number_of(cell, grouped=False)
    if number is not None and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return _EPOCH + dt.timedelta(days=int(number))
    if match := _DAY.search(text_of(cell)):
        try:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            pass
    example = date_vi(dt.date(2025, 7, 1))
    raise Unreadable(f"“{shown(cell)}” không phải ngày. Ghi ngày/tháng/năm, ví dụ {example}.")


def share_of(text: str) -> float:
    """A share of one: "0,6", "60 %", "60%"."""
    bare = text.replace("%", "").strip()
    number = number_of(bare, grouped=False)
    if number is None and "e" not in bare:
        try:
            number = Decimal(bare.replace(",", "."))
        except ArithmeticError:
            number = None
    if number is None:
        raise Unreadable(f"“{text}” không phải tỷ lệ. Ghi như 0,6 hoặc 60 %.")
    share = float(number / 100 if "%" in text or number > 1 else number)
    if not 0 < share <= 1:
        raise Unreadable(f"Tỷ lệ {text} phải lớn hơn 0 và không quá 100 %.")
    return share


def members_of(text: str) -> dict[MembershipStatus, int]:
    """Members by status: "12" are official ones, "12 chính thức, 1 dự bị"."""
    found: dict[MembershipStatus, int] = {}
    for part in re.split(r"[,;+]", text):
        match = _COUNTED.fullmatch(part.strip())
        words = same_words_key(match[2]) if match else ""
        status = STATUS_WORDS.get(words) if words else MembershipStatus.OFFICIAL
        if match is None or status is None or status in found:
            raise Unreadable(
                f"“{text}” không đọc được. Ghi như “12” hoặc “12 chính thức, 1 dự bị”."
            )
        found[status] = int(match[1])
    return found
