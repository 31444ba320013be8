"""What each row of a list would do beside the register: new, different, the same, not taken.

Somebody is known by the key of the member database, by our own id in a file that we wrote, or by
the same name in the same cell where nothing speaks against it. Rows of cells without names are
turned away unread: nothing they say is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi, same_name_key
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.memberships import STAY
from vungmanh.org.models import Membership, Person
from vungmanh.org.named import units_with_names
from vungmanh.outputs.imports.directories import directory_of
from vungmanh.outputs.members.models import MemberLine, MemberLineState
from vungmanh.outputs.members.reading import MemberRow, ReadList
from vungmanh.outputs.workbooks.rows import ReadRow
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.days import age_on
from vungmanh.rulebook.people.findings import ruling
from vungmanh.rulebook.values.members import AdmissionRule

#: Fields compared, in the order they are shown.
COMPARED = ("name", "external_key", "born_on", "joined_on", "status")
NAMES_OFF = (
    "Chi bộ này ghi theo số, chưa bật ghi theo tên. Dòng này không được nhận, không được giữ lại."
)
_State = MemberLineState


@dataclass
class Register:
    """Who stands on the lists of the cells a file may speak of."""

    named: set[UUID]
    rows: list[Membership]
    by_key: dict[str, Person] = field(default_factory=dict)
    homes: dict[UUID, list[Membership]] = field(default_factory=dict)
    by_name: dict[tuple[UUID, str], list[Membership]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self.homes.setdefault(row.person_id, []).append(row)
            key = (row.unit_id, same_name_key(row.person.name))
            self.by_name.setdefault(key, []).append(row)


def register_of(
    viewer: Viewer, units: Iterable[UUID], keys: Iterable[str], on: dt.date
) -> Register:
    """The open memberships of cells with names, and whoever holds one of the keys anywhere."""
    named = units_with_names(units, on)
    rows = Membership.objects.filter(
        unit_id__in=named, valid__endswith=None, person__erased_at=None
    ).select_related("person")
    found = Register(named, list(rows.order_by("unit", "person__name_fold", "id")))
    held = Person.objects.filter(external_key__in=list(keys), erased_at=None)
    for person in held.select_related("merged_into"):
        found.by_key[person.external_key] = person.merged_into or person
    for row in found.rows:
        if row.person.external_key:
            found.by_key.setdefault(row.person.external_key, row.person)
    return found


def fingerprint(register: Register, units: Iterable[UUID | None]) -> str:
    """A hash of the lists of some cells: whoever carries out a list sees whether they changed."""
    asked = set(units)
    said = sorted(
        f"{row.person_id}|{row.unit_id}|{row.status}|{row.person.name}|{row.person.born_on}"
        f"|{row.person.joined_on}|{row.person.external_key}"
        for row in register.rows
        if row.unit_id in asked
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def compare(
    viewer: Viewer, read: ReadList, register: Register, status: MembershipStatus, on: dt.date
) -> list[MemberLine]:
    """A line for each row, and one for each member of those cells whom no row names."""
    directory = directory_of(viewer, on)
    within = directory.containers_named_in(read.titles)
    lines = []
    for number, row in enumerate(read.rows, start=1):
        asked = ReadRow(row.place, row.unit, code=row.code, organisation=row.above)
        match = directory.find(asked, within)
        unit = UUID(match.entry.unit) if match.entry else None
        line = MemberLine(number=number, place=row.place, unit_id=unit)
        if unit is None:
            _refuse(line, match.reason if row.unit or row.code else "Dòng này chưa ghi chi bộ.")
        elif unit not in register.named:
            _refuse(line, NAMES_OFF)
        else:
            _judge(line, row, register, status, on)
        lines.append(line)
    _refuse_twice(lines)
    return [*lines, *_missing(lines, register)]


def _refuse(line: MemberLine, reason: str, name: str = "") -> None:
    """Not taken. Of cells with names the `name` is kept until the list is done, to be found by."""
    line.state, line.reason = _State.REFUSED, reason[:500]
    line.said, line.differs, line.person = {"name": name} if name else {}, [], None


def _judge(
    line: MemberLine, row: MemberRow, register: Register, status: MembershipStatus, on: dt.date
) -> None:
    problems = [*row.problems, *_days_wrong(row.said)]
    if problems:
        return _refuse(line, " ".join(problems), row.said.get("name", ""))
    line.said, line.reason = dict(row.said), " ".join(row.warnings)[:500]
    person, refusal = _whose(line, row, register)
    if refusal:
        return _refuse(line, refusal, row.said.get("name", ""))
    if person is None:
        line.said.setdefault("status", status.value)
        line.state = _State.NEW
        return None
    line.person = person
    home = next(one for one in register.homes[person.pk] if one.unit_id == line.unit_id)
    stands = standing(person, home)
    line.differs = [
        name for name in COMPARED if name in line.said and line.said[name] != stands[name]
    ]
    line.state = _State.DIFFERENT if line.differs else _State.SAME
    return None


def standing(person: Person, home: Membership | None) -> dict[str, str]:
    """What the register says, in the words of `said`."""
    return {
        "name": person.name,
        "external_key": person.external_key,
        "born_on": person.born_on.isoformat() if person.born_on else "",
        "joined_on": person.joined_on.isoformat() if person.joined_on else "",
        "status": str(home.status) if home else "",
    }


def _days_wrong(said: dict[str, str]) -> list[str]:
    """An admission before its age, by the rule of its day; where none is known only the order."""
    if "born_on" not in said or "joined_on" not in said:
        return []
    born, joined = (dt.date.fromisoformat(said[name]) for name in ("born_on", "joined_on"))
    if joined <= born:
        return ["Ngày vào Đảng không sau ngày sinh. Xem lại hai ngày."]
    rule = ruling(load_rulebook().on(joined), AdmissionRule)
    least = rule.value.least_age if rule else None
    if rule is None or least is None or age_on(born, joined) >= least:
        return []
    cited = rule.cite("least_age")
    return [
        f"Vào Đảng ngày {date_vi(joined)} khi mới {age_on(born, joined)} tuổi, cần đủ {least}"
        f" ({cited.document}, {cited.citation}). Xem lại hai ngày."
    ]


def _whose(line: MemberLine, row: MemberRow, register: Register) -> tuple[Person | None, str]:
    """Whom the row means, None for somebody new; or why it cannot be taken."""
    person = _by_key(row, register)
    if person is None:
        return _by_name(line, row, register)
    holder = register.by_key.get(row.said.get("external_key", ""), person)
    if holder.pk != person.pk:
        return None, "Mã ở dòng này đang là của người khác. Xem lại mã."
    homes = register.homes.get(person.pk, [])
    if any(one.unit_id == line.unit_id for one in homes):
        return person, ""
    if any(one.status != STAY for one in homes):
        return None, (
            "Người này đang có tên ở chi bộ khác trong phạm vi. Ghi ở Chuyển sinh hoạt để không ai"
            " bị tính hai nơi; tệp không đổi chi bộ."
        )
    return None, (
        "Mã này đã có trong chương trình, không còn hoặc không thuộc danh sách của đồng chí."
        " Xem lại mã, hoặc ghi chuyển sinh hoạt."
    )


def _by_key(row: MemberRow, register: Register) -> Person | None:
    if row.row:
        known = [one.person for one in register.rows if str(one.person_id) == row.row.lower()]
        if known:
            return known[0]
    return register.by_key.get(row.said.get("external_key", ""))


def _by_name(line: MemberLine, row: MemberRow, register: Register) -> tuple[Person | None, str]:
    assert line.unit_id is not None
    same = register.by_name.get((line.unit_id, same_name_key(row.said["name"])), [])
    for one in same:
        person = one.person
        born, key = row.said.get("born_on", ""), row.said.get("external_key", "")
        other_day = born and person.born_on and person.born_on.isoformat() != born
        other_key = key and person.external_key and person.external_key != key
        if not other_day and not other_key:
            return person, ""
    if same:
        return None, (
            "Danh sách chi bộ đã có người cùng họ tên nhưng khác mã hoặc khác ngày sinh. Nếu là"
            " người khác thì ghi thêm chữ để phân biệt, ví dụ “(xóm Trên)”; nếu là một thì sửa tệp."
        )
    return None, ""


def _refuse_twice(lines: list[MemberLine]) -> None:
    """One key, one person, one new name of a cell: two rows that share it are both turned away."""
    said: dict[tuple[str, Any], list[MemberLine]] = {}
    for line in lines:
        if line.state == _State.REFUSED:
            continue
        if key := line.said.get("external_key"):
            said.setdefault(("mã", key), []).append(line)
        if line.person is not None:
            said.setdefault(("người", line.person.pk), []).append(line)
        else:
            name = (line.unit_id, same_name_key(line.said["name"]))
            said.setdefault(("họ tên trong một chi bộ", name), []).append(line)
    for (what, _), same in said.items():
        if len(same) > 1:
            places = "; ".join(one.place for one in same[:5])
            for line in same:
                said_of = f"Nhiều dòng cùng một {what}: {places}. Giữ một dòng đúng."
                _refuse(line, said_of, line.said.get("name", ""))


def _missing(lines: list[MemberLine], register: Register) -> list[MemberLine]:
    """Members of the cells the file speaks of whom no row of it names. A file of which some rows of
    a cell were turned away may name them there, so these are told, not concluded from."""
    spoken = {line.unit_id for line in lines if line.unit_id in register.named}
    named = {line.person.pk for line in lines if line.person is not None}
    return [
        MemberLine(
            number=len(lines) + number, unit_id=row.unit_id, person=row.person,
            state=_State.MISSING,
        )
        for number, row in enumerate(
            (one for one in register.rows
             if one.unit_id in spoken and one.person_id not in named), start=1
        )
    ]  # fmt: skip
