"""What part of a list of cells and overseers is shown: nobody yet, what changes, one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.core.text import sort_key
from vungmanh.strengthening.assigning_reads import ChargedCell
from vungmanh.strengthening.models import PlannedOversight

EMPTY, CHANGED = "trong", "doi"
Filter = tuple[str, str, list[tuple[str, str]], str]  # name, label, options, value


@dataclass(frozen=True)
class Chosen:
    """What was asked for in the address; what means nothing there is left out."""

    which: str = ""
    person: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Chosen:
        return cls(said.get("xem", ""), said.get("nguoi", ""))

    @property
    def is_set(self) -> bool:
        return bool(self.which or self.person)

    def keeps_cell(self, one: ChargedCell) -> bool:
        people = {str(user.pk) for user, _first, _end in one.people}
        if self.which == EMPTY and people:
            return False
        return not self.person or self.person in people

    def keeps_line(self, line: PlannedOversight) -> bool:
        if self.which == EMPTY and line.overseer_id is not None:
            return False
        if self.which == CHANGED and line.overseer_id == line.before_id:
            return False
        return not self.person or self.person == str(line.overseer_id)

    def filters_of_cells(self, cells: Iterable[ChargedCell]) -> list[Filter]:
        people = {str(user.pk): str(user) for one in cells for user, _first, _end in one.people}
        return self._filters([(EMPTY, _("Chưa có người"))], people)

    def filters_of_lines(self, lines: Iterable[PlannedOversight]) -> list[Filter]:
        people = {str(one.overseer_id): str(one.overseer) for one in lines if one.overseer_id}
        which = [(EMPTY, _("Chưa có người")), (CHANGED, _("Có thay đổi"))]
        return self._filters(which, people)

    def _filters(self, which: list[tuple[str, str]], people: Mapping[str, str]) -> list[Filter]:
        every = ("", _("Tất cả"))
        named = sorted(people.items(), key=lambda one: sort_key(one[1]))
        return [
            ("xem", _("Xem"), [every, *which], self.which),
            ("nguoi", _("Người phụ trách"), [every, *named], self.person),
        ]
