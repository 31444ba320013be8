"""Splitting a unit: its parts by name and share, and the part each unit below goes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vungmanh.core.text import number_vi, same_name_key
from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.org.models import UnitVersion
from vungmanh.org.reform.steps import Create, Move, Part, Split, Step
from vungmanh.outputs.reforms.read import members_of, share_of
from vungmanh.outputs.workbooks.cells import Unreadable
from vungmanh.web.reforms.forms import ActForm, free_ref

PARTS = 4
FEWEST = 2


class SplitForm(ActForm):
    """Up to four parts. A part that names a neighbour goes to it, any other name is founded."""

    children: Sequence[UnitVersion] = ()
    neighbours: Sequence[UnitVersion] = ()
    parent_id: str = ""

    def prepare(self) -> None:
        for number in range(1, PARTS + 1):
            needed = number <= FEWEST
            labels = {"number": number}
            self.fields[f"name{number}"] = forms.CharField(
                label=_("Phần %(number)s: tên") % labels, max_length=200, required=needed
            )
            self.fields[f"share{number}"] = forms.CharField(
                label=_("Phần %(number)s: tỷ lệ") % labels,
                max_length=20,
                required=needed,
                help_text=_("Ví dụ 60 %. Các phần cộng lại 100 %.") if number == 1 else "",
            )
            self.fields[f"members{number}"] = forms.CharField(
                label=_("Phần %(number)s: đảng viên") % labels,
                max_length=120,
                required=False,
                help_text=_(
                    "Nếu đã rõ, ví dụ 12 chính thức, 1 dự bị. Để trống thì chia theo tỷ lệ."
                )
                if number == 1
                else "",
            )
        choices = [(str(number), _("Phần %s") % number) for number in range(1, PARTS + 1)]
        for place, child in enumerate(self.children):
            self.fields[f"child{place}"] = forms.ChoiceField(
                label=child.name, choices=[("", _("Chọn phần")), *choices]
            )

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """Name, share and members of each part."""
        numbers = range(1, PARTS + 1)
        return [[self[f"{name}{n}"] for name in ("name", "share", "members")] for n in numbers]

    @property
    def first_parts(self) -> list[list[forms.BoundField]]:
        return self.parts[:FEWEST]

    @property
    def more_parts(self) -> list[list[forms.BoundField]]:
        return self.parts[FEWEST:]

    @property
    def has_more(self) -> bool:
        """Whether something was written, or is wrong, in a part that may be left out."""
        return any(one.value() or one.errors for part in self.more_parts for one in part)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self.read: dict[str, tuple[str, float, Any]] = {}
        for number in range(1, PARTS + 1):
            self._read_part(str(number), values)
        for place in range(len(self.children)):
            part = values.get(f"child{place}")
            if part and part not in self.read and not self.errors:
                self.add_error(f"child{place}", _("Phần này chưa có tên và tỷ lệ."))
        total = sum(share for _name, share, _members in self.read.values())
        if not self.errors and abs(total - 1) > 1e-6:
            words = _("Các phần cộng lại %s %%, phải bằng 100 %%.") % number_vi(100 * total)
            self.add_error("share1", words)
        return values

    def _read_part(self, number: str, values: dict[str, Any]) -> None:
        name, share = values.get(f"name{number}"), values.get(f"share{number}")
        if not name and not share:
            return
        if not name or not share:
            self.add_error(
                f"name{number}" if not name else f"share{number}",
                _("Mỗi phần cần cả tên và tỷ lệ."),
            )
            return
        try:
            members = values.get(f"members{number}")
            counted = members_of(members) if members else None
        except Unreadable as error:
            self.add_error(f"members{number}", str(error))
            return
        try:
            self.read[number] = (" ".join(name.split()), share_of(share), counted)
        except Unreadable as error:
            self.add_error(f"share{number}", str(error))

    def steps(self, refs: set[str]) -> list[Step]:
        founded: list[Step] = []
        targets = {}
        for number, (name, _share, _members) in self.read.items():
            neighbour = next(
                (one for one in self.neighbours if same_name_key(one.name) == same_name_key(name)),
                None,
            )
            if neighbour is not None:
                targets[number] = str(neighbour.unit_id)
                continue
            ref = free_ref(refs)
            targets[number] = f"#{ref}"
            founded.append(self._founded(ref, name))
        moves = [
            Move(unit=str(child.unit_id), parent=targets[self.cleaned_data[f"child{place}"]])
            for place, child in enumerate(self.children)
        ]
        parts = tuple(
            Part(target=targets[number], share=share, members=members)
            for number, (_name, share, members) in self.read.items()
        )
        return [*founded, *moves, Split(unit=str(self.unit.unit_id), parts=parts)]

    def _founded(self, ref: str, name: str) -> Create:
        return Create(
            ref=ref,
            name=name,
            kind=UnitKind(self.unit.kind),
            sector=Sector(self.unit.sector),
            area=self.unit.area,
            official_code="",
            is_organisation=self.unit.is_organisation,
            parent=self.parent_id,
        )

    def title(self) -> str:
        return f"Chia tách {self.unit.name}"
