"""Members by counts, government and mass organisations beside a dossier: kept, checked, counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.rating_story import (
    CELL,
    GOOD,
    NOW,
    OTHER_CELL,
    analyst,
    brought_to,
    dossier_of,
    office,
    opened,
    secretary,
)
from vungmanh.access.models import Event
from vungmanh.access.wall import behind
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import CycleState, DossierState, OutcomeSubject
from vungmanh.evaluation.actions.deciding import decide
from vungmanh.evaluation.actions.outcomes import record_outcome
from vungmanh.evaluation.models import Cycle, Dossier, YearGrade, YearOutcome
from vungmanh.evaluation.outcomes import waiting_beside
from vungmanh.org.models import MembershipCount
from vungmanh.rulebook.grading.facts import FactName
from vungmanh.strengthening.year_evidence import year_facts
from vungmanh.strengthening.year_grading import dossier_findings

pytestmark = pytest.mark.django_db
MEMBERS, GOVERNMENT, MASS = OutcomeSubject


@pytest.fixture
def cast() -> Cast:
    return make_cast(last=dt.date(2016, 12, 1))


def counts(*numbers: int) -> dict[str, int | None]:
    """From the best grade to those without one."""
    names = ("excellent", "good", "completed", "not_completed", "unrated")
    return dict(zip(names, numbers, strict=True))


def recorded(dossier: Dossier, subject: OutcomeSubject, *numbers: int, **more: Any) -> YearOutcome:
    more = {"at": NOW, **more}
    return record_outcome(dossier_id=dossier.pk, subject=subject, counts=counts(*numbers), **more)


def facts_of(dossier: Dossier, at: dt.datetime = NOW) -> dict[str, tuple[Any, int | None]]:
    found = year_facts([dossier.unit_id], dossier.cycle.year, at=at)[dossier.unit_id]
    return {name.value: (fact.value, fact.of) for name, fact in found.items() if fact.known}


def outcomes_by_rule(dossier: Dossier) -> dict[str, str]:
    found = dossier_findings([dossier], at=NOW)[dossier.pk].finding
    assert found is not None
    return {one.key: one.outcome.value for one in found.conditions}


def test_a_cell_records_its_members_by_grade_and_they_answer_its_conditions(cast: Cast) -> None:
    dossier = dossier_of(opened(cast), cast)
    made = recorded(dossier, MEMBERS, 1, 6, 1, 0, 1, by=secretary(cast), document="09-BB/CB")
    assert (made.members, made.number) == (9, 1), "nine in the register"
    facts = facts_of(dossier)
    assert facts["members_rated"] == (8, 9)
    assert facts["members_good"] == (7, 8)
    assert facts["members_completed"] == (8, 8)
    told = outcomes_by_rule(dossier)
    assert (told["xuat_sac.d1"], told["xuat_sac.d2"]) == ("met", "met")
    recorded(dossier, MEMBERS, 1, 5, 1, 1, 1, by=secretary(cast), reason="Một người bị hạ mức.")
    told = outcomes_by_rule(dossier)
    assert (told["xuat_sac.d1"], told["xuat_sac.d2"]) == ("broken", "broken"), "7 and 6 of 8"
    assert "members_good" not in facts_of(dossier, NOW - dt.timedelta(days=1)), "not known yet"
    event = Event.objects.filter(verb="outcome.recorded").first()
    assert event is not None
    assert set(event.data) == {"unit", "year", "of", "number"}, "no counts, no names"


def test_members_that_do_not_add_up_to_the_register_need_a_reason(cast: Cast) -> None:
    dossier, by = dossier_of(opened(cast), cast), secretary(cast)
    with pytest.raises(InputError, match=r"Cộng lại là 8 .* 31/12/2019 có 9") as caught:
        recorded(dossier, MEMBERS, 1, 6, 1, 0, 0, by=by)
    assert (caught.value.field, caught.value.code) == ("reason", "members-do-not-add-up")
    kept = recorded(dossier, MEMBERS, 1, 6, 1, 0, 0, by=by, reason="Một người chuyển đi.")
    assert (kept.members, sum(kept.counts.values())) == (9, 8)
    with pytest.raises(InputError, match="lý do sửa"):
        recorded(dossier, MEMBERS, 1, 6, 2, 0, 0, by=by)
    MembershipCount.objects.filter(unit_id=cast[OTHER_CELL]).delete()
    other = dossier_of(dossier.cycle, cast, OTHER_CELL)
    unknown = recorded(other, MEMBERS, 0, 3, 0, 0, 0, by=secretary(cast, OTHER_CELL))
    assert unknown.members is None, "the register says nothing, so nothing is held against it"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (counts(0, 0, 0, 0, 0), "excellent"),
        (counts(-1, 10, 0, 0, 0), "excellent"),
        ({**counts(1, 8, 0, 0, 0), "good": None}, "good"),
        ({**counts(1, 8, 0, 0, 0), "good": 10**9}, "good"),
        ({**counts(1, 8, 0, 0, 0), "a": 1}, "counts"),
    ],
)
def test_counts_that_cannot_stand_are_refused_at_their_field(
    cast: Cast, said: dict[str, int | None], field: str
) -> None:
    dossier = dossier_of(opened(cast), cast)
    with pytest.raises(InputError) as caught:
        record_outcome(
            dossier_id=dossier.pk, subject=MEMBERS, counts=said, by=secretary(cast), at=NOW
        )
    assert caught.value.field == field
    assert not YearOutcome.objects.exists()


def test_only_the_unit_itself_records_and_only_what_such_a_unit_has(cast: Cast) -> None:
    dossier, own = dossier_of(opened(cast), cast), secretary(cast)
    with pytest.raises(NotAllowed) as above:
        recorded(dossier, MEMBERS, 1, 8, 0, 0, 0, by=office(cast))
    assert above.value.code == "other-side"
    for other in (secretary(cast, OTHER_CELL), office(cast, LANG_THU)):
        with pytest.raises(NotFound):
            recorded(dossier, MEMBERS, 1, 8, 0, 0, 0, by=other)
    with pytest.raises(NotNow) as none:
        recorded(dossier, GOVERNMENT, 1, 0, 0, 0, 0, by=own)
    assert none.value.code == "no-such-outcome"
    recorded(dossier, MEMBERS, 1, 8, 0, 0, 0, by=secretary(cast))
    with behind(secretary(cast, OTHER_CELL), NOW.date()):
        assert not YearOutcome.objects.exists()
    with behind(secretary(cast), NOW.date()):
        assert YearOutcome.objects.exists()
    Cycle.objects.update(state=CycleState.CLOSED)
    with pytest.raises(NotNow) as closed:
        recorded(dossier, MEMBERS, 1, 8, 0, 0, 0, by=secretary(cast), reason="Sửa.")
    assert closed.value.code == "cycle-closed"


def test_the_database_changes_no_outcome(cast: Cast) -> None:
    recorded(dossier_of(opened(cast), cast), MEMBERS, 1, 8, 0, 0, 0, by=secretary(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        YearOutcome.objects.update(counts={})
    with pytest.raises(IntegrityError), transaction.atomic():
        YearOutcome.objects.all()._raw_delete("default")


def test_government_and_mass_organisations_become_facts_of_the_commune(cast: Cast) -> None:
    dossier = dossier_of(opened(cast, PROVINCE, analyst(cast)), cast, QUAN_MAU)
    with pytest.raises(InputError, match="một mức"):
        recorded(dossier, GOVERNMENT, 1, 1, 0, 0, 0, by=office(cast))
    recorded(dossier, GOVERNMENT, 0, 0, 0, 1, 0, by=office(cast))
    recorded(dossier, MASS, 1, 3, 0, 2, 0, by=office(cast))
    facts = facts_of(dossier)
    assert facts["government_grade"] == (4, None)
    assert facts["government_lowest"] == (True, None)
    assert facts["mass_organisations_good"] == (4, 6)
    assert facts["mass_organisations_lowest"] == (2, 6)
    found = dossier_findings([dossier], at=NOW)[dossier.pk]
    opened_by = found.facts[FactName.GOVERNMENT_GRADE].records
    assert opened_by == (f"dossier_outcomes:dossier_id={dossier.pk}",)


def test_where_the_rule_says_so_government_and_mass_organisations_come_first(cast: Cast) -> None:
    province, commune = analyst(cast), office(cast)
    cycle = opened(cast, PROVINCE, province)
    assert waiting_beside([dossier_of(cycle, cast, QUAN_MAU)]) == [], "2019 does not say"
    Cycle.objects.update(rules={**cycle.rules, "grade_procedure": "QD124-2023-quy-trinh"})
    for cell in (CELL, OTHER_CELL, "Chi bộ thôn Ăn Mẫu"):
        YearGrade.objects.create(unit_id=cast[cell], year=2019, regime="R2b", grade=GOOD)
    brought_to(
        DossierState.PROPOSED, dossier_of(cycle, cast, QUAN_MAU), commune, province, province
    )
    dossier, school = dossier_of(cycle, cast, QUAN_MAU), dossier_of(cycle, cast, SCHOOL)
    assert waiting_beside([dossier, school]) == [(dossier, [GOVERNMENT, MASS])]
    this: dict[str, Any] = {"dossier_id": dossier.pk, "grade": GOOD, "inputs": {}, "result": {}}
    with pytest.raises(NotNow, match="Chính quyền cùng cấp; Mặt trận") as caught:
        decide(by=province, at=NOW, **this)
    assert caught.value.code == "government-first"
    recorded(dossier, GOVERNMENT, 0, 1, 0, 0, 0, by=commune)
    recorded(dossier, MASS, 0, 5, 0, 0, 0, by=commune)
    assert decide(by=province, at=NOW, **this).override_reason == ""


def test_facts_of_outcomes_cost_as_many_queries_for_six_units_as_for_one(cast: Cast) -> None:
    dossier = dossier_of(opened(cast), cast)
    recorded(dossier, MEMBERS, 1, 8, 0, 0, 0, by=secretary(cast))
    asked = []
    for units in ([dossier.unit_id], [cast[name] for name in cast.cells]):
        with CaptureQueriesContext(connection) as told:
            year_facts(units, 2019, at=NOW)
        asked.append(len(told))
    assert asked[0] == asked[1]
