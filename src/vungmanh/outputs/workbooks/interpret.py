"""One row of a table to one `ReadRow`: every cell read, every doubt said with its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from vungmanh.core.text import same_words_key
from vungmanh.core.vocabulary import ReportState
from vungmanh.outputs.workbooks import days, values
from vungmanh.outputs.workbooks.attendance import attendance_problems, attendance_warning
from vungmanh.outputs.workbooks.cells import Cell, FormulaError, Unreadable, is_blank, text_of
from vungmanh.outputs.workbooks.columns import FACTS, MARKS, TITLES, Field
from vungmanh.outputs.workbooks.grid import address
from vungmanh.outputs.workbooks.headers import Heading
from vungmanh.outputs.workbooks.rows import Problem, ReadRow, Value
from vungmanh.outputs.workbooks.states import Said, is_plainly_not_held, said_in
from vungmanh.outputs.workbooks.tasks import task_problems

_people = partial(values.whole_number, most=values.MAX_PEOPLE)
_tasks = partial(values.whole_number, most=values.MAX_TASKS)

_PARSERS: dict[Field, Callable[[Cell | None], Value | None]] = {
    Field.MEMBERS: partial(_people, what="số đảng viên"),
    Field.PRESENT: partial(_people, what="số người có mặt"),
    Field.EXCUSED: partial(_people, what="số vắng có lý do"),
    Field.UNEXCUSED: partial(_people, what="số vắng không lý do"),
    Field.EXEMPT: partial(_people, what="số được miễn"),
    Field.DURATION: values.minutes,
    Field.SCORE: values.score,
    Field.CARRIED: partial(values.whole_number, most=values.MAX_PERIODS, what="số kỳ kéo dài"),
    Field.ADMITTED: partial(_people, what="số kết nạp"),
    Field.TASKS_DUE: partial(_tasks, what="số việc đến hạn"),
    Field.TASKS_ON_TIME: partial(_tasks, what="số việc xong đúng hạn"),
    Field.NOTE: values.note,
}

#: What a meeting that did not take place cannot have; a 0 there says nothing and is passed over.
_OF_A_MEETING = (
    Field.HELD_ON,
    Field.PRESENT,
    Field.EXCUSED,
    Field.UNEXCUSED,
    Field.DURATION,
    Field.SCORE,
)
#: Beside a date, these show that somebody reported; the number of members stands there anyway.
_EVIDENCE = (
    *_OF_A_MEETING,
    Field.CARRIED,
    Field.ADMITTED,
    Field.TASKS_DUE,
    Field.TASKS_ON_TIME,
)

_TOTALS = re.compile(r"(tong|cong|tong cong|tong so|toan dang bo|toan xa|toan tinh|tong hop)( .*)?")


@dataclass(frozen=True)
class Table:
    """Where a row stands: the heading above it and what holds for the whole table."""

    heading: Heading
    month: date | None
    where: str  # "trang “T10”, " when the file has several tables, else ""
    section: int

    def place(self, row: int, field: Field) -> str:
        return f"{self.where}ô {address(row, self.heading.columns[field])}"


def read_row(table: Table, number: int, cells: list[Cell]) -> ReadRow | None:
    """The row as a report, or None when it is no report at all (blank, total, signature)."""
    given: dict[Field, Cell] = {
        field: cells[column]
        for field, column in table.heading.columns.items()
        if column < len(cells) and not is_blank(cells[column])
    }
    label = _label(given)
    if _is_total(label):
        return None
    is_sure = _is_sure(given)
    if not label and not (is_sure and Field.NUMBER in given):
        return None
    row = ReadRow(
        place=table.place(number, Field.NAME),
        label=label,
        unit=_plain(given.get(Field.UNIT_ID)),
        code=_plain(given.get(Field.CODE)),
        organisation=_plain(given.get(Field.ORGANISATION)),
        month=table.month,
        is_sure=is_sure,
        section=table.section,
    )
    if not label and not row.unit:
        _complain(row, Field.NAME, row.place, "Thiếu tên chi bộ. Ghi tên chi bộ vào ô này.")
    _Reader(table, number, given, row).read()
    return row


@lru_cache(maxsize=20_000)
def _is_total(label: str) -> bool:
    return _TOTALS.fullmatch(same_words_key(label)) is not None


def _label(given: Mapping[Field, Cell]) -> str:
    """The name, or the words of a group heading that stands in the first column."""
    name = given.get(Field.NAME)
    if name is not None:
        return name.text if isinstance(name, FormulaError) else text_of(name)
    first = given.get(Field.NUMBER)
    words = _plain(first)
    return words if isinstance(first, str) and len(words) > 5 else ""


def _plain(cell: Cell | None) -> str:
    return "" if isinstance(cell, FormulaError) else text_of(cell)


def _is_sure(given: Mapping[Field, Cell]) -> bool:
    """Whether the row can only be a report: numbered, addressed, or with facts beside the name."""
    if Field.UNIT_ID in given:
        return True
    number = _plain(given.get(Field.NUMBER))
    if re.fullmatch(r"\(?\d{1,6}\)?[.)]?", number):
        return True
    facts = [cell for field, cell in given.items() if field in FACTS]
    return Field.NAME in given and any(
        not isinstance(cell, str) or any(c.isdecimal() for c in cell) or said_in(text_of(cell))
        for cell in facts
    )


def _complain(row: ReadRow, field: Field, place: str, message: str) -> None:
    row.problems.append(Problem(field.value, place, message))


class _Reader:
    """Reads the cells of one row into `row`, collecting problems instead of stopping."""

    def __init__(self, table: Table, number: int, given: dict[Field, Cell], row: ReadRow) -> None:
        self.table, self.number, self.given, self.row = table, number, given, row

    def read(self) -> None:
        self._read_name()
        self._read_month()
        said = self._said()
        self._read_date(said)
        self._read_values(said)
        self._read_marks()
        self._decide(said)
        for field, message in task_problems(self.row.values):
            self.problem(Field(field), message)
        if self.row.state == ReportState.HELD:
            for field, message in attendance_problems(self.row.values):
                self.problem(Field(field), message)
            if warning := attendance_warning(self.row.values):
                self.warn(Field.PRESENT, warning)

    def problem(self, field: Field, message: str) -> None:
        _complain(self.row, field, self._place(field), message)

    def warn(self, field: Field, message: str) -> None:
        self.row.warnings.append(Problem(field.value, self._place(field), message))

    def _place(self, field: Field) -> str:
        known = field if field in self.table.heading.columns else Field.NAME
        return self.table.place(self.number, known)

    def _read_name(self) -> None:
        if isinstance(self.given.get(Field.NAME), FormulaError):
            self.problem(Field.NAME, "Tên chi bộ đang báo lỗi công thức. Gõ lại tên.")

    def _read_month(self) -> None:
        key = Field.MONTH_KEY if Field.MONTH_KEY in self.given else Field.MONTH
        try:
            self.row.month = days.month_of_cell(self.given.get(key)) or self.row.month
        except Unreadable as error:
            self.problem(key, str(error))
        if self.row.month is None and not self.row.problems:
            self.problem(Field.MONTH, "Dòng này chưa ghi tháng. Ghi như 11/2026.")

    def _said(self) -> Said | None:
        """What the state and date columns say in words."""
        said: list[Said] = []
        for field in (Field.STATE, Field.HELD_ON):
            cell = self.given.get(field)
            if not isinstance(cell, str) or (field is Field.HELD_ON and days.has_date(cell)):
                continue
            found = said_in(text_of(cell))
            if found is not None:
                said.append(found)
            elif field is Field.STATE:
                self.problem(
                    field,
                    f"“{text_of(cell)}” chưa rõ. Chọn “Đã họp” hoặc “Không họp”, "
                    "hoặc để trống nếu chưa có báo cáo.",
                )
        if len(set(said)) > 1:
            self.problem(
                Field.HELD_ON, "Cột tình trạng và cột ngày họp nói khác nhau. Sửa một cột."
            )
        return said[0] if said else None

    def _read_date(self, said: Said | None) -> None:
        cell = self.given.get(Field.HELD_ON)
        if cell is None or self.row.month is None:
            return
        if isinstance(cell, str) and not days.has_date(cell) and said is not None:
            return
        try:
            day, warning = days.held_on(cell, self.row.month)
        except Unreadable as error:
            self.problem(Field.HELD_ON, str(error))
            return
        if day is not None:
            self.row.values["held_on"] = day
        if warning:
            self.warn(Field.HELD_ON, warning)

    def _read_values(self, said: Said | None) -> None:
        for field, parse in _PARSERS.items():
            cell = self.given.get(field)
            if cell is None or (
                said is Said.NOT_HELD and field in _OF_A_MEETING and text_of_number(cell) == "0"
            ):
                continue
            try:
                value = parse(cell)
            except Unreadable as error:
                self.problem(field, str(error))
                continue
            if value is not None:
                self.row.values[field.value] = value

    def _read_marks(self) -> None:
        """The column marked, when there is no score to say the same more exactly."""
        marked = [f for f in MARKS if f in self.given and text_of_number(self.given[f]) != "0"]
        if len(marked) > 1:
            names = ", ".join(f"“{MARKS[field]}”" for field in marked)
            self.problem(marked[1], f"Đánh dấu nhiều mức: {names}. Chỉ giữ một mức.")
        elif marked and "score" not in self.row.values:
            said = f"Xếp loại kỳ họp: {MARKS[marked[0]]}."
            self.row.values["note"] = f"{said} {self.row.values.get('note', '')}".strip()

    def _decide(self, said: Said | None) -> None:
        """Set the state, or say why it cannot be set."""
        # A month without a meeting may still carry a resolution over or admit a member.
        found = self._evidence(_OF_A_MEETING if said is Said.NOT_HELD else _EVIDENCE)
        if said is None and "held_on" not in self.row.values and found is None:
            said = self._said_in_note()
        if said is Said.EXCUSED:
            self.problem(Field.STATE, _EXCUSED)
        elif said is Said.PUT_OFF:
            self.problem(Field.STATE, _PUT_OFF)
        elif said in {Said.NOT_HELD, Said.NO_REPORT} and found is not None:
            self.problem(
                found,
                f"Ghi là {_WORDS[said]} nhưng ô này lại có {TITLES[found].lower()}. "
                "Xóa một trong hai.",
            )
        elif said is Said.NOT_HELD:
            self.row.state = ReportState.NOT_HELD.value
        elif said is Said.HELD or "held_on" in self.row.values:
            self.row.state = ReportState.HELD.value
        elif found is not None and not self.row.problems:
            self.problem(
                found,
                f"Có {TITLES[found].lower()} nhưng chưa ghi ngày họp. Ghi ngày họp, "
                "hoặc ghi “không họp”, hoặc xóa số này nếu chưa có báo cáo.",
            )

    def _evidence(self, fields: tuple[Field, ...]) -> Field | None:
        """The first of these cells that says something, or a mark; a 0 does not."""
        for field in fields:
            if self.row.values.get(field.value) not in (None, 0, Decimal(0)):
                return field
        return next((f for f in MARKS if f in self.given), None)

    def _said_in_note(self) -> Said | None:
        note = str(self.row.values.get("note", ""))
        said = said_in(note)
        if said is not Said.NOT_HELD or is_plainly_not_held(note):
            return said if said in {Said.NOT_HELD, Said.NO_REPORT} else None
        self.problem(
            Field.NOTE,
            "Ghi chú nói đến việc không họp nhưng chưa rõ của chi bộ hay của đảng viên. "
            "Nếu chi bộ không họp, ghi “không họp” vào cột ngày họp.",
        )
        return None


_WORDS = {Said.NOT_HELD: "không họp", Said.NO_REPORT: "chưa có báo cáo"}
_EXCUSED = (
    "Miễn kỳ họp phải có văn bản của cấp trên, không ghi qua bảng này. "
    "Để trống dòng, hoặc ghi “không họp”."
)
_PUT_OFF = (
    "Chưa rõ kỳ này đã họp hay không. Ghi ngày họp bù, hoặc “không họp”, "
    "hoặc để trống nếu chưa có báo cáo."
)


def text_of_number(cell: Cell) -> str:
    """The text of a cell, whole numbers without their decimal part; "" for a failed formula."""
    return _plain(cell)
