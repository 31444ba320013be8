"""A step in one Vietnamese sentence, for lists and for the sheet of consequences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vungmanh.core.text import percent_vi
from vungmanh.core.vocabulary import MembershipStatus, Sector, UnitKind
from vungmanh.org.models import UnitVersion
from vungmanh.org.reform.steps import (
    Change,
    Create,
    End,
    Merge,
    Move,
    Split,
    Step,
    code_of,
    unit_ids,
)
from vungmanh.outputs.reforms.layout import Verb
from vungmanh.outputs.reforms.write import members_words

_SHOWN = 3  # sources named in one sentence


def names_for(steps: Sequence[Step]) -> dict[str, str]:
    """What each unit named in the steps was last called, "#ref" included. One query."""
    versions = UnitVersion.objects.filter(unit_id__in=unit_ids(steps)).order_by("valid")
    found = {str(unit): name for unit, name in versions.values_list("unit_id", "name")}
    return found | {f"#{step.ref}": step.name for step in steps if isinstance(step, Create)}


def verb_of(step: Step) -> Verb:
    """Which of the six things a step does."""
    return Verb(code_of(step))


def sentence_of(step: Step, names: Mapping[str, str]) -> str:
    """What the step does: "Sáp nhập A, B vào C"."""

    def name(unit: str) -> str:
        return names.get(unit, unit)

    match step:
        case Create():
            below = f" dưới {name(step.parent)}" if step.parent else ""
            return f"Lập mới {step.name} ({UnitKind(step.kind).label}){below}"
        case Change():
            return f"Đổi {name(step.unit)}: {'; '.join(_changes(step))}"
        case Move():
            return f"Chuyển {name(step.unit)} về {name(step.parent)}"
        case Merge():
            return f"Sáp nhập {_listed(map(name, step.sources))} vào {name(step.target)}"
        case Split():
            parts = [_part(name(part.target), part.share, part.members) for part in step.parts]
            return f"Chia tách {name(step.unit)} thành {'; '.join(parts)}"
        case End():
            to = f"; đảng viên chuyển về {name(step.members_to)}" if step.members_to else ""
            return f"Kết thúc hoạt động {name(step.unit)}{to}"


def _part(name: str, share: float, members: Mapping[MembershipStatus, int] | None) -> str:
    given = f", {members_words(members)}" if members is not None else ""
    return f"{name} ({percent_vi(share)}{given})"


def _changes(step: Change) -> list[str]:
    said = []
    if step.name is not None:
        said.append(f"tên mới {step.name}")
    if step.kind is not None:
        said.append(f"loại {UnitKind(step.kind).label}")
    if step.sector is not None:
        said.append(f"lĩnh vực {Sector(step.sector).label}")
    if step.area is not None:
        said.append(f"địa bàn {step.area or 'để trống'}")
    if step.official_code is not None:
        said.append(f"mã {step.official_code or 'để trống'}")
    if step.is_organisation is not None:
        said.append(
            "là tổ chức cơ sở đảng" if step.is_organisation else "không là tổ chức cơ sở đảng"
        )
    return said


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    if len(every) <= _SHOWN + 1:
        return ", ".join(every)
    return f"{', '.join(every[:_SHOWN])} và {len(every) - _SHOWN} đơn vị khác"
