"""What nobody may do to a file by a side door: answer for oneself, skip approval, prove little."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import AT, CELLS, PROVINCE, QUAN_MAU, december
from tests.contract.test_support_files import CAUSE, PLAN, WORDS, acting, diagnosed
from tests.support_story import LATER, TODAY, Support
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow, VungManhError
from vungmanh.core.ids import uuid7
from vungmanh.core.programme_words import FileAct, FileState, MeasureState
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import (
    FiledVia,
    MeetingState,
    ObligationKind,
    Post,
    Reach,
    Role,
)
from vungmanh.meetings.actions.visits import withdraw_visit
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, Visit
from vungmanh.org.models import Appointment
from vungmanh.rulebook.values.programmes import MeasureProof
from vungmanh.strengthening.actions.choosing import (
    decide_selection,
    run_selection,
    submit_selection,
)
from vungmanh.strengthening.actions.diagnosis import (
    CauseText,
    approve_diagnosis,
    ask_diagnosis,
    return_diagnosis,
    second_opinion,
    verify_cause,
    withdraw_cause,
    write_cause,
)
from vungmanh.strengthening.actions.files import answer_hand_over, hand_over_file
from vungmanh.strengthening.actions.measures import (
    approve_plan,
    ask_plan,
    drop_measure,
    finish_measure,
    return_plan,
    write_measure,
)
from vungmanh.strengthening.actions.programmes import (
    ProgrammeText,
    TargetText,
    approve_programme,
    draft_programme,
    set_targets,
    submit_programme,
)
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.file_causes import seen_on_site
from vungmanh.strengthening.file_reads import file_acts, file_visible
from vungmanh.strengthening.file_shown import shown_of
from vungmanh.strengthening.models import FileMeasure, SupportFile
from vungmanh.strengthening.owners import owners_of
from vungmanh.strengthening.proofs import Lacking, lacking, proofs_of

pytestmark = pytest.mark.django_db
CELL = CELLS[QUAN_MAU][0]


def refused(
    kind: type[VungManhError], code: str, act: Callable[..., object], **said: object
) -> None:
    with pytest.raises(kind) as error:
        act(**said)
    assert error.value.code == code, error.value.message


def delegate_of(story: Support, lender: Viewer) -> Viewer:
    """Somebody who acts in the lender's role, in the lender's name."""
    assert lender.role is not None
    user = story.cast.user("nguoi.nhan", None)
    RoleGrant.objects.create(
        user=user, role=lender.role, unit_id=story.unit(PROVINCE), reach=Reach.UNIT_AND_BELOW,
        valid=DateRange(TODAY - dt.timedelta(days=30), TODAY + dt.timedelta(days=30)),
        on_behalf_of=lender.user, granted_by=lender.user,
    )  # fmt: skip
    return viewer_for(user, on=TODAY)


def with_role(story: Support, viewer: Viewer, role: Role, unit: str = PROVINCE) -> Viewer:
    """The same person in another role."""
    grant_role(
        user=viewer.user, role=role, unit_id=story.unit(unit), reach=Reach.UNIT_AND_BELOW,
        valid_from=dt.date(2014, 1, 1), by=None, at=AT,
    )  # fmt: skip
    return viewer_for(viewer.user, on=TODAY, role=role)


def test_a_lender_does_not_answer_what_was_asked_for_in_the_lenders_name(story: Support) -> None:
    delegate = delegate_of(story, story.desk)
    assert delegate.on_behalf_of == story.desk.user
    lender = with_role(story, story.desk, Role.STANDING_COMMITTEE)
    made = run_selection(
        programme_id=story.programme.pk, unit_id=story.unit(PROVINCE), year=2026,
        month=december(2018), asked=Asked(3), by=delegate, at=AT,
    )  # fmt: skip
    submit_selection(selection_id=made.pk, by=delegate, at=AT)
    told = {"number": "1", "decided_on": TODAY, "at": AT}
    refused(NotAllowed, "asked-it", decide_selection, selection_id=made.pk, by=lender, **told)
    text = ProgrammeText("Đề án củng cố mới", 2026, 2030, "Họp hình thức.", {}, [])
    draft = draft_programme(unit_id=story.unit(PROVINCE), said=text, by=delegate, at=AT)
    targets = [TargetText("Họp đủ kỳ", Decimal(90), dt.date(2030, 1, 1))]
    set_targets(programme_id=draft.pk, targets=targets, revision=draft.revision, by=delegate, at=AT)
    submit_programme(programme_id=draft.pk, by=delegate, at=AT)
    refused(NotAllowed, "asked-it", approve_programme, programme_id=draft.pk, by=lender, **told)
    decide_selection(selection_id=made.pk, by=story.board, **told)


def test_a_lender_gives_no_second_opinion_on_what_was_named_in_the_lenders_name(
    story: Support,
) -> None:
    file, delegate = story.file(), delegate_of(story, story.desk)
    made = write_cause(file_id=file.pk, said=CAUSE, by=delegate, at=AT)
    said = {"agrees": True, "text": WORDS, "at": AT}
    refused(NotAllowed, "own-cause", second_opinion, cause_id=made.pk, by=story.desk, **said)
    other = story.who(Role.PROVINCIAL_ANALYST, PROVINCE, "nguoi.thu.hai")
    withdraw_cause(cause_id=made.pk, reason="Nêu nhầm, chi bộ có họp.", by=story.desk, at=AT)
    refused(NotNow, "withdrawn", second_opinion, cause_id=made.pk, by=other, **said)
    refused(NotNow, "withdrawn", verify_cause, cause_id=made.pk, visit_id=made.pk, by=other, at=AT)
    for kind, known in (
        ("flag", "khong-co"), ("visit", str(file.pk)), ("task", "999999"), ("meeting", "x"),
        ("figure", "hop-du-ky"), ("figure", "khong-co@2018-12"), ("so-tay", "1"),
    ):  # fmt: skip
        links = [{"kind": kind, "id": known}]
        refused(
            InputError, "bad-link", write_cause, file_id=file.pk,
            said=replace(CAUSE, links=links), by=story.desk, at=AT,
        )  # fmt: skip
    links = [{"kind": "figure", "id": "hop-du-ky@2018-12"}]
    made = write_cause(file_id=file.pk, said=replace(CAUSE, links=links), by=other, at=AT)
    assert made.links == links


def test_a_diagnosis_is_put_forward_once_somebody_has_looked_at_its_causes(
    story: Support,
) -> None:
    file = story.file()
    made = write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT)
    write_cause(file_id=file.pk, said=CauseText("vacancy", WORDS), by=story.desk, at=AT)
    ask = {"file_id": file.pk, "by": story.desk, "at": AT}
    with pytest.raises(NotNow, match=r"Coi nhẹ sinh hoạt, họp không đều\. Ghi lần đến") as alone:
        ask_diagnosis(**ask)
    assert alone.value.code == "not-looked-at"  # the vacancy is read from the register itself
    overseer = story.who(Role.OVERSEER, CELL)
    said = {"overseer": overseer.user, "via": FiledVia.WEB, "changed_at": AT}
    old, passed_by, attended = (
        Visit.objects.create(unit_id=story.unit(CELL), on=on, attended=at_meeting, **said)
        for on, at_meeting in (
            (dt.date(2016, 3, 1), True), (TODAY - dt.timedelta(days=1), False), (TODAY, True),
        )
    )  # fmt: skip
    verify = {"cause_id": made.pk, "by": story.desk, "at": AT}
    for visit in (old, passed_by):
        refused(NotFound, "no-visit", verify_cause, visit_id=visit.pk, **verify)
    assert verify_cause(visit_id=attended.pk, **verify).verified_on == TODAY
    assert seen_on_site(list(file.causes.all())) == {made.pk: TODAY}
    withdraw_visit(visit_id=attended.pk, reason="Ghi nhầm ngày khác rồi.", by=overseer, at=AT)
    assert seen_on_site(list(file.causes.all())) == {}
    refused(NotNow, "not-looked-at", ask_diagnosis, **ask)
    story.look_at(made)
    assert ask_diagnosis(**ask).state == FileState.DIAGNOSIS_ASKED


def test_a_measure_added_while_acting_waits_for_its_approval(story: Support) -> None:
    file = acting(story)
    (first,) = file.measures.all()
    added = write_measure(
        file_id=file.pk, said=replace(PLAN, kind="board_help", owner="Ban Tổ chức Tỉnh ủy"),
        by=story.desk, at=AT,
    )  # fmt: skip
    finish = {"proof": "1", "by": story.desk, "at": LATER}
    refused(NotNow, "not-approved", finish_measure, measure_id=added.pk, **finish)
    ask_plan(file_id=file.pk, by=story.desk, at=AT)
    back = return_plan(file_id=file.pk, reason="Chưa cần thêm biện pháp.", by=story.board, at=AT)
    assert back.state == FileState.ACTING  # what was approved goes on
    refused(NotNow, "not-approved", finish_measure, measure_id=added.pk, **finish)
    refused(InputError, "no-proof", finish_measure, measure_id=first.pk, **finish)
    drop = {"reason": "Không cần nữa rồi.", "by": story.desk, "at": LATER}
    assert drop_measure(measure_id=added.pk, **drop).state == MeasureState.DROPPED
    assert drop_measure(measure_id=first.pk, **drop).state == MeasureState.DROPPED


def test_one_record_is_no_proof_of_what_concerns_all_nor_of_two_measures(story: Support) -> None:
    file = acting(story)
    (first,) = file.measures.all()
    twice = replace(PLAN, owner="Ban Tổ chức Tỉnh ủy")
    refused(
        InputError, "same-measure", write_measure, file_id=file.pk, said=twice, by=story.desk, at=AT
    )
    again = FileMeasure.objects.get(pk=first.pk)  # as one written before that was refused
    again.pk = uuid7()
    again.save(force_insert=True)
    ask_plan(file_id=file.pk, by=story.desk, at=AT)
    approve_plan(file_id=file.pk, by=story.board, at=AT)
    user, cells = story.cast.user("phu.trach", None), CELLS[QUAN_MAU]
    for place, cell in enumerate(cells):
        assert lacking(first, MeasureProof.OVERSIGHT, TODAY) == Lacking(
            cells=tuple(sorted(cells[place:], key=sort_key))
        )
        assert proofs_of(first, MeasureProof.OVERSIGHT, TODAY) == []
        grant_role(
            user=user, role=Role.OVERSEER, unit_id=story.unit(cell), reach=Reach.UNIT,
            valid_from=TODAY, by=None, at=AT,
        )  # fmt: skip
    proof = proofs_of(first, MeasureProof.OVERSIGHT, TODAY)[0].id
    finish_measure(measure_id=first.pk, proof=proof, by=story.desk, at=AT)
    twice = {"measure_id": again.pk, "proof": proof, "by": story.desk, "at": AT}
    refused(InputError, "no-proof", finish_measure, **twice)
    assert len(proofs_of(again, MeasureProof.OVERSIGHT, TODAY)) == len(cells) - 1
    secretaries = Appointment.objects.filter(unit_id__in=[story.unit(cell) for cell in cells])
    secretaries.update(valid=DateRange(dt.date(2016, 1, 1), TODAY))
    posts = ((Post.DEPUTY_SECRETARY, "Phó bí thư Thử"), (Post.SECRETARY, "Bí thư Thử Một"))
    for post, name in posts:  # a deputy, and the same secretary appointed anew
        Appointment.objects.create(
            unit_id=story.unit(CELL), post=post, holder_name=name, valid=DateRange(TODAY, None)
        )
    assert proofs_of(again, MeasureProof.APPOINTMENT, TODAY) == []
    Appointment.objects.create(
        unit_id=story.unit(cells[1]), post=Post.SECRETARY, holder_name="Bí thư Thử Hai",
        valid=DateRange(TODAY, None),
    )  # fmt: skip
    (came,) = proofs_of(again, MeasureProof.APPOINTMENT, TODAY)
    assert "Bí thư Thử Hai" in came.text


def test_one_meeting_does_not_prove_that_meetings_were_restored(story: Support) -> None:
    since, until = dt.date(2019, 1, 1), dt.date(2019, 12, 31)
    measure = FileMeasure(file=story.file(), starts_on=since)
    Meeting.objects.create(
        id=meeting_id(story.unit(CELL), ObligationKind.REGULAR, since), unit_id=story.unit(CELL),
        kind=ObligationKind.REGULAR, month=since, state=MeetingState.FILED, form=1, changed_at=AT,
    )  # fmt: skip
    kind = MeasureProof.MEETINGS
    assert lacking(measure, kind, dt.date(2019, 1, 20)) == Lacking()  # no month is over
    for cell in CELLS[QUAN_MAU]:
        story.cast.hold(cell, 2019, held=6)
    assert lacking(measure, kind, until) == Lacking(held=18, due=36)
    assert proofs_of(measure, kind, until) == []
    story.cast.hold(CELL, 2019, held=7)
    (proof,) = proofs_of(measure, kind, until)
    assert CELL in proof.text


def test_a_measure_has_an_owner_who_is_there_and_days_of_the_programme(story: Support) -> None:
    file = diagnosed(story)
    gone = story.who(Role.COMMITTEE_OFFICE, PROVINCE, "Cán bộ Thử").user
    assert "Cán bộ Thử" in owners_of(file, story.desk)
    assert "Bí thư, Đảng bộ xã Quan Mẫu" in owners_of(file, story.desk)
    gone.is_active = False
    gone.save()
    assert "Cán bộ Thử" not in owners_of(file, story.desk)
    far = dt.date(2090, 1, 1)
    for said, code in (
        (replace(PLAN, owner="..."), "bad-owner"),
        (replace(PLAN, owner="cán bộ thử"), "owner-left"),
        (replace(PLAN, starts_on=far, due_on=far), "after-programme"),
    ):
        refused(InputError, code, write_measure, file_id=file.pk, said=said, by=story.desk, at=AT)
    known = replace(PLAN, owner="thuong.vu")
    assert write_measure(file_id=file.pk, said=known, by=story.desk, at=AT).owner == "thuong.vu"


def test_a_diagnosis_asked_for_anew_changes_nothing_until_it_is_approved(story: Support) -> None:
    file = acting(story)
    office = story.who(Role.COMMITTEE_OFFICE, QUAN_MAU)
    old = file.causes.get()
    withdraw_cause(cause_id=old.pk, reason="Ghi lại cho đúng hơn.", by=story.desk, at=AT)
    fresh = replace(CAUSE, evidence="Điều chưa ai duyệt, đơn vị chưa đọc.")
    made = write_cause(file_id=file.pk, said=fresh, by=story.desk, at=AT)
    story.look_at(made)
    assert shown_of(office, file_visible(office, file.pk)).causes == ()
    much_later = AT + dt.timedelta(days=200)
    ask_diagnosis(file_id=file.pk, by=story.desk, at=much_later)
    back = return_diagnosis(
        file_id=file.pk, reason="Không cần chẩn đoán lại.", by=story.board, at=much_later
    )
    assert back.state == FileState.ACTING
    assert shown_of(office, file_visible(office, file.pk)).causes == ()
    since = SupportFile.objects.get(pk=file.pk).path["from"]
    ask_diagnosis(file_id=file.pk, by=story.desk, at=much_later)
    again = approve_diagnosis(file_id=file.pk, by=story.board, at=much_later)
    assert (again.path["from"], again.state) == (since, FileState.DIAGNOSED)
    (seen,) = shown_of(office, file_visible(office, file.pk)).causes
    assert seen.pk == made.pk


def test_nobody_accepts_the_file_they_offered(story: Support) -> None:
    file = story.file()
    SupportFile.objects.filter(pk=file.pk).update(unit_id=story.unit(CELL))
    hand_over_file(
        file_id=file.pk, unit_id=story.unit(QUAN_MAU), reason=WORDS, by=story.desk, at=AT
    )
    same = with_role(story, story.desk, Role.COMMITTEE_OFFICE, QUAN_MAU)
    said = {"file_id": file.pk, "is_accepted": True, "at": AT}
    refused(NotAllowed, "asked-it", answer_hand_over, by=same, **said)
    assert FileAct.ACCEPT_HAND_OVER not in file_acts(same, file_visible(same, file.pk))
    other = story.who(Role.COMMITTEE_OFFICE, QUAN_MAU, "van.phong.xa")
    assert FileAct.ACCEPT_HAND_OVER in file_acts(other, file_visible(other, file.pk))
    assert answer_hand_over(by=other, **said).handler_id == story.unit(QUAN_MAU)
