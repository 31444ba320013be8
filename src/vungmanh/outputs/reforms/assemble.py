"""Rows of words to steps: whom they mean, what they say, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from vungmanh.core.text import same_words_key
from vungmanh.core.vocabulary import Sector, UnitKind, Vocabulary
from vungmanh.org.reform.steps import Change, Create, End, Merge, Move, Part, Split, Step
from vungmanh.outputs.reforms.layout import (
    NO_WORDS,
    TITLES,
    YES_WORDS,
    Col,
    Verb,
    verb_named,
)
from vungmanh.outputs.reforms.read import StepRow, members_of, share_of
from vungmanh.outputs.reforms.units import KnownUnit, UnitIndex
from vungmanh.outputs.workbooks.cells import Unreadable
from vungmanh.outputs.workbooks.rows import Problem

T = TypeVar("T")
_NAMED = 5  # candidates named in a refusal


@dataclass(frozen=True)
class Assembled:
    """The steps in the order of the sheet, with the rows each came from; or problems."""

    steps: tuple[Step, ...]
    rows: tuple[tuple[int, ...], ...]
    problems: tuple[Problem, ...]


@dataclass
class _Draft:
    """A step in the making: what was first said of it, and the rows that add to it."""

    verb: Verb
    key: str
    rows: list[StepRow]
    values: dict[str, Any]
    parts: list[Any]


def assemble(rows: Sequence[StepRow], index: UnitIndex) -> Assembled:
    """The steps that rows speak of. With any problem the steps are not to be used."""
    work = _Assembly(rows, index)
    return work.result()


class _Assembly:
    def __init__(self, rows: Sequence[StepRow], index: UnitIndex) -> None:
        self.index = index
        self.problems: list[Problem] = []
        self.drafts: dict[str, _Draft] = {}
        self.rows = _filled_down(rows)
        self.refs = self._refs()

    def result(self) -> Assembled:
        for row in self.rows:
            self._read(row)
        steps = [_step_of(draft) for draft in self.drafts.values()] if not self.problems else []
        places = [tuple(row.row for row in draft.rows) for draft in self.drafts.values()]
        return Assembled(tuple(steps), tuple(places), tuple(self.problems))

    # --- who is meant ------------------------------------------------------------------------

    def _refs(self) -> dict[int, tuple[str, str]]:
        """Mark and name of each unit to be created, by the row that creates it."""
        found: dict[int, tuple[str, str]] = {}
        taken: dict[str, int] = {}
        for row in self.rows:
            if verb_named(row.word(Col.VERB)) is not Verb.CREATE:
                continue
            ref = row.word(Col.CODE).lstrip("#") or f"dong-{row.row}"
            name = row.word(Col.NEW_NAME) or row.word(Col.UNIT)
            if ref in taken:
                message = f"Ký hiệu #{ref} đã dùng ở dòng {taken[ref]}. Đặt ký hiệu khác."
                self.problems.append(row.problem(Col.CODE, message))
            taken.setdefault(ref, row.row)
            found[row.row] = (ref, name)
        self.by_ref = dict(found.values())
        self.by_new_name: dict[str, list[str]] = {}
        for ref, name in found.values():
            self.by_new_name.setdefault(same_words_key(name), []).append(ref)
        return found

    def _unit(self, row: StepRow) -> KnownUnit | None:
        """The unit of the register a row is about; None with a problem noted."""
        code, name = row.word(Col.CODE), row.word(Col.UNIT)
        if code.startswith("#"):
            message = f"{code} là đơn vị lập mới trong bảng này nên chưa làm gì thêm với nó được."
            self.problems.append(row.problem(Col.CODE, message))
            return None
        if hidden := row.word(Col.UNIT_ID):
            return self._addressed(row, hidden)
        if code:
            found, column, asked = self.index.coded(code), Col.CODE, code
        elif name:
            found, column, asked = self.index.named(name, row.word(Col.UNDER)), Col.UNIT, name
        else:
            self.problems.append(row.problem(Col.UNIT, "Ghi tên hoặc mã của đơn vị."))
            return None
        return self._one(row, column, asked, found, [])

    def _addressed(self, row: StepRow, hidden: str) -> KnownUnit | None:
        """The unit of a row of our own sheet, unless the row was sorted away from its name."""
        unit, name = self.index.by_id.get(hidden.lower()), row.word(Col.UNIT)
        if unit is None:
            message = "Đơn vị của dòng này không còn trong phạm vi vào ngày hiệu lực. Tải lại mẫu."
            self.problems.append(row.problem(Col.UNIT, message))
        elif name and same_words_key(name) != same_words_key(unit.name):
            message = (
                f"Mã ẩn của dòng này là của {unit.name}, không phải “{name}”: bảng đã bị lệch cột. "
                "Tải lại mẫu rồi chép sang (tên mới ghi ở cột “Tên mới”)."
            )
            self.problems.append(row.problem(Col.UNIT, message))
            return None
        return unit

    def _target(self, row: StepRow, own: KnownUnit | None, *, wanted: bool) -> str | None:
        """The unit above or the one that takes over: an identifier, or "#ref"."""
        code, name = row.word(Col.TARGET_CODE), row.word(Col.TARGET)
        if code.startswith("#"):
            if code[1:] in self.by_ref:
                return code
            message = (
                f"Không có dòng “Lập mới” nào mang ký hiệu {code}. Sửa ký hiệu hoặc thêm dòng."
            )
            self.problems.append(row.problem(Col.TARGET_CODE, message))
            return None
        if not code and not name:
            if wanted:
                message = "Ghi tên hoặc mã của đơn vị cấp trên (hoặc đơn vị tiếp nhận)."
                self.problems.append(row.problem(Col.TARGET, message))
            return None
        if code:
            found, refs, column = self.index.coded(code), [], Col.TARGET_CODE
        else:
            found = [one for one in self.index.named(name) if one is not own]
            refs, column = self.by_new_name.get(same_words_key(name), []), Col.TARGET
        if not found and len(refs) == 1:
            return f"#{refs[0]}"
        unit = self._one(row, column, code or name, found, refs)
        return str(unit.unit_id) if unit else None

    def _one(
        self,
        row: StepRow,
        column: Col,
        asked: str,
        found: Sequence[KnownUnit],
        refs: Sequence[str],
    ) -> KnownUnit | None:
        if len(found) == 1 and not refs:
            return found[0]
        if not found and not refs:
            message = (
                f"Không tìm thấy “{asked}” trong phạm vi của đồng chí vào ngày hiệu lực. "
                "Sửa tên theo sổ, hoặc ghi mã của đơn vị."
            )
        else:
            names = [f"{one.name} ({one.above or 'cấp cao nhất'})" for one in found]
            names += [f"#{ref} lập mới trong bảng" for ref in refs]
            listed = "; ".join(names[:_NAMED]) + ("; …" if len(names) > _NAMED else "")
            message = (
                f"“{asked}” có thể là {len(names)} đơn vị: {listed}. Ghi thêm cột "
                f"“{TITLES[Col.UNDER if column is Col.UNIT else Col.TARGET_CODE]}” để phân biệt."
            )
        self.problems.append(row.problem(column, message))
        return None

    # --- what is said ------------------------------------------------------------------------

    def _read(self, row: StepRow) -> None:
        verb = verb_named(row.word(Col.VERB))
        assert verb is not None, "rows without a known verb are refused while reading"
        if verb is Verb.CREATE:
            self._create(row)
        elif (unit := self._unit(row)) is not None:
            _READERS[verb](self, row, unit)
        else:
            self._target(row, None, wanted=verb not in {Verb.CHANGE, Verb.END})

    def _add(self, verb: Verb, key: str, row: StepRow, part: Any = None, **values: Any) -> None:
        draft = self.drafts.setdefault(f"{verb}:{key}", _Draft(verb, key, [], values, []))
        draft.rows.append(row)
        if part is not None:
            draft.parts.append(part)

    def _alone(self, verb: Verb, unit: KnownUnit, row: StepRow, **values: Any) -> None:
        """A step that one row makes: a second row of the same kind on the unit is a slip."""
        earlier = self.drafts.get(f"{verb}:{unit.unit_id}")
        if earlier is not None:
            message = (
                f"“{verb.label}” {unit.name} đã có ở dòng {earlier.rows[0].row}. Giữ lại một dòng."
            )
            self.problems.append(row.problem(Col.UNIT, message))
            return
        self._add(verb, str(unit.unit_id), row, unit=str(unit.unit_id), **values)

    def _create(self, row: StepRow) -> None:
        ref, name = self.refs[row.row]
        kind = self._choice(row, Col.KIND, UnitKind)
        values = {
            "ref": ref,
            "name": name,
            "kind": kind,
            "sector": self._choice(row, Col.SECTOR, Sector),
            "area": row.word(Col.AREA),
            "official_code": row.word(Col.NEW_CODE),
            "is_organisation": self._yes_no(row),
            "parent": self._target(row, None, wanted=kind is not UnitKind.DANG_BO_TINH),
        }
        for column, key in ((Col.NEW_NAME, "name"), (Col.KIND, "kind"), (Col.SECTOR, "sector")):
            if not values[key] and not any(one.place == row.place(column) for one in self.problems):
                message = f"Đơn vị lập mới phải ghi “{TITLES[column]}”."
                self.problems.append(row.problem(column, message))
        if values["is_organisation"] is None:
            values["is_organisation"] = values["kind"] in _ORGANISATIONS
        self._add(Verb.CREATE, f"#{ref}:{row.row}", row, **values)

    def _change(self, row: StepRow, unit: KnownUnit) -> None:
        values = {
            "name": row.word(Col.NEW_NAME) or None,
            "kind": self._choice(row, Col.KIND, UnitKind),
            "sector": self._choice(row, Col.SECTOR, Sector),
            "area": row.word(Col.AREA) or None,
            "official_code": row.word(Col.NEW_CODE) or None,
            "is_organisation": self._yes_no(row),
        }
        is_said = any(row.word(column) for column in _CHANGING)
        if not is_said:
            message = "Chưa ghi đổi gì: điền tên mới, loại, lĩnh vực, địa bàn hoặc mã mới."
            self.problems.append(row.problem(Col.NEW_NAME, message))
        self._alone(Verb.CHANGE, unit, row, **values)

    def _move(self, row: StepRow, unit: KnownUnit) -> None:
        self._alone(Verb.MOVE, unit, row, parent=self._target(row, unit, wanted=True))

    def _end(self, row: StepRow, unit: KnownUnit) -> None:
        self._alone(Verb.END, unit, row, members_to=self._target(row, unit, wanted=False))

    def _merge(self, row: StepRow, unit: KnownUnit) -> None:
        target = self._target(row, unit, wanted=True)
        if target is not None:
            self._add(Verb.MERGE, target, row, part=str(unit.unit_id), target=target)

    def _split(self, row: StepRow, unit: KnownUnit) -> None:
        target = self._target(row, unit, wanted=True)
        share = self._parsed(row, Col.SHARE, share_of)
        members = self._parsed(row, Col.MEMBERS, members_of)
        if not row.word(Col.SHARE):
            message = "Ghi tỷ lệ của phần này, ví dụ 60 %. Các phần cộng lại phải bằng 100 %."
            self.problems.append(row.problem(Col.SHARE, message))
        if target is not None and share is not None:
            part = Part(target=target, share=share, members=members)
            self._add(Verb.SPLIT, str(unit.unit_id), row, part=part, unit=str(unit.unit_id))

    def _parsed(self, row: StepRow, column: Col, read: Callable[[str], T]) -> T | None:
        try:
            return read(row.word(column)) if row.word(column) else None
        except Unreadable as error:
            self.problems.append(row.problem(column, str(error)))
            return None

    def _choice(self, row: StepRow, column: Col, words: type[Vocabulary]) -> Any:
        text = row.word(column)
        if not text:
            return None
        key = same_words_key(text)
        for member in words:
            if key == same_words_key(member.label) or text == member.value:
                return member
        labels = ", ".join(member.label for member in words)
        message = f"Không rõ “{text}”. Chọn một trong: {labels}."
        self.problems.append(row.problem(column, message))
        return None

    def _yes_no(self, row: StepRow) -> bool | None:
        key = same_words_key(row.word(Col.IS_ORGANISATION))
        if not key:
            return None
        if key in YES_WORDS or key in NO_WORDS:
            return key in YES_WORDS
        message = "Ghi “Có” hoặc “Không”."
        self.problems.append(row.problem(Col.IS_ORGANISATION, message))
        return None


_READERS = {
    Verb.CHANGE: _Assembly._change,
    Verb.MOVE: _Assembly._move,
    Verb.MERGE: _Assembly._merge,
    Verb.SPLIT: _Assembly._split,
    Verb.END: _Assembly._end,
}
_CHANGING = (Col.NEW_NAME, Col.KIND, Col.SECTOR, Col.AREA, Col.NEW_CODE, Col.IS_ORGANISATION)
#: A kind that is a grassroots organisation unless the row says otherwise.
_ORGANISATIONS = frozenset({UnitKind.DANG_BO_XA, UnitKind.DANG_BO_CO_SO, UnitKind.CHI_BO_CO_SO})


def _filled_down(rows: Sequence[StepRow]) -> list[StepRow]:
    """Rows of one number share what only the first says: the target of a merge, the unit split."""
    filled: list[StepRow] = []
    for row in rows:
        words = dict(row.words)
        before = filled[-1] if filled else None
        if before and row.word(Col.NUMBER) and row.word(Col.NUMBER) == before.word(Col.NUMBER):
            verb = verb_named(row.word(Col.VERB))
            same = verb is verb_named(before.word(Col.VERB))
            shared = {
                Verb.MERGE: (Col.TARGET, Col.TARGET_CODE),
                Verb.SPLIT: (Col.UNIT_ID, Col.UNIT, Col.UNDER, Col.CODE),
            }.get(verb, ()) if verb else ()  # fmt: skip
            if same and not any(row.word(column) for column in shared):
                words |= {column: before.word(column) for column in shared if before.word(column)}
        filled.append(StepRow(row.row, words))
    return filled


def _step_of(draft: _Draft) -> Step:
    values = draft.values
    if draft.verb is Verb.MERGE:
        return Merge(sources=tuple(draft.parts), target=values["target"])
    if draft.verb is Verb.SPLIT:
        return Split(unit=values["unit"], parts=tuple(draft.parts))
    kinds: dict[Verb, Callable[..., Step]] = {
        Verb.CREATE: Create,
        Verb.CHANGE: Change,
        Verb.MOVE: Move,
        Verb.END: End,
    }
    return kinds[draft.verb](**values)
