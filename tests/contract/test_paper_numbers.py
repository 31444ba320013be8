"""Numbers of papers: by type, from 1 in each congress term, without gaps, never twice, and kept
when cancelled; terms by the rule or by the day of the unit's own congress."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import (
    Conflict,
    InputError,
    NotAllowed,
    NotFound,
    NotNow,
    RuleBroken,
)
from vungmanh.core.vocabulary import Role
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.numbers import (
    Wish,
    cancel_number,
    change_signer,
    enter_number,
    number_given,
    take_number,
    typed_number,
)
from vungmanh.outputs.papers.register import Wanted, number_visible, register_of
from vungmanh.outputs.papers.terms import set_term, term_on
from vungmanh.rulebook.values.papers import PaperBody, PaperFamily, PaperType, SigningCapacity

DAY = dt.date(2019, 10, 5)
NOW = dt.datetime(2026, 3, 6, 3, tzinfo=dt.UTC)
TERM = "2015-2020"
SUBJECT = f"cycle:{UUID(int=1)}:decision"
BOARD = PaperBody.STANDING_COMMITTEE


def cast_of_2019() -> Cast:
    month = dt.date(2019, 12, 1)
    return make_cast(first=month, last=month)


def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=NOW.date())


def wish(kind: PaperType = PaperType.DECISION, **more: Any) -> Wish:
    asked = {"body": BOARD, "on": DAY, "about": "công nhận mức xếp loại", **more}
    return Wish(kind, **asked)


def take(cast: Cast, by: Viewer, kind: PaperType = PaperType.DECISION, **more: Any) -> PaperNumber:
    unit = more.pop("unit_id", cast[QUAN_MAU])
    return take_number(unit_id=unit, wish=wish(kind, **more), by=by, at=NOW)


@pytest.mark.django_db
def test_each_type_counts_from_one_and_again_from_one_in_the_next_term() -> None:
    cast = cast_of_2019()
    by = office(cast)
    assert [take(cast, by).number for _ in range(3)] == [1, 2, 3]
    assert take(cast, by, PaperType.NOTICE).number == 1
    later = {"on": dt.date(2021, 2, 1)}
    assert take(cast, by, **later).number == 1
    assert take(cast, by, unit_id=cast[CELLS[QUAN_MAU][0]], body=PaperBody.CELL).number == 1
    state = {"family": PaperFamily.STATE, "on": dt.date(2021, 2, 1)}
    assert (take(cast, by, **state).number, take(cast, by, **state).term) == (1, "2021")
    assert Event.objects.filter(verb="paper.numbered").count() == PaperNumber.objects.count() == 8


@pytest.mark.django_db
def test_the_same_subject_keeps_its_number_and_what_fails_leaves_no_gap() -> None:
    cast = cast_of_2019()
    by = office(cast)
    first = take(cast, by, subject="dossier:1:1")
    assert take(cast, by, subject="dossier:1:1") == first
    assert take(cast, by, subject="dossier:1:2").number == 2

    def print_and_fail() -> None:
        with transaction.atomic():
            assert take(cast, by).number == 3
            raise RuntimeError("the paper could not be printed")

    with pytest.raises(RuntimeError):
        print_and_fail()
    assert take(cast, by).number == 3


@pytest.mark.django_db
def test_what_carries_no_number_or_no_sense_is_refused() -> None:
    cast = cast_of_2019()
    by = office(cast)
    with pytest.raises(InputError, match="nhiệm kỳ nào") as refused:
        take(cast, by, on=dt.date(2013, 5, 1))
    assert refused.value.code == "paper-term"
    with pytest.raises(InputError, match="không đánh số"):
        enter_number(unit_id=cast[QUAN_MAU], wish=wish(PaperType.FORM), number=1, by=by, at=NOW)
    with pytest.raises(InputError, match="sau hôm nay"):
        take(cast, by, on=dt.date(2026, 3, 7))
    for about in (" \x00 ", "a" * 301):
        with pytest.raises(InputError, match="trích yếu"):
            take(cast, by, about=about)
    with pytest.raises(RuleBroken):
        take(cast, by, PaperType.BYLAW, on=dt.date(2026, 3, 1))
    assert not PaperNumber.objects.exists()


@pytest.mark.django_db
def test_only_who_writes_papers_of_a_unit_in_reach_takes_its_numbers() -> None:
    cast = cast_of_2019()
    overseer = viewer_for(cast.user("pt", Role.OVERSEER, QUAN_MAU), on=NOW.date())
    with pytest.raises(NotAllowed):
        take(cast, overseer)
    secretary = viewer_for(cast.user("bt", Role.CELL_SECRETARY, CELLS[QUAN_MAU][0]), on=NOW.date())
    other = cast[CELLS[QUAN_MAU][1]]
    with pytest.raises(NotFound):
        take(cast, secretary, unit_id=other, body=PaperBody.CELL)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_numbers_at_once_never_take_the_same() -> None:
    cast = cast_of_2019()
    by = office(cast)
    taken: list[int] = []
    together = threading.Barrier(2)

    def take_four() -> None:
        try:
            together.wait(timeout=10)
            taken.extend(take(cast, by).number for _ in range(4))
        finally:
            connection.close()

    threads = [threading.Thread(target=take_four) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(taken) == list(range(1, 9))


@pytest.mark.django_db
def test_a_form_has_its_day_and_signer_and_no_number() -> None:
    cast = cast_of_2019()
    by = office(cast)
    signer = Signer("Phó Bí thư", "Lò Thử An", SigningCapacity.FOR_COLLECTIVE, "Ban Thường vụ")
    sheet = take(cast, by, PaperType.FORM, subject="cycle:1:summary", signer=signer)
    assert (sheet.number, sheet.document, sheet.on, sheet.term) == (None, "", DAY, TERM)
    assert (sheet.signer_role, sheet.signer_name) == ("Phó Bí thư", "Lò Thử An")
    assert take(cast, by, PaperType.FORM, subject="cycle:1:summary") == sheet
    assert not register_of(by, cast[QUAN_MAU]).exists()


@pytest.mark.django_db
def test_a_cancelled_number_stays_with_its_reason_and_is_never_given_again() -> None:
    cast = cast_of_2019()
    by = office(cast)
    one = take(cast, by, subject=SUBJECT)
    with pytest.raises(InputError, match="lý do hủy"):
        cancel_number(number_id=one.pk, reason=" ", by=by, at=NOW)
    cancel_number(number_id=one.pk, reason="in nhầm tên", by=by, at=NOW)
    with pytest.raises(NotNow, match="đã hủy"):
        cancel_number(number_id=one.pk, reason="lần nữa", by=by, at=NOW)
    with pytest.raises(NotNow, match="đã hủy"):
        change_signer(number_id=one.pk, signer=None, by=by, at=NOW)
    again = take(cast, by, subject=SUBJECT)
    assert (one.number, again.number) == (1, 2)
    listed = {entry.document: entry.cancel_reason for entry in register_of(by, cast[QUAN_MAU])}
    assert listed == {"01-QĐ/ĐU": "in nhầm tên", "02-QĐ/ĐU": ""}
    with pytest.raises(Conflict, match="in nhầm tên"):
        enter_number(unit_id=cast[QUAN_MAU], wish=wish(), number=1, by=by, at=NOW)
    assert Event.objects.filter(verb="paper.cancelled").count() == 1


@pytest.mark.django_db
def test_a_number_given_on_paper_is_entered_once_and_counting_goes_on_behind_it() -> None:
    cast = cast_of_2019()
    by, unit = office(cast), cast[QUAN_MAU]
    enter_number(unit_id=unit, wish=wish(about="khen thưởng"), number=15, by=by, at=NOW)
    assert take(cast, by).number == 16
    with pytest.raises(Conflict, match=r"15-QĐ/ĐU.*khen thưởng") as refused:
        enter_number(unit_id=unit, wish=wish(), number=15, by=by, at=NOW)
    assert refused.value.code == "number-taken"
    for wrong in (0, -1, 100_000):
        with pytest.raises(InputError, match="từ 1 đến"):
            enter_number(unit_id=unit, wish=wish(), number=wrong, by=by, at=NOW)
    assert number_given(unit, wish(), 16) is not None
    assert number_given(unit, wish(on=dt.date(2021, 1, 5)), 16) is None  # another term


@pytest.mark.parametrize(
    ("typed", "number"),
    [("15-QĐ/ĐU", 15), ("05-QĐ/ĐU", 5), ("5-qđ/đu", 5), (" 15 - QĐ/ĐU ", 15), ("15-QĐ/TU", None),
     ("15", None), ("", None), ("00-QĐ/ĐU", None), ("QĐ 15", None)],
)  # fmt: skip
@pytest.mark.django_db
def test_a_typed_number_is_ones_own_by_its_symbol(typed: str, number: int | None) -> None:
    assert typed_number(typed, wish()) == number


@pytest.mark.django_db
def test_who_signs_is_checked_when_a_number_is_taken_and_can_be_changed() -> None:
    cast = cast_of_2019()
    by = office(cast)
    deputy = Signer("Phó Bí thư", "Lò Thử An", SigningCapacity.FOR_HEAD, "Bí thư")
    with pytest.raises(RuleBroken, match="không ký K/T"):
        take(cast, by, signer=deputy)
    with pytest.raises(InputError, match="chức vụ"):
        take(cast, by, signer=Signer(" ", "Lò Thử An"))
    assert not PaperNumber.objects.exists()
    one = take(cast, by)
    clerk = Signer("Chánh Văn phòng", "Hà Thử", SigningCapacity.BY_ORDER, "Ban Thường vụ")
    changed = change_signer(number_id=one.pk, signer=clerk, by=by, at=NOW)
    assert (changed.number, changed.capacity, changed.signer_name) == (1, "by_order", "Hà Thử")


@pytest.mark.django_db
def test_a_term_begins_with_the_congress_of_the_committee_once_it_is_recorded() -> None:
    cast = cast_of_2019()
    by, unit = office(cast), cast[QUAN_MAU]
    day = dt.date(2020, 6, 20)
    assert (term_on(unit, day).name, term_on(unit, day).is_recorded) == ("2015-2020", False)
    assert term_on(cast[CELLS[QUAN_MAU][0]], day).name == "2020-2022"
    set_term(unit_id=unit, name="2020 – 2025", began_on=dt.date(2020, 6, 15), by=by, at=NOW)
    assert (term_on(unit, day).name, term_on(unit, day).is_recorded) == ("2020-2025", True)
    assert term_on(unit, dt.date(2020, 6, 14)).name == "2015-2020"
    assert term_on(cast[LANG_THU], day).name == "2015-2020"
    assert take(cast, by, on=day).number == 1
    set_term(unit_id=unit, name="2020-2025", began_on=dt.date(2020, 6, 18), by=by, at=NOW)
    with pytest.raises(NotNow, match="nhiệm kỳ khác"):
        set_term(unit_id=unit, name="2020-2025", began_on=dt.date(2020, 6, 21), by=by, at=NOW)
    take(cast, by, on=dt.date(2020, 6, 10))
    with pytest.raises(NotNow, match="1 văn bản"):
        set_term(unit_id=unit, name="2020-2025", began_on=dt.date(2020, 6, 1), by=by, at=NOW)


@pytest.mark.parametrize(
    ("name", "began_on"),
    [("2020", dt.date(2020, 6, 1)), ("2025-2020", dt.date(2025, 6, 1)),
     ("2001-2050", dt.date(2001, 6, 1)), ("2020-2025", dt.date(2021, 6, 1)),
     ("2015-2021", dt.date(2015, 8, 1))],
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_no_term_or_out_of_order_is_refused(name: str, began_on: dt.date) -> None:
    cast = cast_of_2019()
    by, unit = office(cast), cast[QUAN_MAU]
    set_term(unit_id=unit, name="2015-2020", began_on=dt.date(2015, 7, 7), by=by, at=NOW)
    with pytest.raises(InputError) as refused:
        set_term(unit_id=unit, name=name, began_on=began_on, by=by, at=NOW)
    assert refused.value.code == "paper-term"


@pytest.mark.django_db
def test_the_register_is_searched_without_diacritics_and_shows_only_what_is_in_sight() -> None:
    cast = cast_of_2019()
    by = office(cast)
    for about in ("khen thưởng chi bộ", "kỷ luật"):
        take(cast, by, about=about)
    take(cast, by, PaperType.NOTICE, about="khen thưởng", on=dt.date(2021, 2, 1))
    unit = cast[QUAN_MAU]

    def found(**asked: Any) -> list[str]:
        return [one.document for one in register_of(by, unit, Wanted(**asked))]

    assert found() == ["01-TB/ĐU", "02-QĐ/ĐU", "01-QĐ/ĐU"]
    assert found(text="khen thuong") == ["01-TB/ĐU", "01-QĐ/ĐU"]
    assert found(text="02-qd") == ["02-QĐ/ĐU"]
    assert found(type="notice") == found(year=2021) == found(term="2020-2025") == ["01-TB/ĐU"]
    other = viewer_for(cast.user("vp2", Role.COMMITTEE_OFFICE, LANG_THU), on=NOW.date())
    one = PaperNumber.objects.first()
    assert one is not None
    assert not register_of(other, unit).exists()
    with pytest.raises(NotFound):
        number_visible(other, one.pk)
    with pytest.raises(NotFound):
        cancel_number(number_id=one.pk, reason="thử", by=other, at=NOW)
    with pytest.raises(NotFound):
        set_term(unit_id=unit, name="2020-2025", began_on=dt.date(2020, 8, 1), by=other, at=NOW)
