"""The closure rebuilt once for many statements: sound at the end whatever happens in between."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import LANG_THU, Cast, make_cast
from tests.contract.test_reform_engine import BAN_THU, DOI_MAU, NA_MAU
from vungmanh.org.closure import closure_rebuilt_once
from vungmanh.org.models import UnitClosure, UnitParent
from vungmanh.org.queries import closure_differences

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def stand_below(unit: UUID, parent: UUID) -> None:
    assert UnitParent.objects.filter(unit_id=unit).update(parent_id=parent)


def above(unit: UUID) -> set[UUID]:
    links = UnitClosure.objects.filter(descendant_id=unit, depth=1)
    return set(links.values_list("ancestor_id", flat=True))


def owed() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM org_closure_owed")
        return int(cursor.fetchone()[0])


def test_inside_the_tree_is_that_of_before_and_afterwards_that_of_all_statements(
    cast: Cast,
) -> None:
    before = above(cast[NA_MAU])
    with closure_rebuilt_once():
        stand_below(cast[NA_MAU], cast[LANG_THU])
        stand_below(cast[DOI_MAU], cast[LANG_THU])
        assert above(cast[NA_MAU]) == before
        assert owed() == 2
    assert above(cast[NA_MAU]) == above(cast[DOI_MAU]) == {cast[LANG_THU]} != before
    assert owed() == 0
    assert closure_differences() == []


def test_afterwards_each_statement_is_followed_at_once_again(cast: Cast) -> None:
    with closure_rebuilt_once():
        stand_below(cast[NA_MAU], cast[LANG_THU])
    stand_below(cast[DOI_MAU], cast[LANG_THU])
    assert above(cast[DOI_MAU]) == {cast[LANG_THU]}
    assert owed() == 0


def failing(cast: Cast) -> None:
    with closure_rebuilt_once():
        stand_below(cast[NA_MAU], cast[LANG_THU])
        raise RuntimeError


def test_a_failure_inside_takes_back_notes_and_setting_with_the_rows(cast: Cast) -> None:
    before = above(cast[NA_MAU])
    with pytest.raises(RuntimeError):
        failing(cast)
    assert above(cast[NA_MAU]) == before
    assert owed() == 0
    stand_below(cast[DOI_MAU], cast[LANG_THU])
    assert above(cast[DOI_MAU]) == {cast[LANG_THU]}
    assert closure_differences() == []


def in_a_circle(cast: Cast) -> None:
    with closure_rebuilt_once():
        UnitParent.objects.filter(unit_id=cast[LANG_THU]).update(parent_id=cast[NA_MAU])
        UnitParent.objects.filter(unit_id=cast[NA_MAU]).update(parent_id=cast[LANG_THU])


def test_a_circle_is_refused_when_it_is_rebuilt(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="may not stand below itself"):
        in_a_circle(cast)
    assert closure_differences() == []


@pytest.mark.django_db(transaction=True)
def test_what_a_writer_forgot_to_rebuild_the_database_rebuilds_before_the_commit() -> None:
    cast = make_cast()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('vungmanh.closure_later', 'on', true)")
        stand_below(cast[NA_MAU], cast[LANG_THU])
        stand_below(cast[BAN_THU], cast[LANG_THU])
        assert above(cast[NA_MAU]) != {cast[LANG_THU]}
    assert above(cast[NA_MAU]) == above(cast[BAN_THU]) == {cast[LANG_THU]}
    assert owed() == 0
    assert closure_differences() == []
