"""What a timeline is made of: months, what happened in them, and the span that is read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.strengthening.models import SupportFile

MOST = 300  # happenings of each kind; the latest are kept


class HappeningKind(Vocabulary):
    """What a line of the timeline tells of."""

    ACT = "act", "Hồ sơ"
    VISIT = "visit", "Đi cơ sở"
    INSPECTION = "inspection", "Kiểm tra, giám sát"
    FLAG = "flag", "Dấu hiệu"
    PEOPLE = "people", "Con người"
    GRADE = "grade", "Xếp loại năm"
    STRUCTURE = "structure", "Tổ chức"


@dataclass(frozen=True)
class Happening:
    """One thing that happened. `ref` is the id of its record, where it has a page of its own.

    `is_break`: figures before and after it are not compared.
    """

    on: dt.date
    kind: HappeningKind
    title: str
    text: str = ""
    who: str = ""
    ref: str = ""
    is_break: bool = False


@dataclass
class TimelineMonth:
    """One month: its meetings by mark (analysis.facts.MARKS), and what happened in it.

    `is_due`: its term of reporting has passed. Until then what is not there is not missing.
    """

    month: dt.date
    marks: dict[str, int] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    is_due: bool = True


@dataclass(frozen=True)
class Span:
    """What the readers are given: the unit, what stood below it in sight, the days."""

    viewer: Viewer
    file: SupportFile
    units: tuple[UUID, ...]
    names: dict[UUID, str]
    first: dt.date
    last: dt.date

    @property
    def days(self) -> DateRange:
        return DateRange(self.first, self.last, "[]")

    def of(self, unit_id: UUID) -> str:
        """The name of a unit below; nothing for the chosen unit itself."""
        return "" if unit_id == self.file.unit_id else self.names.get(unit_id, "")

    def within(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last
