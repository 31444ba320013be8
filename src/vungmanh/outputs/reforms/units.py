"""The units that stand on a day, by every way a workbook may name them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import same_name_key, same_words_key
from vungmanh.org.models import UnitParent
from vungmanh.org.queries import versions_visible


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the register as it is on a day, with the unit right above it."""

    unit_id: UUID
    name: str
    kind: str
    sector: str
    area: str
    official_code: str
    is_organisation: bool
    above_id: UUID | None = None
    above: str = ""


class UnitIndex:
    """Units by id, code and name."""

    def __init__(self, units: Iterable[KnownUnit]) -> None:
        self.by_id: dict[str, KnownUnit] = {}
        self._by_code: dict[str, list[KnownUnit]] = {}
        self._by_name: dict[str, list[KnownUnit]] = {}
        self._by_words: dict[str, list[KnownUnit]] = {}
        for unit in units:
            self.by_id[str(unit.unit_id)] = unit
            if unit.official_code:
                self._by_code.setdefault(unit.official_code.casefold(), []).append(unit)
            self._by_name.setdefault(same_name_key(unit.name), []).append(unit)
            self._by_words.setdefault(same_words_key(unit.name), []).append(unit)

    def __len__(self) -> int:
        return len(self.by_id)

    def coded(self, code: str) -> list[KnownUnit]:
        """The units of an identifier or an official code."""
        unit = self.by_id.get(code.lower())
        return [unit] if unit else self._by_code.get(code.casefold(), [])

    def named(self, name: str, under: str = "") -> list[KnownUnit]:
        """The units of a name, letter by letter first, else whatever the diacritics.

        `under` is the name of the unit right above; it narrows the choice when it fits any.
        """
        found = self._by_name.get(same_name_key(name)) or self._by_words.get(
            same_words_key(name), []
        )
        if under and len(found) > 1:
            key, words = same_name_key(under), same_words_key(under)
            for fits in (
                [one for one in found if same_name_key(one.above) == key],
                [one for one in found if same_words_key(one.above) == words],
            ):
                if fits:
                    return fits
        return found


def index_of(viewer: Viewer, on: dt.date) -> UnitIndex:
    """The units a viewer sees on day `on`, in the order of the register. Two queries."""
    versions = list(versions_visible(viewer, on).order_by("name_key", "unit_id"))
    links = dict(UnitParent.objects.filter(valid__contains=on).values_list("unit_id", "parent_id"))
    names = {version.unit_id: version.name for version in versions}
    return UnitIndex(
        KnownUnit(
            unit_id=one.unit_id,
            name=one.name,
            kind=one.kind,
            sector=one.sector,
            area=one.area,
            official_code=one.official_code,
            is_organisation=one.is_organisation,
            above_id=links.get(one.unit_id),
            above=names.get(links.get(one.unit_id), ""),  # type: ignore[arg-type]
        )
        for one in versions
    )
