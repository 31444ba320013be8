"""The yearly dossier: every role in every state, on every side; who is barred; what is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.contract.rating_story import (
    ANSWER,
    BEST,
    BODY,
    CELL,
    DONE,
    GOOD,
    NOW,
    OTHER_BODY,
    OTHER_CELL,
    POOR,
    YEAR,
    acting,
    analyst,
    attempt,
    brought_to,
    dossier_of,
    office,
    opened,
    secretary,
)
from vungmanh.access.actions.delegation import delegate
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import Event, RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.access.wall import behind
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow, VungManhError
from vungmanh.core.vocabulary import DossierAct, DossierState, Reach, Role
from vungmanh.evaluation.actions.complaints import (
    answer_appeal,
    answer_complaint,
    appeal,
    complain,
    reverify,
)
from vungmanh.evaluation.actions.deciding import decide, notify, reopen
from vungmanh.evaluation.actions.dossiers import (
    give_opinion,
    propose,
    rate_self,
    return_dossier,
    verify,
    write_answers,
)
from vungmanh.evaluation.merging import AnswerConflict, merged
from vungmanh.evaluation.models import (
    DecisionInputs,
    Dossier,
    DossierEntry,
    GradeDecision,
    YearGrade,
)
from vungmanh.evaluation.reads import acts_for, bodies_heard, entries_visible

pytestmark = pytest.mark.django_db
A, S = DossierAct, DossierState

#: What each of the people near a cell's dossier may do, state by state. Nothing else goes.
MAY = {
    "cell": {
        S.WAITING: {A.WRITE, A.RATE_SELF},
        S.RETURNED: {A.WRITE, A.RATE_SELF},
        S.NOTIFIED: {A.COMPLAIN},
    },
    "office": {
        S.SELF_RATED: {A.OPEN_OPINIONS, A.RETURN},
        S.IN_OPINION: {A.GIVE_OPINION, A.VERIFY, A.RETURN},
        S.VERIFIED: {A.PROPOSE, A.RETURN},
        S.PROPOSED: {A.DECIDE, A.RETURN},
        S.DECIDED: {A.NOTIFY, A.REOPEN},
        S.NOTIFIED: {A.REOPEN},
        S.COMPLAINED: {A.REVERIFY},
        S.REVERIFYING: {A.ANSWER_COMPLAINT},
    },
    "member": {S.IN_OPINION: {A.GIVE_OPINION}},  # an overseer for the whole committee
    "province": {S.APPEALED: {A.ANSWER_APPEAL}},
    "in_charge": {},  # an overseer of this very cell
    "other_cell": {},
    "neighbour": {},
    "administrator": {},
}


def people(cast: Cast) -> dict[str, Viewer]:
    member = acting(cast, Role.OVERSEER, QUAN_MAU)
    RoleGrant.objects.filter(user=member.user).update(reach=Reach.UNIT_AND_BELOW)
    return {
        "cell": secretary(cast),
        "office": office(cast),
        "member": viewer_for(member.user, on=NOW.date()),
        "province": analyst(cast),
        "in_charge": acting(cast, Role.OVERSEER, CELL),
        "other_cell": secretary(cast, OTHER_CELL),
        "neighbour": office(cast, LANG_THU),
        "administrator": acting(cast, Role.ADMINISTRATOR, PROVINCE),
    }


@pytest.fixture
def cast() -> Cast:
    return make_cast(last=dt.date(2016, 12, 1))


@pytest.mark.parametrize("state", list(S), ids=lambda state: state.value)
def test_every_role_in_every_state_does_what_is_listed_and_nothing_else(
    cast: Cast, state: DossierState
) -> None:
    who = people(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(state, dossier, who["cell"], who["office"], who["province"])
    dossier = dossier_of(dossier.cycle, cast)
    assert dossier.state == state
    done = {name: set() for name in who}
    for name, viewer in who.items():
        for act in A:
            saved = transaction.savepoint()
            try:
                attempt(act, dossier, viewer)
                done[name].add(act)
            except VungManhError:
                pass
            transaction.savepoint_rollback(saved)
    assert done == {name: MAY[name].get(state, set()) for name in who}
    offered = {
        name: {one.act for one in acts_for(viewer, dossier) if one.bar is None}
        for name, viewer in who.items()
        if name not in {"other_cell", "neighbour", "administrator"}  # they do not see it at all
    }
    assert offered == {name: MAY[name].get(state, set()) for name in offered}


def test_a_whole_year_from_the_self_rating_to_the_answer_of_the_level_above(cast: Cast) -> None:
    cell, above, province = secretary(cast), office(cast), analyst(cast)
    dossier = dossier_of(opened(cast), cast)
    this: dict[str, Any] = {"dossier_id": dossier.pk, "at": NOW}
    write_answers(set={"1.1": 8, "1.1.note": "Nhà văn hóa"}, was={}, by=cell, **this)
    rate_self(grade=BEST, points="91,5", by=cell, **this)
    attempt("open_opinions", dossier, above)
    give_opinion(body=BODY, grade=BEST, by=above, **this)
    verify(by=above, **this)
    with pytest.raises(InputError) as caught:
        propose(grade=GOOD, by=above, **this)
    assert (caught.value.field, caught.value.code) == ("reason", "reason-missing")
    propose(grade=GOOD, reason="Một việc chậm.", by=above, **this)
    decide(grade=GOOD, inputs={"n": 3}, result={"grade": GOOD}, by=above, **this)
    assert YearGrade.objects.get(unit_id=cast[CELL], year=YEAR).grade == GOOD
    notify(by=above, **this)
    with pytest.raises(NotNow) as early:
        appeal(reason="Không đồng ý.", by=cell, **this)
    assert early.value.code == "complain-first"
    complain(reason="Việc ấy xong đúng hạn.", by=cell, **this)
    reverify(by=above, **this)
    answer_complaint(grade=GOOD, reason="Chậm 3 ngày.", by=above, **this)
    notify(by=above, **this)
    appeal(reason="Hạn đã được hoãn.", by=cell, **this)
    with pytest.raises(NotAllowed) as other:
        answer_appeal(grade=BEST, reason="Đúng là hoãn.", by=above, **this)
    assert other.value.code == "other-side"
    answer_appeal(grade=BEST, reason="Đúng là hoãn.", by=province, **this)
    grades = list(GradeDecision.objects.order_by("number").values_list("number", "grade"))
    assert grades == [(1, GOOD), (2, GOOD), (3, BEST)]
    assert YearGrade.objects.get(unit_id=cast[CELL], year=YEAR).grade == BEST
    entries = list(DossierEntry.objects.filter(dossier=dossier).order_by("number"))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[1].content["answers"] == {"1.1": 8, "1.1.note": "Nhà văn hóa"}
    told = Event.objects.filter(subject=f"dossier:{dossier.pk}").count()
    assert told == len(entries)


def test_the_committee_at_the_top_records_an_answer_from_above_with_its_document(
    cast: Cast,
) -> None:
    province, commune = analyst(cast), office(cast)
    dossier = dossier_of(opened(cast, PROVINCE, province), cast, QUAN_MAU)
    brought_to(S.APPEALED, dossier, commune, province, province)
    said: dict[str, Any] = {"dossier_id": dossier.pk, "grade": GOOD, "reason": "Giữ nguyên."}
    with pytest.raises(InputError) as caught:
        answer_appeal(by=province, at=NOW, **said)
    assert caught.value.field == "document"
    assert answer_appeal(by=province, at=NOW, paper=ANSWER, **said).document == "12-CV/TU"


def test_a_second_decision_says_that_reopening_is_the_way(cast: Cast) -> None:
    above = office(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.DECIDED, dossier, secretary(cast), above, above)
    with pytest.raises(NotNow, match="mở lại hồ sơ") as caught:
        attempt("decide", dossier, above)
    assert caught.value.code == "already-decided"
    reopen(dossier_id=dossier.pk, reason="Sai số liệu.", by=above, at=NOW)
    again = dossier_of(dossier.cycle, cast)
    assert (again.version, again.state, again.grade) == (2, S.WAITING, GOOD)
    assert YearGrade.objects.get(unit_id=cast[CELL], year=YEAR).grade == GOOD, "it stands"
    brought_to(S.PROPOSED, again, secretary(cast), above, above)
    decide(
        dossier_id=dossier.pk, grade=DONE, reason="Tính lại.", inputs={}, result={}, by=above,
        at=NOW,
    )  # fmt: skip
    assert YearGrade.objects.get(unit_id=cast[CELL], year=YEAR).grade == DONE
    assert list(GradeDecision.objects.values_list("version", flat=True)) == [1, 2]


def test_lower_comes_before_upper_unless_a_reason_is_kept(cast: Cast) -> None:
    province, commune = analyst(cast), office(cast)
    dossier = dossier_of(opened(cast, PROVINCE, province), cast, QUAN_MAU)
    brought_to(S.PROPOSED, dossier, commune, province, province)
    this: dict[str, Any] = {"dossier_id": dossier.pk, "inputs": {}, "result": {}, "at": NOW}
    with pytest.raises(NotNow, match=r"Đảng bộ xã Quan Mẫu \(3\)") as caught:
        decide(grade=GOOD, by=province, **this)
    assert caught.value.code == "lower-first"
    for cell in ("Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu"):
        YearGrade.objects.create(unit_id=cast[cell], year=YEAR, regime="R2b", grade=GOOD)
    with pytest.raises(NotNow, match=r"\(1\)"):
        decide(grade=GOOD, by=province, **this)
    made = decide(grade=GOOD, by=province, override_reason="Lũ, chi bộ họp muộn.", **this)
    assert made.override_reason == "Lũ, chi bộ họp muộn."


# --- who is barred -------------------------------------------------------------------------------


def barred(viewer: Viewer, dossier: Dossier) -> dict[str, str]:
    return {one.act: one.bar.code for one in acts_for(viewer, dossier) if one.bar}


def test_who_was_in_charge_of_the_cell_in_the_year_does_not_rate_it(cast: Cast) -> None:
    above = office(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.IN_OPINION, dossier, secretary(cast), above, above)
    dossier = dossier_of(dossier.cycle, cast)
    assert barred(above, dossier) == {}

    def in_charge(unit: str, first: dt.date, until: dt.date | None) -> None:
        RoleGrant.objects.create(
            user=above.user, role=Role.OVERSEER, unit_id=cast[unit], reach=Reach.UNIT,
            valid=DateRange(first, until),
        )  # fmt: skip

    in_charge(CELL, dt.date(2018, 1, 1), dt.date(2019, 1, 1))
    in_charge(OTHER_CELL, dt.date(2019, 1, 1), None)
    assert barred(above, dossier) == {}, "the year before, and another cell"
    in_charge(CELL, dt.date(2019, 11, 1), dt.date(2019, 12, 1))
    assert barred(above, dossier) == dict.fromkeys((A.GIVE_OPINION, A.VERIFY), "strengthened-it")
    with pytest.raises(NotAllowed, match="phụ trách") as caught:
        attempt("verify", dossier, above)
    assert caught.value.code == "strengthened-it"


def test_who_was_in_charge_of_a_cell_below_does_not_rate_the_organisation(cast: Cast) -> None:
    province = analyst(cast)
    cycle = opened(cast, PROVINCE, province)
    grant_role(
        user=province.user, role=Role.OVERSEER, unit_id=cast[CELL], reach=Reach.UNIT,
        valid_from=dt.date(2019, 6, 1), by=None, at=NOW,
    )  # fmt: skip
    rated = {QUAN_MAU: office(cast), LANG_THU: office(cast, LANG_THU)}
    for unit, below in rated.items():
        dossier = dossier_of(cycle, cast, unit)
        rate_self(dossier_id=dossier.pk, grade=GOOD, by=below, at=NOW)
        attempt("open_opinions", dossier, province)
    this: dict[str, Any] = {"body": cycle.bodies[0], "grade": GOOD, "by": province, "at": NOW}
    with pytest.raises(NotAllowed) as caught:
        give_opinion(dossier_id=dossier_of(cycle, cast, QUAN_MAU).pk, **this)
    assert caught.value.code == "strengthened-it"
    other = give_opinion(dossier_id=dossier_of(cycle, cast, LANG_THU).pk, **this)
    assert other.grade == GOOD


def test_delegation_goes_round_no_bar(cast: Cast) -> None:
    above = office(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.IN_OPINION, dossier, secretary(cast), above, above)
    dossier = dossier_of(dossier.cycle, cast)
    borrower = cast.user("muon", None)
    delegate(
        grant_id=RoleGrant.objects.get(user=above.user).pk, username="muon",
        starts_on=NOW.date(), last_day=NOW.date() + dt.timedelta(days=9), reason="Đi công tác.",
        by=above, at=NOW,
    )  # fmt: skip
    borrowed = viewer_for(borrower, on=NOW.date())
    assert borrowed.on_behalf_of == above.user
    assert barred(borrowed, dossier) == {}
    charge: dict[str, Any] = {
        "role": Role.OVERSEER, "unit_id": cast[CELL], "reach": Reach.UNIT,
        "valid_from": dt.date(2019, 3, 1), "by": None, "at": NOW,
    }  # fmt: skip
    grant_role(user=above.user, **charge)
    assert barred(borrowed, dossier)[A.VERIFY] == "strengthened-it", "the lender is barred"
    RoleGrant.objects.filter(user=above.user, role=Role.OVERSEER).delete()
    grant_role(user=borrower, **charge)
    borrowed = viewer_for(borrower, on=NOW.date(), role=Role.COMMITTEE_OFFICE)
    assert barred(borrowed, dossier)[A.VERIFY] == "strengthened-it", "the borrower is barred"


def test_who_filed_the_self_rating_does_not_verify_or_decide_it(cast: Cast) -> None:
    above = office(cast)
    grant_role(
        user=above.user, role=Role.COMMITTEE_OFFICE, unit_id=cast[CELL], reach=Reach.UNIT,
        valid_from=dt.date(2019, 1, 1), by=None, at=NOW,
    )  # fmt: skip
    both = viewer_for(User.objects.get(pk=above.user.pk), on=NOW.date())
    dossier = dossier_of(opened(cast), cast)
    rate_self(dossier_id=dossier.pk, grade=GOOD, by=both, at=NOW)
    attempt("open_opinions", dossier, both)
    dossier = dossier_of(dossier.cycle, cast)
    assert barred(both, dossier) == {A.VERIFY: "filed-it"}
    another = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, name="khac")
    verify(dossier_id=dossier.pk, by=another, at=NOW)
    propose(dossier_id=dossier.pk, grade=GOOD, by=another, at=NOW)
    with pytest.raises(NotAllowed) as caught:
        attempt("decide", dossier, both)
    assert caught.value.code == "filed-it"


# --- blind ---------------------------------------------------------------------------------------


def opinions(viewer: Viewer, dossier: Dossier) -> list[str]:
    return [one.body for one in entries_visible(viewer, dossier) if one.act == A.GIVE_OPINION]


def test_an_opinion_is_not_seen_until_ones_own_is_given_or_all_are_closed(cast: Cast) -> None:
    above, another = office(cast), acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, name="khac")
    cell, province = secretary(cast), analyst(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.IN_OPINION, dossier, cell, above, above)
    this: dict[str, Any] = {"dossier_id": dossier.pk, "grade": GOOD, "at": NOW}
    give_opinion(body=BODY, by=above, **this)
    dossier = dossier_of(dossier.cycle, cast)
    seen = [opinions(one, dossier) for one in (above, another, province, cell)]
    assert seen == [[BODY], [], [], []]
    assert bodies_heard(dossier)[BODY]
    for viewer in (above, another, province, cell):
        with behind(viewer, NOW.date()):
            assert not DossierEntry.objects.filter(act=A.GIVE_OPINION).exists()
    with pytest.raises(Conflict) as caught:
        give_opinion(body=BODY, by=another, **this)
    assert caught.value.code == "opinion-given"
    with pytest.raises(InputError) as strange:
        give_opinion(body="Hội ngoài", by=another, **this)
    assert strange.value.field == "body"
    with pytest.raises(InputError) as silent:
        give_opinion(body=OTHER_BODY, by=another, **{**this, "grade": POOR})
    assert silent.value.code == "reason-missing"
    give_opinion(body=OTHER_BODY, by=another, **this)
    assert opinions(another, dossier) == [BODY, OTHER_BODY]
    verify(dossier_id=dossier.pk, by=above, at=NOW)
    dossier = dossier_of(dossier.cycle, cast)
    assert opinions(province, dossier) == [BODY, OTHER_BODY]
    assert opinions(cell, dossier) == [], "the unit reads them once it is decided"
    propose(dossier_id=dossier.pk, grade=GOOD, by=above, at=NOW)
    decide(dossier_id=dossier.pk, grade=GOOD, inputs={}, result={}, by=above, at=NOW)
    assert opinions(cell, dossier_of(dossier.cycle, cast)) == [BODY, OTHER_BODY]


def test_what_was_returned_is_asked_about_anew_and_the_old_word_is_kept(cast: Cast) -> None:
    above, cell = office(cast), secretary(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.IN_OPINION, dossier, cell, above, above)
    attempt("give_opinion", dossier, above)
    return_dossier(dossier_id=dossier.pk, reason="Thiếu tiêu chí 3.", by=above, at=NOW)
    rate_self(dossier_id=dossier.pk, grade=DONE, by=cell, at=NOW)
    attempt("open_opinions", dossier, above)
    give_opinion(dossier_id=dossier.pk, body=BODY, grade=DONE, by=above, at=NOW)
    said = DossierEntry.objects.filter(dossier=dossier, act=A.GIVE_OPINION).order_by("number")
    assert [(one.filing, one.grade) for one in said] == [(1, GOOD), (2, DONE)]


# --- typing --------------------------------------------------------------------------------------


def test_two_who_answer_one_criterion_see_both_values(cast: Cast) -> None:
    first, second = secretary(cast), acting(cast, Role.CELL_SECRETARY, CELL, name="pho")
    dossier = dossier_of(opened(cast), cast)
    this: dict[str, Any] = {"dossier_id": dossier.pk, "at": NOW}
    write_answers(set={"1.1": 8}, was={}, by=first, **this)
    write_answers(set={"1.2": 4}, was={}, by=second, **this)
    with pytest.raises(AnswerConflict) as caught:
        write_answers(set={"1.1": 6, "1.3": 2}, was={"1.1": None}, by=second, **this)
    assert caught.value.fields == {"1.1": (8, 6, None)}
    assert dossier_of(dossier.cycle, cast).answers == {"1.1": 8, "1.2": 4}
    write_answers(set={"1.1": None}, was={"1.1": 8}, by=first, **this)
    assert dossier_of(dossier.cycle, cast).answers == {"1.2": 4}, "not said is absent"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"1.1": "chữ\x07lạ"}, "control-character"),
        ({"1.1": "x" * 2001}, "too-long"),
        ({"1.1": float("nan")}, "bad-value"),
        ({"1.1": ["5"]}, "bad-value"),
        ({"": 5}, "unknown-field"),
        ({"a" * 81: 5}, "unknown-field"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_refused_and_nothing_is_written(
    cast: Cast, said: dict[str, Any], code: str
) -> None:
    dossier = dossier_of(opened(cast), cast)
    with pytest.raises(InputError) as caught:
        write_answers(
            dossier_id=dossier.pk, set={"1.9": 1, **said}, was={}, by=secretary(cast), at=NOW
        )
    assert caught.value.code == code
    assert not DossierEntry.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"grade": "A1"}, "grade"),
        ({"grade": GOOD, "points": "100,5"}, "points"),
        ({"grade": GOOD, "points": "chín mươi"}, "points"),
        ({"grade": GOOD, "points": -1}, "points"),
        ({"grade": GOOD, "reason": "a" * 501}, "reason"),
    ],
)
def test_a_self_rating_names_a_grade_of_the_year_and_points_within_the_scale(
    cast: Cast, more: dict[str, Any], field: str
) -> None:
    dossier = dossier_of(opened(cast), cast)
    with pytest.raises(InputError) as caught:
        rate_self(dossier_id=dossier.pk, by=secretary(cast), at=NOW, **more)
    assert caught.value.field == field
    assert dossier_of(dossier.cycle, cast).state == S.WAITING


# --- kept ----------------------------------------------------------------------------------------


def test_the_database_changes_no_entry_no_decision_and_no_figure(cast: Cast) -> None:
    above = office(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.DECIDED, dossier, secretary(cast), above, above)
    for model, change in (
        (DossierEntry, {"reason": "khác"}),
        (GradeDecision, {"grade": BEST}),
        (DecisionInputs, {"content": "{}"}),
    ):
        assert model.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_a_dossier_of_another_unit_does_not_exist(cast: Cast) -> None:
    dossier = dossier_of(opened(cast), cast)
    for other in (office(cast, LANG_THU), secretary(cast, OTHER_CELL)):
        with pytest.raises(NotFound):
            attempt("rate_self", dossier, other)


def test_what_one_left_as_it_was_found_stays_as_another_wrote_it() -> None:
    kept, changed = merged({"1.1": "5", "2.1": "30"}, {"1.1": "4", "2.1": None}, {"1.1": "5"})
    assert kept == {"1.1": "4", "2.1": "30"}
    assert changed == {"1.1": ["5", "4"]}
