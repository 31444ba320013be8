"""Two who decide the same dossier at the same time: one decision, the other is told."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection

from tests.cast import make_cast
from tests.contract.rating_story import (
    GOOD,
    NOW,
    brought_to,
    dossier_of,
    office,
    opened,
    secretary,
)
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import DossierState
from vungmanh.evaluation.actions import deciding
from vungmanh.evaluation.models import DossierEntry, GradeDecision, YearGrade

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_decisions_at_once_are_one_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast(last=dt.date(2016, 12, 1))
    by = office(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(DossierState.PROPOSED, dossier, secretary(cast), by, by)
    barrier = threading.Barrier(2)
    locked = deciding.locked

    def together(*given: Any) -> Any:
        barrier.wait(timeout=10)  # both have begun before either holds the dossier
        return locked(*given)

    monkeypatch.setattr(deciding, "locked", together)
    told: list[Exception] = []

    def decide() -> None:
        try:
            deciding.decide(dossier_id=dossier.pk, grade=GOOD, inputs={}, result={}, by=by, at=NOW)
        except NotNow as error:
            told.append(error)
        finally:
            connection.close()

    hands = [threading.Thread(target=decide) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=30)
    assert [error.code for error in told] == ["already-decided"]  # type: ignore[attr-defined]
    assert GradeDecision.objects.count() == YearGrade.objects.count() == 1
    assert DossierEntry.objects.filter(act="decide").count() == 1
