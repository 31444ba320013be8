"""The small province with a cycle of 2019 in Quan Mẫu, and whoever acts in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from tests.cast import CELLS, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import DossierSubject, Role
from vungmanh.evaluation.actions.cycles import open_cycle
from vungmanh.evaluation.models import Cycle, Dossier

CELL, SECOND, THIRD = CELLS[QUAN_MAU]
YEAR = 2019


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=localdate().replace(2019, 1, 1))


@dataclass
class Story:
    """A cycle under way; `as_` signs in, `viewer` acts behind the pages."""

    cast: Cast
    client: Client
    cycle: Cycle

    def user(self, role: Role, unit: str) -> User:
        name = f"{role.value}.{self.cast[unit].hex[-12:]}"
        return User.objects.filter(username=name).first() or self.cast.user(name, role, unit)

    def viewer(self, role: Role, unit: str) -> Viewer:
        return viewer_for(self.user(role, unit), on=localdate())

    def as_(self, role: Role, unit: str = QUAN_MAU) -> Client:
        self.client.force_login(self.user(role, unit))
        return self.client

    def dossier(self, unit: str = CELL) -> Dossier:
        return Dossier.objects.get(
            cycle=self.cycle, unit_id=self.cast[unit], subject=DossierSubject.ORGANISATION
        )

    def post(self, act: str, unit: str = CELL, **fields: str) -> object:
        """Send one act of a dossier's page as the browser does."""
        one = self.dossier(unit)
        data = {f"{act}-{name}": value for name, value in fields.items()}
        return self.client.post(f"/xep-loai/ho-so/{one.pk}/", {"act": act, **data})


@pytest.fixture
def opened(db: None, client: Client, cast: Cast) -> Callable[..., Story]:
    """`opened(unit, year)`: a story whose cycle the unit's office (or the analyst) opened."""

    def opened_(unit: str = QUAN_MAU, year: int = YEAR) -> Story:
        role = Role.PROVINCIAL_ANALYST if unit == PROVINCE else Role.COMMITTEE_OFFICE
        story = Story(cast, client, Cycle())
        by = story.viewer(role, unit)
        story.cycle = open_cycle(unit_id=cast[unit], year=year, by=by, at=timezone.now())
        return story

    return opened_


@pytest.fixture
def story(opened: Callable[..., Story]) -> Story:
    return opened()
