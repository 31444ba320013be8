"""What a report of a programme is gathered from: whose sight, which period, which files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileState
from vungmanh.core.text import sort_key
from vungmanh.org.models import UnitVersion
from vungmanh.org.structure import check_in_register
from vungmanh.outputs.programmes.periods import AskedPeriod
from vungmanh.strengthening.file_reads import files_visible
from vungmanh.strengthening.file_shown import approved_of
from vungmanh.strengthening.models import FileEntry, Programme, SupportFile
from vungmanh.strengthening.programme_reads import sees_unit
from vungmanh.strengthening.year_addresses import Address


@dataclass(frozen=True)
class FileThen:
    """A file as it stood on the day of the report: its state, and what was approved by then."""

    file: SupportFile
    name: str
    state: FileState
    causes: frozenset[UUID]
    measures: frozenset[UUID]

    @property
    def address(self) -> Address:
        return Address("support_file", {"file_id": str(self.file.pk)})


@dataclass(frozen=True)
class Asked:
    """One report: of a programme, about a period, as one viewer may read it, counted `on` a day."""

    programme: Programme
    said: AskedPeriod
    viewer: Viewer

    @property
    def on(self) -> dt.date:
        """The last day that is counted: of the period, or today while it runs."""
        return min(self.said.period.ends_on, self.viewer.on)

    @property
    def first(self) -> dt.date:
        return self.said.period.first

    def is_within(self, day: dt.date | None) -> bool:
        """Whether a day lies in the period, as far as it is over."""
        return day is not None and self.first <= day <= self.on

    @cached_property
    def is_whole(self) -> bool:
        """Whether the committee of the programme is in sight, so that everything below it is."""
        return sees_unit(self.viewer, self.programme.unit_id)

    @property
    def unit_id(self) -> UUID | None:
        """Over which committee figures of a whole are taken; None: over all that is in sight."""
        return self.programme.unit_id if self.is_whole else None

    @cached_property
    def files(self) -> tuple[FileThen, ...]:
        """The files in sight that had begun by then, in the order of their units' names."""
        check_in_register(self.on)
        rows = files_visible(self.viewer).filter(
            programme=self.programme, entered_on__lte=self.on
        ).select_related("choice")  # fmt: skip
        found = list(rows)
        entries: dict[UUID, list[FileEntry]] = {one.pk: [] for one in found}
        said = FileEntry.objects.filter(file__in=found, on__lte=self.on)
        for entry in said.order_by("file_id", "number"):
            entries[entry.file_id].append(entry)
        names = names_on((one.unit_id for one in found), self.on)
        made = [_then(one, names.get(one.unit_id, ""), entries[one.pk]) for one in found]
        return tuple(sorted(made, key=lambda one: (sort_key(one.name), one.file.pk)))


def names_on(units: Iterable[UUID], on: dt.date) -> dict[UUID, str]:
    """What units were called on a day, or last, where they had ended by then."""
    rows = UnitVersion.objects.filter(unit_id__in=set(units), valid__startswith__lte=on)
    return dict(rows.order_by("valid").values_list("unit_id", "name"))


def _then(file: SupportFile, name: str, entries: list[FileEntry]) -> FileThen:
    state = FileState(entries[-1].state) if entries else FileState.CHOSEN
    causes, measures = approved_of(entries)
    return FileThen(file, name, state, frozenset(causes), frozenset(measures))
