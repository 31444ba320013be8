"""Numbers of papers: by type, from 1 in each congress term, without gaps, never twice."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, RuleBroken
from vungmanh.core.vocabulary import Role
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.numbers import take_number
from vungmanh.rulebook.values.papers import PaperBody, PaperFamily, PaperType

DAY = dt.date(2019, 10, 5)
NOW = dt.datetime(2026, 3, 6, 3, tzinfo=dt.UTC)
TERM = "2015-2020"


def cast_of_2019() -> Cast:
    month = dt.date(2019, 12, 1)
    return make_cast(first=month, last=month)


def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vp", Role.COMMITTEE_OFFICE, QUAN_MAU), on=NOW.date())


def take(cast: Cast, by: Viewer, kind: PaperType = PaperType.DECISION, **more: Any) -> PaperNumber:
    asked: dict[str, Any] = {
        "unit_id": cast[QUAN_MAU], "body": PaperBody.STANDING_COMMITTEE, "on": DAY, "term": TERM,
        "about": "công nhận mức xếp loại", "by": by, "at": NOW,
    }  # fmt: skip
    return take_number(kind=kind, **{**asked, **more})


@pytest.mark.django_db
def test_each_type_counts_from_one_and_again_from_one_in_the_next_term() -> None:
    cast = cast_of_2019()
    by = office(cast)
    assert [take(cast, by).number for _ in range(3)] == [1, 2, 3]
    assert take(cast, by, PaperType.NOTICE).number == 1
    later = {"on": dt.date(2021, 2, 1), "term": "2020-2025"}
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
    for term in ("", "2015", "2020-2015", "2020-2025", "2001-2050"):
        with pytest.raises(InputError, match="nhiệm kỳ") as refused:
            take(cast, by, term=term)
        assert refused.value.code == "paper-term"
    with pytest.raises(InputError, match="không đánh số"):
        take(cast, by, PaperType.FORM)
    with pytest.raises(InputError, match="sau hôm nay"):
        take(cast, by, on=dt.date(2026, 3, 7), term="2025-2030")
    for about in (" \x00 ", "a" * 301):
        with pytest.raises(InputError, match="trích yếu"):
            take(cast, by, about=about)
    with pytest.raises(RuleBroken):
        take(cast, by, PaperType.BYLAW, on=dt.date(2026, 3, 1), term="2025-2030")
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
