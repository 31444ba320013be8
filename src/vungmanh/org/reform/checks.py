"""Whether what the steps come to can stand: circles, homes, kinds, codes, and the days after."""

from __future__ import annotations

from collections.abc import Iterable

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.reform.gather import Gathered
from vungmanh.org.reform.outcome import Outcome
from vungmanh.org.reform.steps import Change, Merge, receivers_of
from vungmanh.org.reform.structure import Version
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.values import StructurePlacement

_NAMED = 3  # units named in one sentence
_LENGTHS = (("name", 200, "Tên"), ("area", 80, "Địa bàn"), ("official_code", 32, "Mã"))


def check_outcome(found: Gathered, outcome: Outcome, placement: Rule | None) -> None:
    """Add to `found.problems` whatever is wrong with the outcome."""
    _check_texts(found, outcome)
    _check_left_behind(found, outcome)
    _check_parents(found, outcome)
    _check_circles(found, outcome)
    if placement is not None:
        _check_kinds(found, outcome, placement)
    _check_codes(found, outcome)
    _check_later(found, outcome)


def step_of(found: Gathered, unit: str) -> int:
    """The step that gives a unit its place or form; for one that follows, the step it follows."""
    for where in (found.created, found.moved, found.changed):
        if unit in where:
            return where[unit][0]
    state = found.structure.units.get(unit)
    for other in (unit, state.parent if state else None):
        if other in found.ended:
            return found.ended[other][0]
    return 0


def _check_texts(found: Gathered, outcome: Outcome) -> None:
    for unit, version in outcome.versions.items():
        number = found.changed[unit][0] if unit in found.changed else step_of(found, unit)
        if not version.name:
            found.problem(number, "name-empty", unit, "Đơn vị chưa có tên.", "Ghi tên đơn vị.")
        for field, most, label in _LENGTHS:
            if len(getattr(version, field)) > most:
                found.problem(
                    number, "too-long", unit, f"{label} dài quá {most} chữ.",
                    f"Viết gọn lại còn nhiều nhất {most} chữ.",
                )  # fmt: skip


def _check_left_behind(found: Gathered, outcome: Outcome) -> None:
    """A unit that goes on may not stay under one that ends."""
    for parent, (number, step) in found.ended.items():
        staying = [
            child
            for child in found.structure.children.get(parent, ())
            if child not in outcome.ended and outcome.parents.get(child, parent) == parent
        ]
        if staying:
            remedy = "Thêm bước “Chuyển” cho từng đơn vị đó."
            if isinstance(step, Merge):
                remedy = "Đơn vị đích đang ở dưới đơn vị được nhập: chuyển nó lên trước."
            found.problem(
                number, "child-stays", parent,
                f"Đơn vị kết thúc khi bên dưới còn {len(staying)} đơn vị: "
                f"{_names(found, staying)}.",
                remedy,
            )  # fmt: skip


def _check_parents(found: Gathered, outcome: Outcome) -> None:
    for unit, parent in outcome.parents.items():
        if parent is None:
            continue
        number = step_of(found, unit)
        if parent in outcome.ended:
            found.problem(
                number, "parent-ends", unit,
                f"Cấp trên mới ({found.name(parent)}) kết thúc ở bước {outcome.ended[parent]}.",
                "Chọn cấp trên còn hoạt động sau ngày hiệu lực.",
            )  # fmt: skip
        state = found.structure.units.get(parent)
        if state is not None and state.version is not None and state.died is not None:
            found.problem(
                number, "parent-ends-before-child", unit,
                f"Cấp trên mới ({state.name}) kết thúc ngày {date_vi(state.died)}, "
                "trước đơn vị bên dưới.",
                "Chọn cấp trên khác, hoặc sửa ngày kết thúc của cấp trên trước.",
            )  # fmt: skip


def _check_circles(found: Gathered, outcome: Outcome) -> None:
    """Walk up from each new place; a walk that comes back to itself is a circle, told once."""
    sound: set[str] = set()
    for start in outcome.parents:
        path: list[str] = []
        seen: set[str] = set()
        unit: str | None = start
        while unit is not None and unit not in sound and unit not in seen:
            seen.add(unit)
            path.append(unit)
            state = found.structure.units.get(unit)
            unit = outcome.parent_after(unit, state.parent if state else None)
        if unit is not None and unit in seen:
            circle = path[path.index(unit) :]
            if not sound.intersection(circle):
                _circle(found, circle)
        sound.update(path)


def _circle(found: Gathered, circle: list[str]) -> None:
    number = max(step_of(found, unit) for unit in circle)
    way = " → ".join(found.name(unit) for unit in [*circle[:_NAMED], circle[0]])
    found.problem(
        number, "circle", circle[0], f"Đơn vị thành cấp dưới của chính mình: {way}.",
        "Sửa cấp trên của một trong các đơn vị này.",
    )  # fmt: skip


def _check_kinds(found: Gathered, outcome: Outcome, rule: Rule) -> None:
    """Only places that become different: what stood before the rule is not this reform's doing."""
    value = rule.value
    assert isinstance(value, StructurePlacement)
    changed = {u for u in outcome.versions if u in found.changed}
    below = {child for unit in changed for child in found.structure.children.get(unit, ())}
    for unit in dict.fromkeys([*outcome.parents, *outcome.versions, *sorted(below)]):
        if unit in outcome.ended:
            continue
        before, after = _kinds_before(found, unit), _kinds_after(found, outcome, unit)
        if after is None or after == before:
            continue
        kind, above = after
        if not value.may_stand(kind, above):
            state = found.structure.units.get(unit)
            parent = outcome.parent_after(unit, state.parent if state else None)
            number = step_of(found, unit) or step_of(found, parent or "")
            message, remedy = _wrong_place(rule, value, kind, above)
            found.problem(number, rule.id, unit, message, remedy)


def _wrong_place(
    rule: Rule, value: StructurePlacement, kind: UnitKind, above: UnitKind | None
) -> tuple[str, str]:
    """Why the kind may not stand there, and what to do."""
    label = f"{rule.document.name} ({rule.id}; {rule.evidence.label})"
    if not value.exists(kind):
        message = f"Từ {date_vi(rule.valid_from)} không còn loại “{kind.label}”: {label}."
        remedy = "Chọn loại khác, hoặc ngày hiệu lực khác."
    else:
        where = f"ngay dưới “{above.label}”" if above else "trên cùng"
        message = f"“{kind.label}” không đứng {where} được: {label}."
        places = ", ".join(f"“{one.label}”" for one in value.places_of(kind))
        remedy = f"Đặt dưới {places}, hoặc chọn loại khác." if places else "Bỏ đơn vị cấp trên."
    return message, remedy


Kinds = tuple[UnitKind, UnitKind | None]


def _kinds_before(found: Gathered, unit: str) -> Kinds | None:
    state = found.structure.units.get(unit)
    if state is None or state.version is None:
        return None
    above = found.structure.version_of(state.parent) if state.parent else None
    return state.version.kind, above.kind if above else None


def _kinds_after(found: Gathered, outcome: Outcome, unit: str) -> Kinds | None:
    def version(one: str) -> Version | None:
        return outcome.versions.get(one) or found.structure.version_of(one)

    state = found.structure.units.get(unit)
    own = version(unit)
    parent = outcome.parent_after(unit, state.parent if state else None)
    above = version(parent) if parent else None
    if own is None or (parent is not None and above is None):
        return None  # told already: the unit or its parent does not live
    return own.kind, above.kind if above else None


def _check_codes(found: Gathered, outcome: Outcome) -> None:
    """Of the units living from the day on, no two bear one official code."""
    bearers: dict[str, str] = {}
    for unit, version in outcome.versions.items():
        code = version.official_code
        before = found.structure.version_of(unit)
        if not code or (before is not None and before.official_code == code):
            continue
        others = [
            other
            for other in found.structure.codes.get(code, ())
            if other != unit
            and other not in outcome.ended
            and (other not in outcome.versions or outcome.versions[other].official_code == code)
        ]
        other = bearers.setdefault(code, unit)
        if other != unit:
            others.append(other)
        if others:
            number = found.changed[unit][0] if unit in found.changed else step_of(found, unit)
            found.problem(
                number, "code-used", unit,
                f"Mã {code} đang là mã của {_bearers(found, others)}.",
                "Dùng mã khác, hoặc đổi mã của đơn vị kia trong cùng việc sắp xếp.",
            )  # fmt: skip


def _check_later(found: Gathered, outcome: Outcome) -> None:
    """A reform against an old state: the register already knows a later one."""
    whatever = frozenset({"version", "parent", "child", "count", "post", "list", "fact"})
    for unit, number in outcome.ended.items():
        _later(found, number, unit, whatever)
        state = found.structure.units.get(unit)
        if state is not None and state.version is not None and state.born == found.structure.on:
            found.problem(
                number, "born-that-day", unit, "Đơn vị mới có từ chính ngày hiệu lực.",
                "Chọn ngày hiệu lực muộn hơn, hoặc hoàn tác việc lập đơn vị này.",
            )  # fmt: skip
    for unit in outcome.versions:
        if isinstance(found.changed.get(unit, (0, None))[1], Change):
            _later(found, found.changed[unit][0], unit, frozenset({"version"}))
    for unit in outcome.parents:
        _later(found, step_of(found, unit), unit, frozenset({"parent"}))
    for unit, number in _receiving(found).items():
        if not _receiver_ends(found, number, unit) and unit in outcome.counts:
            _later(found, number, unit, frozenset({"count"}))


def _receiving(found: Gathered) -> dict[str, int]:
    """Who receives something, with the first step that gives it."""
    first: dict[str, int] = {}
    for number, step in found.ended.values():
        for unit in receivers_of(step):
            first.setdefault(unit, number)
    return first


def _receiver_ends(found: Gathered, number: int, unit: str) -> bool:
    """Whether a receiver lives on the day, and the register already knows its end."""
    state = found.structure.units.get(unit)
    if state is None or state.version is None or state.died is None:
        return False
    found.problem(
        number, "receiver-ends", unit,
        f"Nơi nhận ({state.name}) đã kết thúc từ ngày {date_vi(state.died)}, "
        "sau ngày hiệu lực này.",
        "Chọn nơi nhận là đơn vị nay còn hoạt động, hoặc hoàn tác việc kết thúc nơi nhận trước.",
    )  # fmt: skip
    return True


def _later(found: Gathered, number: int, unit: str, tables: frozenset[str]) -> None:
    state = found.structure.units.get(unit)
    later = sorted(
        (x for x in (state.later if state else ()) if x.table in tables), key=lambda later: later.on
    )
    if later:
        first = later[0]
        more = f" (và {len(later) - 1} thay đổi nữa)" if len(later) > 1 else ""
        found.problem(
            number, "changed-later", unit,
            f"Sau ngày hiệu lực sổ đã ghi: {first.name}, ngày {date_vi(first.on)}{more}.",
            "Chọn ngày hiệu lực sau thay đổi đó, hoặc sửa thay đổi đó trước.",
        )  # fmt: skip


def _bearers(found: Gathered, units: Iterable[str]) -> str:
    """Whoever bears a code, by name where the reader sees them; never an id."""
    known = [unit for unit in units if found.knows(unit)]
    names = [found.name(unit) for unit in known] or ["một đơn vị khác"]
    return ", ".join(names[:_NAMED])


def _names(found: Gathered, units: Iterable[str]) -> str:
    names = [found.name(unit) for unit in units]
    more = f" và {len(names) - _NAMED} đơn vị nữa" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
