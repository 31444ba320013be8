"""The province of the eve: in a place of its own, with its districts, open to every role."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from vungmanh.access.models import RoleGrant
from vungmanh.analysis.simulate import SMALL
from vungmanh.analysis.simulate.reform import BEFORE_REFORM
from vungmanh.config import demo
from vungmanh.config.bootstrap import beside
from vungmanh.config.commands.run import _go_beside
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import DossierState, DossierSubject, UnitKind
from vungmanh.evaluation.models import Cycle
from vungmanh.meetings.models import MeetingReport
from vungmanh.org.models import Lineage, UnitVersion
from vungmanh.strengthening.models import AssessmentRun


def test_it_lives_beside_the_usual_data_never_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VUNGMANH_DATABASE_URL")
    monkeypatch.setenv("VUNGMANH_DATA", str(tmp_path / "kho"))
    _go_beside()
    place = Path(os.environ["VUNGMANH_DATA"])
    assert place == beside(tmp_path / "kho")
    assert place.parent == tmp_path
    assert place.name == "kho-truoc-sap-xep"


def test_it_is_never_put_into_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNGMANH_DATABASE_URL", "postgresql://example/vungmanh")
    with pytest.raises(InputError, match="VUNGMANH_DATABASE_URL"):
        _go_beside()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demonstration_of_the_eve_has_districts_and_knows_no_later_day() -> None:
    demo.load_demonstration(lambda words: None, size=SMALL, seed=7, last_month=BEFORE_REFORM)
    now = UnitVersion.objects.filter(valid__contains=dt.date(2026, 1, 1))
    kinds = set(now.values_list("kind", flat=True))
    assert UnitKind.DANG_BO_HUYEN in kinds
    assert not Lineage.objects.filter(on__gte=dt.date(2025, 7, 1)).exists()
    assert MeetingReport.objects.latest("month").month == BEFORE_REFORM
    assert AssessmentRun.objects.latest("month").month == BEFORE_REFORM
    held_in = UnitVersion.objects.filter(unit_id__in=RoleGrant.objects.values("unit_id"))
    assert {UnitKind.DANG_BO_TINH, UnitKind.DANG_BO_XA, UnitKind.CHI_BO} <= set(
        held_in.values_list("kind", flat=True)
    )
    assert len(demo.demonstration_accounts()) == len(demo.PEOPLE)
    cycle = Cycle.objects.get()  # of a district, for the last year that was rated
    assert now.get(unit_id=cycle.unit_id).kind == UnitKind.DANG_BO_HUYEN
    assert cycle.year == 2024
    rated = cycle.dossiers.filter(subject=DossierSubject.ORGANISATION)
    assert set(rated.values_list("state", flat=True)) == {DossierState.NOTIFIED}
    assert {one.grade for one in rated} > {"tot"}
