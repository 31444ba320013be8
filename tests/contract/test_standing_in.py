"""A committee that follows files ends: who takes over acts, and a reform taken back undoes it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from tests.cast import AT, PROVINCE, QUAN_MAU
from tests.contract.test_reform_engine import basis_of
from tests.contract.test_support_files import CAUSE, WORDS
from tests.pages.files.made import support_file
from tests.support_story import LATER, TODAY, Support, make_support
from vungmanh.access import wall
from vungmanh.core.errors import NotAllowed
from vungmanh.core.programme_words import FileAct, FileSide, FileState
from vungmanh.core.vocabulary import Role, Sector, UnitKind
from vungmanh.org.actions.reforms import draft_reform
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.reform.steps import Create, End, Merge, Move, Step
from vungmanh.outputs.reforms.actions import commit_reform_and_follow, undo_reform_and_follow
from vungmanh.strengthening.actions.diagnosis import (
    approve_diagnosis,
    ask_diagnosis,
    second_opinion,
    write_cause,
)
from vungmanh.strengthening.actions.files import answer_hand_over, hand_over_file
from vungmanh.strengthening.actions.programme_endings import close_programme
from vungmanh.strengthening.file_list import FileFilter, listed_files
from vungmanh.strengthening.file_news import files_with
from vungmanh.strengthening.file_reads import file_acts, file_visible
from vungmanh.strengthening.file_shown import shown_of
from vungmanh.strengthening.file_sides import sides_of
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.programme_reads import is_of_committee
from vungmanh.strengthening.standing_in import acting_for, place_now, places_now
from vungmanh.web.files.present import names_of

pytestmark = pytest.mark.django_db
BEGUN, MERGED, ENDED = dt.date(2020, 1, 1), dt.date(2025, 6, 30), dt.date(2025, 7, 1)
DISTRICT, LATER_DISTRICT = "Đảng bộ huyện Thử", "Đảng bộ huyện Thử Mới"
BOTH = frozenset({FileSide.HANDLER, FileSide.APPROVER})


def carry_out(story: Support, on: dt.date, *steps: Step) -> Reform:
    reform = draft_reform(
        title="Sắp xếp thử", document=f"Quyết định số {on.month} thử", signed_on=on,
        effective_on=on, steps=steps, by=story.desk, at=AT,
    )  # fmt: skip
    commit_reform_and_follow(reform_id=reform.pk, basis=basis_of(reform), by=story.desk, at=AT)
    return reform


def district(ref: str, name: str, story: Support) -> Create:
    return Create(
        ref=ref, name=name, kind=UnitKind.DANG_BO_HUYEN, sector=Sector.COMMITTEE,
        parent=str(story.unit(PROVINCE)),
    )  # fmt: skip


def named(story: Support, name: str) -> UUID:
    story.cast.units[name] = UnitVersion.objects.get(name=name).unit_id
    return story.cast.units[name]


def waits(story: Support) -> bool:
    """Whether the file stands among those that wait for the province."""
    (row,) = listed_files(story.desk, TODAY, FileFilter())
    return row.waits  # type: ignore[attr-defined, no-any-return]


def test_the_files_and_programmes_of_a_committee_that_ended_are_not_left_to_nobody() -> None:
    story = make_support()
    commune, province = str(story.unit(QUAN_MAU)), str(story.unit(PROVINCE))
    carry_out(story, BEGUN, district("h", DISTRICT, story), Move(unit=commune, parent="#h"))
    h = named(story, DISTRICT)
    file = support_file(story.unit(QUAN_MAU), h, on=dt.date(2020, 3, 1))
    seen = file_visible(story.desk, file.pk)
    assert (sides_of(story.desk, seen), waits(story)) == (frozenset(), False)
    assert acting_for(story.desk) is story.desk
    with pytest.raises(NotAllowed):
        write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT)

    # It ends without an heir: the committee above it acts on both sides.
    reform = carry_out(story, ENDED, Move(unit=commune, parent=province), End(unit=str(h)))
    assert places_now([h, story.unit(QUAN_MAU)], TODAY) == {
        h: story.unit(PROVINCE), story.unit(QUAN_MAU): story.unit(QUAN_MAU),
    }  # fmt: skip
    assert place_now(h, dt.date(2025, 6, 30)) == h
    assert (sides_of(story.desk, seen), waits(story)) == (BOTH, True)
    assert names_of(seen, TODAY)[h] == f"{PROVINCE} (thay {DISTRICT} đã kết thúc)"
    assert files_with(story.desk, TODAY, "files_waiting").count() == 1
    assert shown_of(story.desk, seen).inside
    cause = write_cause(file_id=file.pk, said=CAUSE, by=story.desk, at=AT)
    other = story.who(Role.PROVINCIAL_ANALYST, PROVINCE, "nguoi.xem.lai")
    second_opinion(cause_id=cause.pk, agrees=True, text=WORDS, by=other, at=AT)
    ask_diagnosis(file_id=file.pk, by=story.desk, at=AT)
    assert FileAct.APPROVE_DIAGNOSIS in file_acts(story.board, file_visible(story.board, file.pk))
    assert approve_diagnosis(file_id=file.pk, by=story.board, at=LATER).state == FileState.DIAGNOSED
    assert SupportFile.objects.get().handler_id == h, "nothing is rewritten"
    programme = SupportFile.objects.get().programme
    assert is_of_committee(story.board, programme.unit_id)
    # The unit itself never stands on the side of who follows it.
    office = story.who(Role.COMMITTEE_OFFICE, QUAN_MAU)
    with wall.behind(office, TODAY):
        assert sides_of(office, file_visible(office, file.pk)) == frozenset({FileSide.UNIT})

    # Taken back, the committee is there again and so is its matter.
    undo_reform_and_follow(reform_id=reform.pk, reason="Ban hành nhầm", by=story.desk, at=LATER)
    assert (sides_of(story.desk, seen), waits(story)) == (frozenset(), False)
    assert not is_of_committee(story.board, programme.unit_id)

    # It is merged into another: that one acts, and may hand the file to the province above it.
    carry_out(
        story, MERGED, district("m", LATER_DISTRICT, story), Move(unit=commune, parent="#m"),
        Merge((str(h),), "#m"),
    )  # fmt: skip
    heir = named(story, LATER_DISTRICT)
    own = story.who(Role.COMMITTEE_OFFICE, LATER_DISTRICT)
    assert place_now(h, TODAY) == heir
    assert sides_of(story.desk, seen) == frozenset()
    with wall.behind(own, TODAY):
        assert sides_of(own, file_visible(own, file.pk)) == BOTH
    hand_over_file(file_id=file.pk, unit_id=story.unit(PROVINCE), reason=WORDS, by=own, at=LATER)
    answer_hand_over(file_id=file.pk, is_accepted=True, by=story.desk, at=LATER)
    moved = SupportFile.objects.get()
    assert (moved.handler_id, moved.approver_id) == (story.unit(PROVINCE), story.unit(PROVINCE))
    close_programme(
        programme_id=programme.pk, closed_on=TODAY, at=LATER,
        by=story.who(Role.STANDING_COMMITTEE, LATER_DISTRICT),
    )  # fmt: skip
    programme.refresh_from_db()
    assert programme.state == "closed"
