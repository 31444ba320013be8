"""The way into the Party: steps in turn, held to their rules, with list and counts, and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow, RuleBroken
from vungmanh.core.people_words import AdmissionState, StallReason
from vungmanh.core.people_words import AdmissionStepKind as Step
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.meetings.actions.roll import switch_names_on
from vungmanh.org.actions.admission_targets import set_target
from vungmanh.org.actions.admissions import (
    begin_admission,
    drop_admission,
    record_step,
    stall_admission,
    stop_admission,
    take_back_step,
)
from vungmanh.org.admissions import (
    admissions_visible,
    admitted_and_target,
    clocks_of_admission,
    next_step,
    on_the_way,
)
from vungmanh.org.models import Admission, Membership, Person
from vungmanh.org.queries import admissions_of, members_of
from vungmanh.rulebook.people.clocks import ClockState

pytestmark = pytest.mark.django_db
OFFICIAL, PROBATIONARY = MembershipStatus.OFFICIAL, MembershipStatus.PROBATIONARY
CELL = CELLS[QUAN_MAU][0]
DAY = dt.date(2026, 11, 2)
AT = dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC)
DAYS = {
    Step.DOSSIER: dt.date(2025, 7, 10),
    Step.CELL_RESOLUTION: dt.date(2025, 8, 1),
    Step.DECISION: dt.date(2025, 9, 1),
    Step.RECEIVED: dt.date(2025, 9, 5),  # the rule of the day counts the ceremony's term from here
    Step.CEREMONY: dt.date(2025, 9, 19),
    Step.CELL_OFFICIAL: dt.date(2026, 10, 1),
    Step.OFFICIAL_DECISION: dt.date(2026, 10, 20),
}


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2025, 2, 1))


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=DAY)


def begun(
    cast: Cast, by: Viewer, born_on: dt.date | None = dt.date(2000, 1, 1),
    who: str = "Nông Thử Mới",
) -> Admission:  # fmt: skip
    return begin_admission(
        unit_id=cast[CELL], who=who, born_on=born_on,
        begun_on=dt.date(2025, 7, 1), by=by, at=AT,
    )  # fmt: skip


def step(one: Admission, kind: Step, by: Viewer, **more: Any) -> None:
    one.refresh_from_db()
    said = {"done_on": DAYS.get(kind), "document": "QĐ 7-QĐ/ĐU", "revision": one.revision}
    record_step(admission_id=one.pk, step=kind, by=by, at=AT, **(said | more))


def back(one: Admission, by: Viewer) -> None:
    one.refresh_from_db()
    take_back_step(admission_id=one.pk, reason="ghi nhầm", by=by, at=AT, revision=one.revision)


@pytest.mark.parametrize("named", [False, True])
def test_an_admission_goes_all_the_way_and_all_the_way_back(
    cast: Cast, office: Viewer, *, named: bool
) -> None:
    if named:
        switch_names_on(
            unit_id=cast[QUAN_MAU], from_day=dt.date(2025, 7, 1), document="QĐ 1", by=office, at=AT
        )
    one = begun(cast, office)
    assert (one.person is not None) is named
    for kind in DAYS:
        assert next_step(Admission.objects.get(pk=one.pk)) is kind
        step(one, kind, office)
    one.refresh_from_db()
    assert clocks_of_admission(one, DAY)[2].starts_on == DAYS[Step.RECEIVED]
    assert one.state == AdmissionState.OFFICIAL
    # Late by a month, official all the same from the end of the twelfth month.
    rule_day = dt.date(2026, 9, 19)
    assert members_of(cast[CELL], dt.date(2025, 9, 18)) == {OFFICIAL: 9}
    assert members_of(cast[CELL], dt.date(2026, 9, 18)) == {OFFICIAL: 9, PROBATIONARY: 1}
    assert members_of(cast[CELL], rule_day) == {OFFICIAL: 10, PROBATIONARY: 0}
    month = dt.date(2025, 9, 1)
    assert admissions_of(cast[CELL], month, month) == 1
    if named:
        rows = Membership.objects.filter(person=one.person).order_by("valid")
        assert [(row.status, row.valid.lower) for row in rows] == [
            (PROBATIONARY, DAYS[Step.CEREMONY]), (OFFICIAL, rule_day),
        ]  # fmt: skip
    for _ in DAYS:
        back(one, office)
    with pytest.raises(NotNow):
        back(one, office)
    one.refresh_from_db()
    assert one.state == AdmissionState.OPEN
    assert members_of(cast[CELL], DAY)[OFFICIAL] == 9
    assert not members_of(cast[CELL], DAY).get(PROBATIONARY)
    assert admissions_of(cast[CELL], month, month) == 0
    assert one.steps.count() == len(DAYS)  # history keeps what was taken back
    assert not Membership.objects.exists()


def test_before_eighteen_and_thirteen_months_are_refused_with_their_citation(
    cast: Cast, office: Viewer
) -> None:
    young = begun(cast, office, dt.date(2007, 8, 2))  # eighteen the day after the cell considers
    step(young, Step.DOSSIER, office)
    with pytest.raises(RuleBroken) as told:
        step(young, Step.CELL_RESOLUTION, office)
    assert (told.value.code, told.value.rule_id) == ("age", "QD294-2025-ket-nap")
    assert "18" in told.value.message
    old = begun(cast, office, dt.date(1960, 1, 1), "Vi Thử Già")
    step(old, Step.DOSSIER, office)
    with pytest.raises(RuleBroken):
        step(old, Step.CELL_RESOLUTION, office)
    asked = [{"code": "age", "allowed_by": "Ban Thường vụ Tỉnh ủy, CV 4", "reason": "có uy tín"}]
    with pytest.raises(InputError):
        step(old, Step.CELL_RESOLUTION, office, exceptions=[asked[0] | {"reason": ""}])
    step(old, Step.CELL_RESOLUTION, office, exceptions=asked)
    [kept] = old.steps.get(step=Step.CELL_RESOLUTION).exceptions
    assert (kept["rule"], kept["allowed_by"]) == (
        "QD294-2025-ket-nap", "Ban Thường vụ Tỉnh ủy, CV 4",
    )  # fmt: skip
    for kind in (Step.DECISION, Step.CEREMONY, Step.CELL_OFFICIAL):
        step(old, kind, office)
    with pytest.raises(RuleBroken) as refused:  # thirteen months
        step(old, Step.OFFICIAL_DECISION, office, official_from=dt.date(2026, 10, 19))
    assert refused.value.code == "probation-long"
    with pytest.raises(RuleBroken):  # no rule of the day prolongs a probation
        step(old, Step.EXTENDED, office, months=1, done_on=dt.date(2026, 9, 30))
    assert members_of(cast[CELL], DAY) == {OFFICIAL: 9, PROBATIONARY: 1}


def test_steps_come_in_turn_from_those_who_may_and_stop_with_a_reason(
    cast: Cast, office: Viewer
) -> None:
    secretary = viewer_for(cast.user("bt", Role.CELL_SECRETARY, CELL), on=DAY)
    stranger = viewer_for(cast.user("vp2", Role.COMMITTEE_OFFICE, LANG_THU), on=DAY)
    one = begun(cast, secretary)
    with pytest.raises(NotNow):
        step(one, Step.CEREMONY, office)
    with pytest.raises(NotFound):
        step(one, Step.DOSSIER, stranger)
    step(one, Step.DOSSIER, secretary)
    with pytest.raises(NotNow):
        step(one, Step.DOSSIER, secretary)
    with pytest.raises(RuleBroken, match="Làm lại hồ sơ"):  # the dossier went stale
        step(one, Step.CELL_RESOLUTION, secretary, done_on=dt.date(2026, 7, 20))
    step(one, Step.CELL_RESOLUTION, secretary)
    with pytest.raises(NotAllowed):
        step(one, Step.DECISION, secretary)
    with pytest.raises(Conflict):
        step(one, Step.DECISION, office, revision=1)
    with pytest.raises(NotNow):  # after the decision, but told before the resolution
        step(one, Step.DECISION, office, done_on=dt.date(2025, 7, 20))
    one.refresh_from_db()
    told = {"admission_id": one.pk, "by": office, "at": AT}
    stall_admission(why=StallReason.UPPER, note="chờ họp", revision=one.revision, **told)
    [row] = on_the_way(admissions_visible(office, DAY), DAY)
    assert row.is_behind
    assert (row.step, row.clock.state) == (Step.DECISION, ClockState.STALLED)
    assert clocks_of_admission(one, dt.date(2025, 8, 10))[1].state is ClockState.RUNNING
    one.refresh_from_db()
    stop_admission(on=DAY, reason="xin thôi", revision=one.revision, **told)
    with pytest.raises(NotNow):
        step(one, Step.DECISION, office)
    back(one, office)
    one.refresh_from_db()
    assert (one.state, one.ended_reason) == (AdmissionState.OPEN, "")
    assert admissions_visible(stranger, DAY).count() == 0
    set_target(unit_id=cast[QUAN_MAU], year=2025, count=4, by=office, at=AT)
    set_target(unit_id=cast[QUAN_MAU], year=2025, count=5, by=office, at=AT)
    found = admitted_and_target([cast[CELL]], cast[QUAN_MAU], 2025)
    assert (found.admitted, found.target) == (1, 5)  # the cast admits one every May


def test_a_dossier_begun_by_mistake_is_dropped_while_it_has_no_step(
    cast: Cast, office: Viewer
) -> None:
    switch_names_on(
        unit_id=cast[QUAN_MAU], from_day=dt.date(2025, 7, 1), document="QĐ 1", by=office, at=AT
    )
    one = begun(cast, office)
    with pytest.raises(InputError, match="đã có hồ sơ"):  # sent twice
        begun(cast, office)
    step(one, Step.DOSSIER, office)
    back(one, office)
    one.refresh_from_db()
    drop = {"admission_id": one.pk, "reason": "lập nhầm", "by": office, "at": AT}
    with pytest.raises(NotNow):
        drop_admission(revision=one.revision, **drop)
    stop_admission(on=DAY, revision=one.revision, **drop)
    other = begun(cast, office)
    drop_admission(revision=1, **(drop | {"admission_id": other.pk}))
    assert [kept.pk for kept in Admission.objects.all()] == [one.pk]
    assert Person.objects.count() == 1
    begun(cast, office)  # and may be begun anew


def test_the_cell_does_not_consider_whose_age_nobody_knows(cast: Cast, office: Viewer) -> None:
    one = begun(cast, office, born_on=None)
    step(one, Step.DOSSIER, office)
    with pytest.raises(InputError) as told:
        step(one, Step.CELL_RESOLUTION, office)
    assert (told.value.field, told.value.code) == ("born_on", "blank")
    with pytest.raises(RuleBroken) as young:
        step(one, Step.CELL_RESOLUTION, office, born_on=dt.date(2007, 8, 2))
    assert young.value.code == "age"
    one.refresh_from_db()
    assert one.born_on is None
    step(one, Step.CELL_RESOLUTION, office, born_on=dt.date(2000, 1, 1))
    one.refresh_from_db()
    assert one.born_on == dt.date(2000, 1, 1)
    stop_admission(
        admission_id=one.pk, on=DAY, reason="xin thôi", revision=one.revision, by=office, at=AT
    )
    one.refresh_from_db()
    assert one.born_on is None  # kept while the way is open only
