"""What the pages of rearranging need: a place, what is found of it, a draft that answers it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.org.arranging import key_of
from vungmanh.org.models import ArrangingDraft, Place, Reform
from vungmanh.rulebook.people.arranging import Arrangement
from vungmanh.rulebook.people.findings import unknown


def place_in(committee: UUID) -> Place:
    """A village of which nobody has reported: found as one without its own cell."""
    return Place.objects.get_or_create(
        under_id=committee, name="Thôn Khe Thử",
        defaults={"name_fold": "thon khe thu", "sector": "village",
                  "began_on": dt.date(2019, 1, 1)},
    )[0]  # fmt: skip


def arranged(committee: UUID, reform: Reform) -> dict[str, object]:
    place = place_in(committee)
    code = "village_without_cell"
    found = Arrangement(unknown(code, ""), places=(str(place.pk),))
    ArrangingDraft.objects.create(reform=reform, code=code, text="Thôn chưa có chi bộ riêng.")
    return {"place_id": place.pk, "finding_key": key_of(found)}
