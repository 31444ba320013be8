"""A reform ends a unit with an open file: carried to an heir or ended, undone in words."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL
from tests.contract.test_reform_engine import basis_of
from tests.contract.test_support_files import acting
from tests.support_story import LATER, TODAY, Support
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.programme_words import FileAct, FileFate, FileState
from vungmanh.core.vocabulary import Role
from vungmanh.org.actions.reforms import draft_reform
from vungmanh.org.models import Reform
from vungmanh.org.reform.steps import Merge, Step
from vungmanh.outputs.reforms.actions import commit_reform_and_follow, undo_reform_and_follow
from vungmanh.outputs.reforms.consequences import sections_of
from vungmanh.outputs.reforms.dry_run import dry_run_of
from vungmanh.strengthening.actions.file_lineage import (
    approve_carry,
    approve_end,
    ask_lineage,
    return_lineage,
    undo_carry,
)
from vungmanh.strengthening.file_news import files_with
from vungmanh.strengthening.file_reads import file_acts, file_visible
from vungmanh.strengthening.following import course_of
from vungmanh.strengthening.lineage_of_files import files_in_the_way, heirs_of
from vungmanh.strengthening.models import SupportFile

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 7, 1)
WHY = "Xã đã sáp nhập theo nghị quyết, nơi mới nhận cả ba chi bộ."


def drafted(story: Support, *steps: Step) -> Reform:
    return draft_reform(
        title="Sắp xếp thử", document="Quyết định số 01 thử", signed_on=DAY, effective_on=DAY,
        steps=steps, by=story.desk, at=AT,
    )  # fmt: skip


def commit(story: Support, reform: Reform) -> None:
    commit_reform_and_follow(reform_id=reform.pk, basis=basis_of(reform), by=story.desk, at=AT)


def test_the_file_of_a_merged_unit_is_carried_or_ends_and_the_reform_can_be_undone(
    story: Support,
) -> None:
    file = acting(story)
    SupportFile.objects.update(entered_on=dt.date(2018, 12, 31))
    ask = {"file_id": file.pk, "by": story.desk, "at": AT}
    with pytest.raises(NotNow, match="còn hoạt động"):
        ask_lineage(fate=FileFate.END, reason=WHY, **ask)
    assert FileAct.ASK_LINEAGE not in file_acts(story.desk, file_visible(story.desk, file.pk))
    reform = drafted(story, Merge((str(story.unit(QUAN_MAU)),), str(story.unit(LANG_THU))))
    (section,) = [
        one for one in sections_of(dry_run_of(story.desk, reform)) if one.key == "ho-so-cung-co"
    ]
    assert [[cell.text for cell in row] for row in section.rows] == [
        [QUAN_MAU, "Đang củng cố", f"mang sang {LANG_THU}"]
    ]
    commit(story, reform)
    assert files_with(story.desk, TODAY, "files_ended").get() == file
    (heir,) = heirs_of(story.unit(QUAN_MAU), TODAY)
    assert (heir.name, heir.share, heir.has_file) == (LANG_THU, 1, False)

    # Asked for by one, sent back, asked again, decided by another.
    for wrong in (None, story.unit(SCHOOL), story.unit(QUAN_MAU)):
        with pytest.raises(InputError) as refused:
            ask_lineage(fate=FileFate.CARRY, unit_id=wrong, reason=WHY, **ask)
        assert refused.value.field == "unit_id"
    ask_lineage(fate=FileFate.END, reason=WHY, **ask)
    assert files_with(story.desk, TODAY, "files_ended").count() == 0
    board = {"file_id": file.pk, "by": story.board, "at": LATER}
    with pytest.raises(NotNow) as other:
        approve_carry(**board)
    assert other.value.code == "other-fate"
    back = return_lineage(reason="Nơi mới phải làm tiếp.", **board)
    assert back.state == FileState.ACTING
    ask_lineage(fate=FileFate.CARRY, unit_id=heir.unit_id, reason=WHY, **ask)
    seen = file_visible(story.board, file.pk)
    assert set(file_acts(story.board, seen)) == {FileAct.APPROVE_CARRY, FileAct.RETURN_LINEAGE}
    with pytest.raises(NotAllowed):
        approve_carry(**{**board, "by": story.desk})
    moved = approve_carry(**board)
    assert (moved.unit_id, moved.state) == (story.unit(LANG_THU), FileState.CHOSEN)
    assert moved.line == [{"unit": str(story.unit(QUAN_MAU)), "until": "2020-07-01"}]
    assert moved.begun_on == DAY
    assert moved.causes.count() == 1
    assert moved.measures.count() == 1, "measures travel"
    assert course_of(moved, TODAY).months[0].month == dt.date(2020, 8, 1)

    # The reform cannot be taken back while the file stands where it is because of it.
    undo = {"reform_id": reform.pk, "reason": "Nhầm", "by": story.desk, "at": LATER}
    assert QUAN_MAU in files_in_the_way(reform)[0]
    with pytest.raises(NotNow, match="bỏ quyết định ấy") as blocked:
        undo_reform_and_follow(**undo)
    assert blocked.value.code == "undo-blocked"
    undo_carry(reason="Việc sắp xếp sẽ hoàn tác.", **board)
    ask_lineage(fate=FileFate.END, reason=WHY, **ask)
    ended = approve_end(**board)
    assert (ended.state, ended.ended_on) == (FileState.ENDED, LATER.date())
    undo_reform_and_follow(**undo)
    file.refresh_from_db()
    assert (file.state, file.ended_on) == (FileState.CHOSEN, None), "open again with its unit"
    assert (file.unit_id, file.line) == (story.unit(QUAN_MAU), [])
    assert file.entries.order_by("-number").first().act == FileAct.UNDO_LINEAGE


def test_an_heir_with_a_file_of_its_own_takes_no_second_one(story: Support) -> None:
    from tests.pages.files.made import support_file

    file = support_file(story.unit(QUAN_MAU), story.unit(PROVINCE), on=dt.date(2019, 1, 5))
    other = support_file(story.unit(LANG_THU), story.unit(PROVINCE), on=dt.date(2019, 1, 5))
    commit(story, drafted(story, Merge((str(story.unit(QUAN_MAU)),), str(story.unit(LANG_THU)))))
    with pytest.raises(Conflict, match="đang có hồ sơ củng cố"):
        ask_lineage(
            file_id=file.pk, fate=FileFate.CARRY, unit_id=other.unit_id, reason=WHY,
            by=story.desk, at=AT,
        )  # fmt: skip
    stranger = story.who(Role.COMMITTEE_OFFICE, LANG_THU)
    with pytest.raises(NotAllowed):
        ask_lineage(file_id=file.pk, fate=FileFate.END, reason=WHY, by=stranger, at=AT)
