"""What a reform decides, step by step.

A unit is named by its UUID as text, or by "#ref": the unit that the `Create` with that `ref` makes
in the same reform. The order of the steps does not matter: they all take effect on one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import MembershipStatus, Sector, UnitKind

REF = "#"


@dataclass(frozen=True)
class Create:
    """A unit is founded. `ref` (without "#") is its name in the other steps.

    `parent` is None only for a unit at the top.
    """

    ref: str
    name: str
    kind: UnitKind
    sector: Sector
    area: str = ""
    official_code: str = ""
    is_organisation: bool = False
    parent: str | None = None


@dataclass(frozen=True)
class Change:
    """A unit goes on under another name, kind, sector, area or code. None: as before."""

    unit: str
    name: str | None = None
    kind: UnitKind | None = None
    sector: Sector | None = None
    area: str | None = None
    official_code: str | None = None
    is_organisation: bool | None = None


@dataclass(frozen=True)
class Move:
    """A unit goes on under another parent, with everything below it."""

    unit: str
    parent: str


@dataclass(frozen=True)
class Merge:
    """The sources end and go wholly into the target, an existing unit that goes on or "#ref".

    Their members are added to the target's; units below them follow to the target unless another
    step says otherwise.
    """

    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True)
class Part:
    """One part of a split: `share` of the unit (0 < share <= 1) goes to `target`.

    `members` allots the members by status; None: by share, or by the list of names where the list
    is as long as the count. Either all parts say it, or none. `people` are those on the list who go
    to this part, by id: a person decides that, never the program.
    """

    target: str
    share: float
    members: Mapping[MembershipStatus, int] | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Split:
    """A unit ends and goes into two parts or more. Units below it must be placed by other steps."""

    unit: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class End:
    """A unit ends. Its members go to `members_to`, or leave the count. Those below must be placed
    by other steps.
    """

    unit: str
    members_to: str | None = None


Step = Create | Change | Move | Merge | Split | End

_NAMES: dict[str, type[Any]] = {
    "create": Create,
    "change": Change,
    "move": Move,
    "merge": Merge,
    "split": Split,
    "end": End,
}
_CODES = {step: name for name, step in _NAMES.items()}


def code_of(step: Step) -> str:
    """The stable word of a step: create, change, move, merge, split, end."""
    return _CODES[type(step)]


def receivers_of(step: Step) -> list[str]:
    """The units into which a step lets another one go on."""
    match step:
        case Merge():
            return [step.target]
        case Split():
            return [part.target for part in step.parts]
        case End():
            return [step.members_to] if step.members_to else []
        case _:
            return []


def named_units(step: Step) -> list[str]:
    """Every unit a step names, "#ref" among them, in the order named."""
    match step:
        case Create():
            return [step.parent] if step.parent else []
        case Change():
            return [step.unit]
        case Move():
            return [step.unit, step.parent]
        case Merge():
            return [*step.sources, step.target]
        case Split():
            return [step.unit, *(part.target for part in step.parts)]
        case End():
            return [step.unit, *([step.members_to] if step.members_to else [])]


def unit_ids(steps: Iterable[Step]) -> set[UUID]:
    """The existing units the steps name."""
    return {UUID(name) for step in steps for name in named_units(step) if name[:1] != REF}


def to_json(step: Step) -> dict[str, Any]:
    """The step as plain values; `steps_from_json` reads it back."""
    plain: dict[str, Any] = {"step": code_of(step)}
    for field in fields(step):
        value = getattr(step, field.name)
        if isinstance(step, Split) and field.name == "parts":
            value = [_part_json(part) for part in step.parts]
        elif isinstance(value, tuple):
            value = list(value)
        plain[field.name] = value
    return plain


def steps_to_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [to_json(step) for step in steps]


def steps_from_json(raw: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps of `to_json`. Raises InputError naming the step that cannot be read."""
    return tuple(_step(number, dict(plain)) for number, plain in enumerate(raw, start=1))


def _part_json(part: Part) -> dict[str, Any]:
    members = None if part.members is None else {str(k): v for k, v in part.members.items()}
    plain = {"target": part.target, "share": part.share, "members": members}
    return plain | ({"people": list(part.people)} if part.people else {})


def _step(number: int, plain: dict[str, Any]) -> Step:
    try:
        kind = _NAMES[plain.pop("step")]
        for name, vocabulary in (("kind", UnitKind), ("sector", Sector)):
            if plain.get(name) is not None:
                plain[name] = vocabulary(plain[name])
        if kind is Merge:
            plain["sources"] = tuple(plain["sources"])
        if kind is Split:
            plain["parts"] = tuple(_part(part) for part in plain["parts"])
        step: Step = kind(**_normal(plain))
        unit_ids([step])  # a name that is neither an id nor "#ref" is refused here
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"Không đọc được bước {number} của việc sắp xếp. Xóa bước này và ghi lại.",
            place=f"bước {number}",
            code="step-unreadable",
        ) from error
    return step


def _part(plain: Mapping[str, Any]) -> Part:
    members = plain.get("members")
    return Part(
        target=str(plain["target"]),
        share=float(plain["share"]),
        members=members and {MembershipStatus(k): int(v) for k, v in members.items()},
        people=tuple(str(UUID(one)) for one in plain.get("people", ())),
    )


def _normal(plain: dict[str, Any]) -> dict[str, Any]:
    """Texts in normal form and without blanks around them."""
    return {k: nfc(v).strip() if type(v) is str else v for k, v in plain.items()}
