"""The section that tells what a unit was and what it became."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.pages.strengthening.story import DOI_MAU, NA_MAU, main_of, words
from vungmanh.core.vocabulary import LineageKind, ReformState, Role
from vungmanh.org.models import (
    Appointment,
    Lineage,
    MembershipCount,
    Reform,
    UnitParent,
    UnitVersion,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
DAY = dt.date(2018, 1, 1)
DOCUMENT = "QĐ 12-QĐ/TU, 20/12/2017"


def merge(cast: Cast, source: str, target: str, share: float = 1) -> None:
    """One unit goes into another on the first of 2018."""
    reform = Reform.objects.create(
        title="Sắp xếp thử",
        document=DOCUMENT,
        effective_on=DAY,
        state=ReformState.COMMITTED,
        drafted_at=AT,
        committed_at=AT,
    )
    with transaction.atomic():
        for model in (UnitVersion, UnitParent, MembershipCount, Appointment):
            for row in model.objects.filter(unit_id=cast[source], valid__endswith=None):
                row.valid = type(row.valid)(row.valid.lower, DAY)
                row.save()
        Lineage.objects.create(
            predecessor_id=cast[source],
            successor_id=cast[target],
            on=DAY,
            kind=LineageKind.MERGE,
            share=share,
            document=DOCUMENT,
            reform=reform,
        )


def page(client: Client, cast: Cast, name: str, month: str) -> str:
    return main_of(client.get(f"/to-chuc/{cast[name]}/?ky={month}"))


def test_the_successor_names_the_old_cell_and_links_to_a_month_in_which_it_lived(
    sign_in: SignIn, cast: Cast
) -> None:
    merge(cast, NA_MAU, DOI_MAU)
    client = sign_in(Role.PROVINCIAL_ANALYST)
    shown = page(client, cast, DOI_MAU, "2018-12")
    assert f"Trước đây là {NA_MAU}." in words(shown)
    assert DOCUMENT in shown
    assert f"/to-chuc/{cast[NA_MAU]}/?ky=2017-12" in shown
    assert client.get(f"/to-chuc/{cast[NA_MAU]}/?ky=2017-12").status_code == 200


def test_the_old_cell_says_where_it_went(sign_in: SignIn, cast: Cast) -> None:
    merge(cast, NA_MAU, DOI_MAU)
    shown = page(sign_in(Role.PROVINCIAL_ANALYST), cast, NA_MAU, "2017-12")
    assert f"Nay thuộc {DOI_MAU}." in words(shown)
    assert "Sáp nhập, từ 01/01/2018" in words(shown)


def test_a_unit_that_never_changed_says_so(sign_in: SignIn, cast: Cast) -> None:
    shown = page(sign_in(Role.PROVINCIAL_ANALYST), cast, QUAN_MAU, "2017-12")
    assert "Không đổi từ khi có trong sổ" in words(shown)
    assert PROVINCE in shown


def test_a_relative_out_of_sight_is_named_and_not_linked(sign_in: SignIn, cast: Cast) -> None:
    merge(cast, NA_MAU, "Chi bộ thôn Bản Thử")
    client = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    shown = page(client, cast, "Chi bộ thôn Bản Thử", "2018-12")
    assert NA_MAU in shown
    if client.get(f"/to-chuc/{cast[NA_MAU]}/?ky=2017-12").status_code == 404:
        assert f"/to-chuc/{cast[NA_MAU]}/" not in shown


def test_many_relatives_cost_no_more_queries_than_one(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)

    def cost() -> int:
        page(client, cast, DOI_MAU, "2018-12")
        with CaptureQueriesContext(connection) as queries:
            page(client, cast, DOI_MAU, "2018-12")
        return len(queries)

    merge(cast, NA_MAU, DOI_MAU)
    one = cost()
    merge(cast, "Chi bộ thôn Ăn Mẫu", DOI_MAU)
    assert cost() == one
