"""Reading the steps together: who is founded, ends, moves and changes, and where steps collide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from vungmanh.core.text import date_vi, number_vi
from vungmanh.org.reform.members import members_disagree, placed_all, split_by_names
from vungmanh.org.reform.problems import Problem
from vungmanh.org.reform.steps import (
    REF,
    Change,
    Create,
    End,
    Merge,
    Move,
    Split,
    Step,
    named_units,
    receivers_of,
)
from vungmanh.org.reform.structure import Structure, UnitState

T = TypeVar("T")
_EXACT = 1e-6  # shares are typed with two decimals or computed: closer than this is 1


@dataclass
class Gathered:
    """Each unit with the step that speaks of it; the first step wins, the others are problems."""

    structure: Structure
    steps: tuple[Step, ...]
    created: dict[str, tuple[int, Create]] = field(default_factory=dict)
    ended: dict[str, tuple[int, Merge | Split | End]] = field(default_factory=dict)
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)
    changed: dict[str, tuple[int, Change]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def name(self, unit: str) -> str:
        if unit in self.created:
            return self.created[unit][1].name or unit
        return self.structure.bearers.get(unit) or self.structure.name_of(unit)

    def knows(self, unit: str) -> bool:
        """Whether the unit can be called by a name."""
        known = (self.created, self.structure.units, self.structure.bearers)
        return any(unit in where for where in known)

    def problem(self, number: int, rule: str, unit: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(number, rule, self.name(unit), message, remedy))

    def lives(self, unit: str) -> bool:
        """Whether the unit lives on the day, or is founded by the reform."""
        return unit in self.created or self.structure.version_of(unit) is not None


def gather(structure: Structure, steps: tuple[Step, ...]) -> Gathered:
    """The steps sorted by unit, with the problems that lie in the steps themselves."""
    found = Gathered(structure, steps)
    numbered = list(enumerate(steps, start=1))
    for number, step in numbered:
        if isinstance(step, Create):
            _create(found, number, step)
    for number, step in numbered:
        _check_named(found, number, step)
        match step:
            case Change():
                _place(found, found.changed, step.unit, (number, step))
            case Move():
                _place(found, found.moved, step.unit, (number, step.parent))
            case Merge():
                _merge(found, number, step)
            case Split():
                _end(found, step.unit, number, step)
                _check_split(found, number, step)
            case End():
                _end(found, step.unit, number, step)
                _check_end(found, number, step)
            case _:
                pass
    _check_overlaps(found)
    return found


def _create(found: Gathered, number: int, step: Create) -> None:
    unit = REF + step.ref
    if not step.ref:
        found.problem(
            number, "ref-empty", step.name, "Đơn vị lập mới chưa có ký hiệu.",
            "Đặt một ký hiệu ngắn, ví dụ #moi1.",
        )  # fmt: skip
    elif unit in found.created:
        first = found.created[unit][0]
        found.problem(
            number, "ref-twice", unit, f"Ký hiệu {unit} đã dùng ở bước {first}.",
            "Mỗi đơn vị lập mới một ký hiệu riêng.",
        )  # fmt: skip
    else:
        found.created[unit] = (number, step)


def _check_named(found: Gathered, number: int, step: Step) -> None:
    for unit in dict.fromkeys(named_units(step)):
        if found.lives(unit):
            continue
        if unit.startswith(REF):
            found.problem(
                number, "ref-unknown", unit, f"Không có bước nào lập đơn vị {unit}.",
                "Thêm bước “Lập mới” với ký hiệu này, hoặc sửa ký hiệu.",
            )  # fmt: skip
        else:
            found.problem(
                number, "not-living", unit, _why_not_living(found.structure, unit),
                "Chọn đơn vị đang hoạt động vào ngày hiệu lực, hoặc đổi ngày hiệu lực.",
            )  # fmt: skip


def _why_not_living(structure: Structure, unit: str) -> str:
    state = structure.units.get(unit)
    if state is None:
        return "Không có đơn vị này trong sổ."
    if state.died is not None and state.died <= structure.on:
        return f"Đơn vị đã kết thúc từ ngày {date_vi(state.died)}."
    return f"Đơn vị đến ngày {date_vi(state.born)} mới có."


def _place(
    found: Gathered, where: dict[str, tuple[int, T]], unit: str, what: tuple[int, T]
) -> None:
    number = what[0]
    if unit in where:
        rule = "placed-twice" if where is found.moved else "changed-twice"
        found.problem(
            number, rule, unit, f"Đơn vị đã được nêu cùng việc này ở bước {where[unit][0]}.",
            "Giữ lại một bước.",
        )  # fmt: skip
    elif unit in found.created:
        found.problem(
            number, "created-and-changed", unit, "Đơn vị lập mới không cần chuyển hay đổi.",
            f"Sửa ngay ở bước lập mới (bước {found.created[unit][0]}) và bỏ bước này.",
        )  # fmt: skip
    else:
        where[unit] = what


def _merge(found: Gathered, number: int, step: Merge) -> None:
    if not step.sources:
        found.problem(
            number, "merge-empty", step.target, "Chưa nêu đơn vị nào nhập vào.",
            "Nêu ít nhất một đơn vị được sáp nhập.",
        )  # fmt: skip
    for source in step.sources:
        if source == step.target:
            found.problem(
                number, "merge-into-itself", source, "Đơn vị được sáp nhập vào chính nó.",
                "Bỏ đơn vị này khỏi danh sách nhập vào, hoặc chọn đơn vị đích khác.",
            )  # fmt: skip
        else:
            _end(found, source, number, step)


def _end(found: Gathered, unit: str, number: int, step: Merge | Split | End) -> None:
    if unit in found.created:
        found.problem(
            number, "created-and-ended", unit, "Đơn vị vừa lập mới vừa kết thúc.",
            "Bỏ một trong hai bước.",
        )  # fmt: skip
    elif unit in found.ended:
        found.problem(
            number, "ended-twice", unit, f"Đơn vị đã kết thúc ở bước {found.ended[unit][0]}.",
            "Mỗi đơn vị chỉ sáp nhập, chia tách hoặc kết thúc một lần.",
        )  # fmt: skip
    else:
        found.ended[unit] = (number, step)


def _check_end(found: Gathered, number: int, step: End) -> None:
    if step.members_to == step.unit:
        found.problem(
            number, "members-to-itself", step.unit,
            "Đảng viên chuyển về chính đơn vị kết thúc.",
            "Chọn đơn vị khác nhận đảng viên.",
        )  # fmt: skip


def _check_split(found: Gathered, number: int, step: Split) -> None:
    targets = [part.target for part in step.parts]
    if step.unit in targets:
        found.problem(
            number, "split-into-itself", step.unit, "Đơn vị được chia tách vào chính nó.",
            "Lập một đơn vị mới cho phần còn lại, hoặc chọn đơn vị khác.",
        )  # fmt: skip
    if len(set(targets)) < 2:
        found.problem(
            number, "split-parts", step.unit, "Chia tách phải có ít nhất hai phần khác nhau.",
            "Thêm phần còn lại; nếu toàn bộ về một nơi thì dùng “Sáp nhập”.",
        )  # fmt: skip
    elif len(set(targets)) < len(targets):
        found.problem(
            number, "split-twice", step.unit, "Hai phần cùng về một đơn vị.",
            "Gộp hai phần thành một.",
        )  # fmt: skip
    shares = [part.share for part in step.parts]
    whole = sum(shares)
    if not all(0 < share <= 1 for share in shares) or abs(whole - 1) > _EXACT:
        found.problem(
            number, "shares", step.unit,
            f"Tỷ lệ các phần cộng lại bằng {number_vi(whole, decimals=6)}, không bằng 1.",
            "Sửa để mỗi tỷ lệ lớn hơn 0 và tất cả cộng lại đúng bằng 1 (100 %).",
        )  # fmt: skip
    state = found.structure.units.get(step.unit)
    if state is not None and members_disagree(step, state.counts):
        found.problem(
            number, "split-members", step.unit,
            "Số đảng viên chia cho các phần không khớp số đảng viên của đơn vị.",
            "Ghi đủ cho mọi phần và từng diện cho khớp, hoặc để trống để chia theo tỷ lệ.",
        )  # fmt: skip
    if state is not None and state.listed:
        _check_people(found, number, step, state)


def _check_people(found: Gathered, number: int, step: Split, state: UnitState) -> None:
    """Where names are kept a person says who goes where, and counts say the same."""
    given = {person for part in step.parts for person in part.people}
    missing = {one.person for one in state.listed} - given
    if missing:
        found.problem(
            number, "split-people", step.unit,
            f"{number_vi(len(missing))} người trong danh sách tên chưa rõ về phần nào.",
            "Văn phòng đảng ủy mở “Ai về phần nào” của dự thảo và chọn cho từng người.",
        )  # fmt: skip
    elif not placed_all(step, state.listed):
        found.problem(
            number, "split-people-twice", step.unit, "Có người được xếp về hai phần.",
            "Mở “Ai về phần nào” của dự thảo, mỗi người chọn một phần.",
        )  # fmt: skip
    named = split_by_names(step, state.counts, state.listed)
    said = [dict(part.members or {}) for part in step.parts]
    if named is not None and any(said) and said != named:
        found.problem(
            number, "split-people-counts", step.unit,
            "Số đảng viên ghi cho các phần khác danh sách tên đã chia.",
            "Để trống số đảng viên của các phần để tính theo danh sách, hoặc chia lại.",
        )  # fmt: skip


def _check_overlaps(found: Gathered) -> None:
    """A unit that ends neither moves, changes nor receives anything."""
    receivers = [
        (number, unit)
        for number, step in enumerate(found.steps, start=1)
        for unit in receivers_of(step)
    ]
    for what in (found.moved, found.changed):
        for unit, (number, _) in what.items():
            if unit in found.ended:
                found.problem(
                    number, "overlap", unit,
                    f"Đơn vị kết thúc ở bước {found.ended[unit][0]} nên không chuyển, đổi được.",
                    "Bỏ một trong hai bước.",
                )  # fmt: skip
    for number, unit in receivers:
        if unit in found.ended and found.ended[unit][0] != number:
            found.problem(
                number, "target-ends", unit,
                f"Nơi nhận kết thúc ở bước {found.ended[unit][0]} của chính việc sắp xếp này.",
                "Chọn nơi nhận là đơn vị còn hoạt động sau ngày hiệu lực.",
            )  # fmt: skip
