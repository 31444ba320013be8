"""The state of a file by month, what is told to whom, reviews by named persons, two committees."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, december
from tests.contract.test_following_files import acting, graded
from tests.pages.files.made import support_file
from tests.support_story import LATER, TODAY, Support
from vungmanh.access.actions.grants import grant_role
from vungmanh.core.errors import Conflict, InputError, NotAllowed
from vungmanh.core.programme_words import CourseState, FileAct, FileState
from vungmanh.core.vocabulary import FiledVia, Reach, Role
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.actions.digests import make_digests
from vungmanh.meetings.models import Digest, Task, Visit
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.file_months import keep_file_months
from vungmanh.strengthening.actions.file_reviews import name_reviewer, review_file
from vungmanh.strengthening.actions.files import answer_hand_over, hand_over_file, open_files
from vungmanh.strengthening.file_grades import grades_beside, years_beside
from vungmanh.strengthening.file_news import files_with, own_missed
from vungmanh.strengthening.models import Choice, FileMeasure, FileMonth, SupportFile

pytestmark = pytest.mark.django_db
CELL = CELLS[QUAN_MAU][0]
WORDS = "Ba chi bộ chỉ họp bốn kỳ, bí thư bận việc thôn."


def news(story: Support, key: str, viewer=None) -> int:
    return files_with(viewer or story.desk, TODAY, key).count()


def test_every_month_has_its_state_and_who_must_know_is_told(story: Support) -> None:
    overseer = story.who(Role.OVERSEER, CELL, "phu.trach")
    file = acting(story, 5)
    months = list(FileMonth.objects.filter(file=file))
    assert [one.month.month for one in months] == list(range(1, 13))
    # Five months held and then none: the share of three months falls below the path.
    assert (months[0].course, months[-1].course) == (CourseState.MET, CourseState.BELOW)
    assert (months[3].is_slow, months[-1].is_slow) == (False, True)
    assert [one.missed for one in months[:7]] == [1, 1, 1, 1, 1, 0, 0]
    assert months[0].missed_by == [
        {"user": str(overseer.user.pk), "unit": str(story.unit(CELL)), "n": 1}
    ]
    assert (news(story, "files_slow"), news(story, "files_missed")) == (1, 0)
    assert news(story, "files_slow", story.who(Role.COMMITTEE_OFFICE, LANG_THU)) == 0
    make_digests(day=TODAY, at=AT)
    told = Digest.objects.get(user=story.desk.user)
    assert "files_slow" in {one["key"] for one in told.items}

    # Everything held until December, one of the meetings attended.
    story.cast.hold(CELL, 2019, held=12)
    Visit.objects.create(
        unit_id=story.unit(CELL), overseer=overseer.user, on=dt.date(2019, 2, 9), attended=True,
        via=FiledVia.WEB, changed_at=AT,
    )  # fmt: skip
    assess_months(months=[december(2019)], by=None, at=AT)
    months = list(FileMonth.objects.filter(file=file))
    assert len(months) == 12, "written anew, never twice"
    assert (months[1].missed, months[-1].missed) == (0, 1)
    assert (news(story, "files_missed"), own_missed(overseer)) == (1, 1)
    assert own_missed(story.who(Role.OVERSEER, CELLS[QUAN_MAU][1])) == 0
    FileMeasure.objects.update(due_on=TODAY - dt.timedelta(days=1), starts_on=dt.date(2019, 1, 1))
    assert (news(story, "files_late"), news(story, "files_waiting")) == (1, 1)


def test_a_slow_mover_is_reviewed_by_who_was_named_and_can(story: Support) -> None:
    file = acting(story, 5)
    asked = {"file_id": file.pk, "kind": "slow", "by": story.desk, "at": AT}
    gone = story.cast.user("da.nghi", None)
    elsewhere = story.who(Role.COMMITTEE_OFFICE, LANG_THU).user
    owner = story.who(Role.PROVINCIAL_ANALYST, PROVINCE, "Đảng ủy xã").user
    for who, code in ((gone, "left"), (elsewhere, "elsewhere"), (owner, "own-measure")):
        with pytest.raises(InputError) as refused:
            name_reviewer(reviewer=who, **asked)
        assert (refused.value.field, refused.value.code) == ("reviewer", code)
    with pytest.raises(InputError) as refused:
        name_reviewer(reviewer=story.board.user, due_on=TODAY - dt.timedelta(days=1), **asked)
    assert refused.value.field == "due_on"
    with pytest.raises(NotAllowed):
        name_reviewer(reviewer=story.board.user, **{**asked, "by": story.board})
    found = name_reviewer(reviewer=story.board.user, **asked)
    assert found.review_due == TODAY + dt.timedelta(days=30)
    assert (news(story, "files_slow"), news(story, "files_my_review", story.board)) == (0, 1)

    YearGrade.objects.create(
        unit_id=file.unit_id, year=2017, regime="R2", grade="trong_sach_vung_manh",
        decided_on=dt.date(2017, 12, 20),
    )  # fmt: skip
    graded(story)
    with pytest.raises(InputError) as refused:
        review_file(**asked, text=WORDS, conclusion="khac")
    assert refused.value.field == "conclusion"
    done = review_file(**asked, text=WORDS, conclusion="change")
    entry = done.entries.get(act=FileAct.REVIEW)
    assert entry.content["reviewer"] == str(story.board.user.pk)
    assert [one["comparable"] for one in entry.content["grades"]] == [None, False]
    assert done.review_due is None
    assert news(story, "files_slow") == 0, "reviewed since the last month told"
    assert news(story, "files_review") == 0, "November is no month of a review"


def test_grades_of_two_regimes_stand_side_by_side_and_are_not_compared(story: Support) -> None:
    file = acting(story, 12)
    for year, grade in ((2017, "trong_sach_vung_manh"), (2019, "tot"), (2020, "khong_hoan_thanh")):
        YearGrade.objects.create(
            unit_id=file.unit_id, year=year, regime="x", grade=grade,
            decided_on=dt.date(year, 12, 20),
        )  # fmt: skip
    rows = years_beside(file, TODAY)
    assert [(one.year, one.before, one.is_comparable) for one in rows] == [
        (2017, None, None), (2019, 2017, False), (2020, 2019, True),
    ]  # fmt: skip
    assert rows[1].step is None
    assert rows[2].step is not None
    assert rows[2].step < 0
    assert rows[0].document != rows[1].document
    assert grades_beside(file, TODAY) is None, "the year before its choice is not graded"


def test_two_committees_and_one_unit(story: Support) -> None:
    """A file goes to another committee only if that one takes it; nobody opens a second."""
    office = story.who(Role.COMMITTEE_OFFICE, QUAN_MAU)
    cell = story.unit(CELL)
    file = support_file(cell, story.unit(PROVINCE))
    visit = Visit.objects.create(
        unit_id=cell, overseer=office.user, on=TODAY, attended=True, found="Thiếu sổ",
        via=FiledVia.WEB, changed_at=AT,
    )  # fmt: skip
    Task.objects.create(
        unit_id=cell, visit=visit, title="Lập lại sổ biên bản", title_fold="lap lai so",
        owner="Bí thư", output="Sổ đủ các kỳ", due_on=TODAY, given_on=TODAY, changed_at=AT,
    )  # fmt: skip
    offered = {"file_id": file.pk, "unit_id": story.unit(QUAN_MAU), "reason": WORDS}
    for is_accepted, handler in ((False, PROVINCE), (True, QUAN_MAU)):
        offer = hand_over_file(**offered, by=story.desk, at=AT)
        assert offer.open_findings == ["Lập lại sổ biên bản"]
        answer_hand_over(
            file_id=file.pk, is_accepted=is_accepted, by=office, at=LATER,
            reason="" if is_accepted else "Xã chưa có cán bộ theo dõi.",
        )  # fmt: skip
        file.refresh_from_db()
        assert file.handler_id == story.unit(handler)
    with pytest.raises(NotAllowed):
        hand_over_file(**offered, by=story.desk, at=LATER)

    selection = story.choose(2027)
    Choice.objects.create(
        selection=selection,
        unit_id=cell,
        year=selection.year,
        position=9,
        way="override",
        reason=WORDS,
    )
    with pytest.raises(Conflict, match="đang có hồ sơ củng cố do Đảng bộ xã Quan Mẫu theo dõi"):
        open_files(selection=selection, by=story.board, at=LATER)
    assert SupportFile.objects.filter(unit_id=cell).count() == 1
    assert file.state == FileState.CHOSEN
    assert keep_file_months(at=LATER) == 0, "nothing is told before a month is over"
    grant_role(
        user=story.cast.user("thu.hai", None), role=Role.OVERSEER, unit_id=cell, reach=Reach.UNIT,
        valid_from=TODAY, by=None, at=AT,
    )  # fmt: skip
