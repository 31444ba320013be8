"""The file of a chosen unit: terms fixed at entry, causes, measures, who asks never approves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU
from tests.support_story import LATER, TODAY, Support
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import Event
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import FileAct, FileFate, FileState, MeasureState
from vungmanh.core.vocabulary import FiledVia, Reach, Role
from vungmanh.meetings.models import Visit
from vungmanh.rulebook.values.programmes import MeasureProof
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
from vungmanh.strengthening.actions.file_lineage import ask_lineage
from vungmanh.strengthening.actions.files import (
    answer_file,
    answer_hand_over,
    hand_over_file,
    open_files,
)
from vungmanh.strengthening.actions.measures import (
    MeasureText,
    approve_plan,
    ask_plan,
    drop_measure,
    finish_measure,
    return_plan,
    write_measure,
)
from vungmanh.strengthening.file_reads import file_acts, file_visible
from vungmanh.strengthening.models import FileEntry, SupportFile
from vungmanh.strengthening.proofs import proofs_of

pytestmark = pytest.mark.django_db
CELL = CELLS[QUAN_MAU][0]
WORDS = "Ba chi bộ chỉ họp bốn kỳ, bí thư bận việc thôn."
CAUSE = CauseText(cause="meetings_taken_lightly", evidence=WORDS)
PLAN = MeasureText(
    kind="attach_overseer", causes=["meetings_taken_lightly"], owner="Đảng ủy xã",
    starts_on=TODAY, due_on=TODAY + dt.timedelta(days=90), output="Mỗi chi bộ một người phụ trách",
)  # fmt: skip


def diagnosed(story: Support) -> SupportFile:
    file = story.file()
    story.look_at(write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT))
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    return approve_diagnosis(file_id=file.pk, by=story.board, at=AT)


def acting(story: Support) -> SupportFile:
    file = diagnosed(story)
    write_measure(file_id=file.pk, said=PLAN, by=story.desk, at=AT)
    ask_plan(file_id=file.pk, by=story.desk, at=AT)
    return approve_plan(file_id=file.pk, by=story.board, at=AT)


def test_the_terms_of_leaving_are_fixed_at_entry(story: Support) -> None:
    file = story.file()
    assert (file.state, file.unit_id) == (FileState.CHOSEN, story.unit(QUAN_MAU))
    assert file.exit_rule == "MAU-ra-khoi-dien"
    assert {"check": "held_percent", "minimum": 90} in file.exit_terms["criteria"]
    assert (file.entry["month"], file.entry["held"]) == ("2018-12", 12)  # three cells, four each
    assert open_files(selection=file.choice.selection, by=story.board, at=AT) == []


def test_a_unit_that_is_being_helped_is_not_chosen_again(story: Support) -> None:
    story.file()
    with pytest.raises(NotNow, match="không còn đơn vị nào"):
        story.choose(2027)


def test_nobody_approves_what_they_asked_for(story: Support) -> None:
    file = story.file()
    with pytest.raises(NotNow, match="chưa có nguyên nhân"):
        ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    story.look_at(write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT))
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    with pytest.raises(NotAllowed):
        approve_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    asked = FileEntry.objects.get(file=file, act=FileAct.ASK_DIAGNOSIS)
    assert FileAct.APPROVE_DIAGNOSIS in file_acts(story.board, file_visible(story.board, file.pk))
    both = story.who(Role.STANDING_COMMITTEE, PROVINCE, "ca.hai")
    with_two_roles = replace(story.desk, user=both.user)
    return_diagnosis(file_id=file.pk, reason="Ghi rõ từng chi bộ.", by=story.board, at=AT)
    ask_diagnosis(file_id=file.pk, by=with_two_roles, at=AT)
    with pytest.raises(NotAllowed, match="đã trình việc này"):
        approve_diagnosis(file_id=file.pk, by=both, at=AT)
    assert file_acts(both, file_visible(both, file.pk)) == []
    assert asked.by == story.desk.user


def test_an_approved_diagnosis_fixes_the_course_to_expect(story: Support) -> None:
    file = diagnosed(story)
    assert file.path["cause"] == "meetings_taken_lightly"
    assert file.path["points"][0] == [2, 30]
    assert file.path["periods"] == 2


def test_disunity_is_only_a_pointer_to_a_document(story: Support) -> None:
    file = story.file()
    for said, field in (
        (CauseText("disunity"), "document"),
        (CauseText("disunity", evidence=WORDS, document="KL 5"), "evidence"),
        (CauseText("khong-co", evidence=WORDS), "cause"),
        (CauseText("vacancy", evidence="ngắn"), "evidence"),
    ):
        with pytest.raises(InputError) as refused:
            write_cause(file_id=file.pk, said=said, by=story.desk, at=AT)
        assert refused.value.field == field
    made = write_cause(
        file_id=file.pk, said=CauseText("disunity", document="KL 5-KL/UBKTTU ngày 2/3/2026"),
        by=story.desk, at=AT,
    )  # fmt: skip
    assert (made.evidence, made.document) == ("", "KL 5-KL/UBKTTU ngày 2/3/2026")


def test_a_second_opinion_is_of_another_and_said_once(story: Support) -> None:
    file = story.file()
    made = write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT)
    with pytest.raises(Conflict, match="đã có nguyên nhân"):
        write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT)
    with pytest.raises(NotAllowed, match="người khác"):
        second_opinion(cause_id=made.pk, agrees=True, text=WORDS, by=story.desk, at=AT)
    other = story.who(Role.PROVINCIAL_ANALYST, PROVINCE, "nguoi.thu.hai")
    said = second_opinion(cause_id=made.pk, agrees=False, text=WORDS, by=other, at=AT)
    assert (said.second_agrees, said.second_by) == (False, other.user)
    with pytest.raises(NotNow, match="đã có ý kiến thứ hai"):
        second_opinion(cause_id=made.pk, agrees=True, text=WORDS, by=other, at=AT)
    withdraw_cause(cause_id=made.pk, reason="Nêu nhầm, chi bộ có họp.", by=story.desk, at=AT)
    write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=LATER)


def test_a_cause_is_seen_on_site_by_a_visit_to_the_unit(story: Support) -> None:
    file = story.file()
    made = write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT)
    visitor = story.who(Role.OVERSEER, CELL)
    here, there = (
        Visit.objects.create(
            unit_id=story.unit(unit), overseer=visitor.user, on=TODAY, attended=True,
            via=FiledVia.WEB, changed_at=AT,
        )
        for unit in (CELL, CELLS[LANG_THU][0])
    )  # fmt: skip
    with pytest.raises(NotFound):
        verify_cause(cause_id=made.pk, visit_id=there.pk, by=story.desk, at=AT)
    assert (
        verify_cause(cause_id=made.pk, visit_id=here.pk, by=story.desk, at=AT).verified_on == TODAY
    )


def test_every_cause_needs_a_measure_before_the_plan_is_put_forward(story: Support) -> None:
    file = diagnosed(story)
    with pytest.raises(NotNow) as refused:
        ask_plan(file_id=file.pk, by=story.desk, at=AT)
    assert refused.value.code == "cause-without-measure"
    write_measure(file_id=file.pk, said=PLAN, by=story.desk, at=AT)
    ask_plan(file_id=file.pk, by=story.desk, at=AT)
    back = return_plan(file_id=file.pk, reason="Ghi rõ người làm.", by=story.board, at=AT)
    assert back.state == FileState.DIAGNOSED


def test_a_measure_that_cannot_be_meant_is_refused_by_field(story: Support) -> None:
    file = diagnosed(story)
    for said, field in (
        (replace(PLAN, due_on=TODAY - dt.timedelta(days=1)), "due_on"),
        (replace(PLAN, starts_on=TODAY - dt.timedelta(days=9)), "starts_on"),
        (replace(PLAN, due_on=TODAY.replace(year=2031)), "due_on"),
        (replace(PLAN, causes=[]), "causes"),
        (replace(PLAN, causes=["vacancy"]), "causes"),
        (replace(PLAN, owner=""), "owner"),
        (replace(PLAN, output="x"), "output"),
        (replace(PLAN, kind="than-duoc"), "kind"),
    ):
        with pytest.raises(InputError) as refused:
            write_measure(file_id=file.pk, said=said, by=story.desk, at=AT)
        assert refused.value.field == field, said


def test_a_measure_is_done_only_with_the_record_that_proves_it(story: Support) -> None:
    file = acting(story)
    measure = file.measures.get()
    with pytest.raises(InputError) as refused:
        finish_measure(measure_id=measure.pk, proof="1", by=story.desk, at=LATER)
    assert refused.value.field == "proof"
    assert proofs_of(measure, MeasureProof.OVERSIGHT, TODAY) == []
    somebody = story.cast.user("phu.trach", None)
    grants = [
        grant_role(
            user=somebody, role=Role.OVERSEER, unit_id=story.unit(cell), reach=Reach.UNIT,
            valid_from=TODAY, by=None, at=AT,
        )
        for cell in CELLS[QUAN_MAU]
    ]  # fmt: skip
    proofs = {one.id: one for one in proofs_of(measure, MeasureProof.OVERSIGHT, TODAY)}
    assert set(proofs) == {str(one.pk) for one in grants}
    proof = proofs[str(grants[0].pk)]
    assert CELL in proof.text
    ended = finish_measure(measure_id=measure.pk, proof=proof.id, by=story.desk, at=LATER)
    assert (ended.state, ended.proof["id"]) == (MeasureState.DONE, proof.id)
    with pytest.raises(NotNow, match="đã kết thúc"):
        drop_measure(measure_id=measure.pk, reason="Không cần nữa rồi.", by=story.desk, at=LATER)


def test_a_file_is_handed_over_with_what_is_open_or_refused_with_a_reason(story: Support) -> None:
    file = story.file()
    office = story.who(Role.COMMITTEE_OFFICE, PROVINCE, "van.phong.tinh")
    with pytest.raises(InputError, match="cấp ủy khác"):
        hand_over_file(
            file_id=file.pk, unit_id=story.unit(LANG_THU), reason=WORDS, by=story.desk, at=AT
        )
    with pytest.raises(NotFound):
        answer_hand_over(file_id=file.pk, is_accepted=True, by=office, at=AT)


def test_the_unit_says_its_word_and_nobody_elses(story: Support) -> None:
    file = story.file()
    office = story.who(Role.COMMITTEE_OFFICE, QUAN_MAU)
    answer_file(file_id=file.pk, text=WORDS, by=office, at=AT)
    with pytest.raises(NotAllowed):
        write_cause(file_id=file.pk, said=CAUSE, by=office, at=AT)
    stranger = story.who(Role.COMMITTEE_OFFICE, LANG_THU)
    with pytest.raises(NotFound):
        answer_file(file_id=file.pk, text=WORDS, by=stranger, at=AT)
    with pytest.raises(NotNow, match="còn hoạt động"):
        ask_lineage(
            file_id=file.pk, fate=FileFate.END, reason="Đã giải thể theo đề án.", by=story.desk,
            at=AT,
        )  # fmt: skip


def test_every_act_leaves_its_entry_and_its_event(story: Support) -> None:
    file = acting(story)
    acts = [entry.act for entry in file.entries.all()]
    assert acts == [
        FileAct.OPEN, FileAct.WRITE_CAUSE, FileAct.WRITE_CAUSE, FileAct.ASK_DIAGNOSIS,
        FileAct.APPROVE_DIAGNOSIS, FileAct.WRITE_MEASURE, FileAct.ASK_PLAN, FileAct.APPROVE_PLAN,
    ]  # fmt: skip
    verbs = Event.objects.filter(subject=f"file:{file.pk}").values_list("verb", flat=True)
    assert list(verbs) == [f"file.{act}" for act in acts]
