"""A reform as the workbook that `read` understands, and the same sheet filled in with the units."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vungmanh.core.vocabulary import MembershipStatus, Sector, UnitKind
from vungmanh.org.reform.steps import Change, Create, End, Merge, Move, Part, Split, Step
from vungmanh.outputs.reforms.layout import (
    AT,
    CHOICES_SHEET,
    COLUMNS,
    DECISION_SHEET,
    FACT_TITLES,
    HELP_SHEET,
    NO,
    STEPS_SHEET,
    YES,
    Col,
    Fact,
    Verb,
)
from vungmanh.outputs.reforms.units import KnownUnit, UnitIndex
from vungmanh.outputs.workbooks.write import CREATED

FREE_ROWS = 200  # lines left empty below the last one, with their drop-downs
_HEADING = 3
Row = dict[Col, str | float]

_CHOICES: dict[Col, list[str]] = {
    Col.VERB: [verb.label for verb in Verb],
    Col.KIND: [kind.label for kind in UnitKind],
    Col.SECTOR: [sector.label for sector in Sector],
    Col.IS_ORGANISATION: [YES, NO],
}

_HELP = (
    "Cách ghi",
    "1. Trang “Quyết định”: tên, số và ngày văn bản, ngày ký, ngày hiệu lực.",
    "2. Trang “Các bước”: mỗi dòng một việc, chọn ở cột “Việc”. Dòng để trống cột “Việc” thì "
    "đơn vị giữ nguyên.",
    "3. Lập mới: ghi ký hiệu bắt đầu bằng # ở cột “Mã đơn vị” (ví dụ #A), tên ở cột “Tên mới”, đơn "
    "vị cấp trên, loại, lĩnh vực. Dòng khác gọi đơn vị ấy bằng ký hiệu.",
    "4. Đổi: ghi tên mới, loại, lĩnh vực, địa bàn hoặc mã mới; ô để trống thì như cũ.",
    "5. Chuyển: ghi đơn vị cấp trên mới ở cột “Đơn vị cấp trên, đích”.",
    "6. Sáp nhập: mỗi đơn vị nhập vào là một dòng, cùng một đích. Đảng viên và đơn vị bên dưới "
    "theo về đích.",
    "7. Chia tách: mỗi phần là một dòng, cùng một đơn vị; ghi đích và tỷ lệ, các phần cộng lại "
    "100 %. Cột “Đảng viên” ghi số sang phần ấy nếu đã rõ, ví dụ 12 chính thức, 1 dự bị.",
    "8. Kết thúc: ghi đích nếu đảng viên chuyển về một nơi.",
    "9. Hai đơn vị trùng tên: ghi thêm cột “Đang thuộc”, hoặc mã của đơn vị.",
    "10. Lưu tệp .xlsx rồi nạp ở trang Sắp xếp tổ chức. Nạp là xem trước, chưa ghi gì vào sổ.",
)


def write_reform_workbook(
    *,
    title: str,
    document: str,
    signed_on: dt.date | None,
    effective_on: dt.date | None,
    steps: Sequence[Step],
    index: UnitIndex,
) -> bytes:
    """The workbook of a reform; reading it gives the same steps."""
    facts = {
        Fact.TITLE: title,
        Fact.DOCUMENT: document,
        Fact.SIGNED_ON: signed_on,
        Fact.EFFECTIVE_ON: effective_on,
    }
    return _workbook(facts, rows_of(steps, index))


def write_template(units: Iterable[KnownUnit], *, effective_on: dt.date | None = None) -> bytes:
    """The sheet with a line for each unit as it is, for an office to say what happens to it."""
    rows: list[Row] = [
        {
            Col.UNIT_ID: str(unit.unit_id),
            Col.UNIT: unit.name,
            Col.UNDER: unit.above,
            Col.CODE: unit.official_code,
        }
        for unit in units
    ]
    return _workbook({Fact.EFFECTIVE_ON: effective_on}, rows)


def rows_of(steps: Sequence[Step], index: UnitIndex) -> list[Row]:
    """The lines of the sheet, numbered by step."""
    rows = []
    for number, step in enumerate(steps, start=1):
        for row in _rows_of_step(step, index):
            rows.append({Col.NUMBER: float(number), **row})
    return rows


def _rows_of_step(step: Step, index: UnitIndex) -> list[Row]:
    match step:
        case Create():
            return [
                {
                    Col.VERB: Verb.CREATE.label,
                    Col.CODE: f"#{step.ref}",
                    Col.NEW_NAME: step.name,
                    **(_target(step.parent, index) if step.parent else {}),
                    **_facts_of(step),
                }
            ]
        case Change():
            said = {Col.NEW_NAME: step.name} if step.name is not None else {}
            return [
                {Col.VERB: Verb.CHANGE.label, **_unit(step.unit, index), **said, **_facts_of(step)}
            ]
        case Move():
            return [
                {
                    Col.VERB: Verb.MOVE.label,
                    **_unit(step.unit, index),
                    **_target(step.parent, index),
                }
            ]
        case Merge():
            target = _target(step.target, index)
            return [
                {Col.VERB: Verb.MERGE.label, **_unit(source, index), **target}
                for source in step.sources
            ]
        case Split():
            unit = _unit(step.unit, index)
            return [
                {Col.VERB: Verb.SPLIT.label, **unit, **_part(part, index)} for part in step.parts
            ]
        case End():
            target = _target(step.members_to, index) if step.members_to else {}
            return [{Col.VERB: Verb.END.label, **_unit(step.unit, index), **target}]


def _facts_of(step: Create | Change) -> Row:
    row: Row = {}
    if step.kind is not None:
        row[Col.KIND] = UnitKind(step.kind).label
    if step.sector is not None:
        row[Col.SECTOR] = Sector(step.sector).label
    if step.area:
        row[Col.AREA] = step.area
    if step.official_code:
        row[Col.NEW_CODE] = step.official_code
    if step.is_organisation is not None:
        row[Col.IS_ORGANISATION] = YES if step.is_organisation else NO
    return row


def _unit(unit_id: str, index: UnitIndex) -> Row:
    known = index.by_id.get(unit_id)
    if known is None:
        return {Col.CODE: unit_id}
    return {
        Col.UNIT_ID: unit_id,
        Col.UNIT: known.name,
        Col.UNDER: known.above,
        Col.CODE: known.official_code,
    }


def _target(unit_id: str, index: UnitIndex) -> Row:
    known = index.by_id.get(unit_id)
    if known is None:
        return {Col.TARGET_CODE: unit_id}
    code = known.official_code
    is_clear = bool(code) and len(index.coded(code)) == 1
    return {Col.TARGET: known.name, Col.TARGET_CODE: code if is_clear else unit_id}


def _part(part: Part, index: UnitIndex) -> Row:
    row: Row = {**_target(part.target, index), Col.SHARE: part.share}
    if part.members is not None:
        row[Col.MEMBERS] = members_words(part.members)
    return row


def members_words(members: Mapping[Any, int]) -> str:
    """ "12 chính thức, 1 dự bị"."""
    return ", ".join(
        f"{count} {MembershipStatus(status).label.lower().replace(',', '')}"
        for status, count in members.items()
    )


# --- the file --------------------------------------------------------------------------------


def _workbook(facts: Mapping[Fact, Any], rows: Sequence[Row]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "Sắp xếp tổ chức", "created": CREATED})
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        ruled = {**base, "border": 1, "border_color": "#867F73", "text_wrap": True}
        look = {
            "title": book.add_format({**base, "bold": True, "font_size": 14}),
            "plain": book.add_format(ruled),
            "wrapped": book.add_format({**base, "text_wrap": True, "valign": "top"}),
            "heading": book.add_format(
                {**ruled, "bold": True, "align": "center", "bg_color": "#F2EEE5"}
            ),
            "date": book.add_format({**ruled, "num_format": "dd/mm/yyyy", "align": "left"}),
        }
        _write_decision(book.add_worksheet(DECISION_SHEET), look, facts)
        steps = book.add_worksheet(STEPS_SHEET)
        _write_steps(steps, look, rows)
        _write_choices(book.add_worksheet(CHOICES_SHEET))
        if rows:
            steps.activate()
        help_sheet = book.add_worksheet(HELP_SHEET)
        help_sheet.set_column(0, 0, 100)
        for line, text in enumerate(_HELP):
            help_sheet.write_string(line, 0, text, look["wrapped"] if line else look["title"])
    return target.getvalue()


def _write_decision(sheet: Any, look: Mapping[str, Any], facts: Mapping[Fact, Any]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, "Quyết định sắp xếp", look["title"])
    for line, (fact, title) in enumerate(FACT_TITLES.items(), start=2):
        sheet.write_string(line, 0, title, look["heading"])
        value = facts.get(fact)
        if isinstance(value, dt.date):
            sheet.write_datetime(line, 1, value, look["date"])
        elif fact in {Fact.SIGNED_ON, Fact.EFFECTIVE_ON}:
            sheet.write_blank(line, 1, None, look["date"])
        else:
            sheet.write_string(line, 1, value or "", look["plain"])


def _write_steps(sheet: Any, look: Mapping[str, Any], rows: Sequence[Row]) -> None:
    sheet.write_string(0, AT[Col.NUMBER], "Các bước sắp xếp", look["title"])
    for place, column in enumerate(COLUMNS):
        hidden = {"hidden": True} if not column.width else {}
        sheet.set_column(place, place, column.width or 10, None, hidden)
        sheet.write_string(_HEADING, place, column.title, look["heading"])
    for line, row in enumerate(rows, start=_HEADING + 1):
        for place, column in enumerate(COLUMNS):
            value = row.get(column.field, "")
            if value == "":
                sheet.write_blank(line, place, None, look["plain"])
            elif isinstance(value, float):
                sheet.write_number(line, place, value, look["plain"])
            else:
                sheet.write_string(line, place, value, look["plain"])
    top, bottom = _HEADING + 1, _HEADING + len(rows) + FREE_ROWS
    for place, (choice, labels) in enumerate(_CHOICES.items()):
        letter = chr(65 + place)
        source = f"='{CHOICES_SHEET}'!${letter}$1:${letter}${len(labels)}"
        sheet.data_validation(top, AT[choice], bottom, AT[choice], _drop_down(source))
    sheet.freeze_panes(_HEADING + 1, AT[Col.UNDER])
    sheet.autofilter(_HEADING, AT[Col.NUMBER], max(bottom - FREE_ROWS, top), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING)


def _write_choices(sheet: Any) -> None:
    """The lists behind the drop-downs: a label may hold a comma, which a list in place may not."""
    for place, labels in enumerate(_CHOICES.values()):
        sheet.write_column(0, place, labels)
    sheet.very_hidden()


def _drop_down(source: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        "error_title": "Chọn trong danh sách",
        "error_message": "Chọn một mục trong danh sách, hoặc xóa ô này.",
    }
