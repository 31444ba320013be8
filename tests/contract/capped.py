"""A cycle in which the cap bites: every cell of Quan Mẫu proposed the best grade."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.contract.rating_story import (
    BEST,
    CELL,
    NOW,
    brought_to,
    dossier_of,
    office,
    opened,
    secretary,
)
from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import DossierState
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.strengthening import year_quota
from vungmanh.strengthening.year_grading import dossier_finding


def half_may_be_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cap of half: of three cells one may have the best grade."""
    hold = year_quota.hold_quota

    def half(rated: Any, percent: Any, method: Any) -> Any:
        return hold(rated, type(percent)(**{**vars(percent), "percent": 50}), method)

    monkeypatch.setattr(year_quota, "hold_quota", half)


class Proposed:
    """Every cell of Quan Mẫu proposed the best grade, its sheet answered, with these points."""

    def __init__(self, points: dict[str, str], last: int = 2016) -> None:
        self.cast: Cast = make_cast(last=dt.date(last, 12, 1))
        self.by: Viewer = office(self.cast)
        self.cycle: Cycle = opened(self.cast)
        for dossier in Dossier.objects.filter(cycle=self.cycle).select_related("cycle"):
            below = secretary(self.cast, dossier.name)
            sheet = dossier_finding(dossier, at=NOW).sheet
            assert sheet is not None
            dossier.answers = dict.fromkeys((one.code for one in sheet.criteria), "tot")
            dossier.save()
            brought_to(DossierState.PROPOSED, dossier, below, self.by, self.by)
            dossier.refresh_from_db()
            dossier.proposed_grade, dossier.self_points = BEST, points.get(dossier.name, "80")
            dossier.save()

    def dossier(self, unit: str = CELL) -> Dossier:
        return dossier_of(self.cycle, self.cast, unit)
