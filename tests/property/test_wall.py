"""Two walls and every way to a unit agree with a naive judge: users, units, days by chance."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.property.small_province import FIRST, REFORM, TODAY, Province, draw, draw_user
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.access.wall import EVER, behind, lowered
from vungmanh.core.errors import NotFound
from vungmanh.core.text import fold, sort_key
from vungmanh.core.vocabulary import Reach, Role, Sector, UnitKind
from vungmanh.org.listing import sizes_of
from vungmanh.org.models import MembershipCount, Unit, UnitParent, UnitVersion
from vungmanh.org.queries import search_units, units_visible, versions_visible, visible_unit
from vungmanh.org.sight import why_visible

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAYS = [
    FIRST,
    dt.date(2021, 6, 30),
    REFORM - dt.timedelta(days=1),
    REFORM,
    dt.date(2024, 12, 31),
    TODAY - dt.timedelta(days=1),
    TODAY,
    dt.date(2026, 3, 31),
]


def behind_the_wall(viewer: Viewer, day: dt.date) -> set[UUID]:
    """What a query without any filter of its own reads that day."""
    with behind(viewer, day):
        return set(
            MembershipCount.objects.filter(valid__contains=day).values_list("unit_id", flat=True)
        )


def opens(viewer: Viewer, unit: UUID, day: dt.date) -> bool:
    try:
        visible_unit(viewer, unit, day)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_list_page_search_count_and_wall_agree_with_the_judge(seed: int) -> None:
    province, chance = draw(seed)
    compared = seen = 0
    for number in range(12):
        user = draw_user(province, chance, number)
        for role in [None, *{grant.role for grant in user.grants.all()}]:
            viewer = viewer_for(user, on=TODAY, role=Role(role) if role else None)
            grants = held_today(user, viewer)
            for day in DAYS:
                right = {one for one in province.lives if province.sees(grants, one, day, TODAY)}
                assert set(units_visible(viewer, day)) == right
                assert set(versions_visible(viewer, day).values_list("unit_id", flat=True)) == right
                assert behind_the_wall(viewer, day) == right
                assert {one.unit_id for one in search_units(viewer, "mau", day, limit=99)} == right
                for unit in chance.sample(list(province.lives), 3):
                    assert opens(viewer, unit, day) == (unit in right)
                    assert (why_visible(viewer, unit, day) is not None) == (unit in right)
                compared += len(province.lives)
                seen += len(right)
    assert compared >= 1000
    assert 0 < seen < compared


def held_today(user: User, viewer: Viewer) -> list[RoleGrant]:
    """The judge's own reading of the grants: of the role acted in, in force, none of them blind."""
    grants = list(RoleGrant.objects.filter(user=user, valid__contains=TODAY))
    return [one for one in grants if one.role == viewer.role != Role.ADMINISTRATOR]


def somebody(province: Province, unit: UUID, role: Role = Role.COMMITTEE_OFFICE) -> Viewer:
    user = User.objects.create_user(f"ai-{unit}-{role}", password="mat-khau-thu")
    RoleGrant.objects.create(
        user=user, role=role, unit_id=unit, reach=Reach.UNIT_AND_BELOW, valid=(FIRST, None)
    )
    return viewer_for(user, on=TODAY)


@pytest.fixture
def province() -> Province:
    return draw(7)[0]


def heir_of(province: Province) -> UUID:
    """A commune founded in the reform."""
    return next(into[0] for one, into in province.became.items() if into)


def test_an_office_founded_in_a_reform_reads_the_past_of_its_forebears(province: Province) -> None:
    heir = heir_of(province)
    forebears = {one for one, into in province.became.items() if heir in into}
    viewer = somebody(province, heir)
    eve = REFORM - dt.timedelta(days=1)
    assert forebears
    assert forebears <= set(units_visible(viewer, eve))
    assert heir not in set(units_visible(viewer, eve))
    assert not forebears & set(units_visible(viewer, REFORM))


def everything_behind(viewer: Viewer, day: dt.date) -> tuple[bool, set[UUID]]:
    """Whether the wall opened whole, and the units it lets through, by a fact of any day."""
    with behind(viewer, day), connection.cursor() as cursor:
        cursor.execute("SELECT org_wall_all()")
        return cursor.fetchone()[0], set(MembershipCount.objects.values_list("unit_id", flat=True))


def by_the_list(viewer: Viewer, day: dt.date) -> set[UUID]:
    with behind(viewer, day), connection.cursor() as cursor:
        cursor.execute("SELECT unnest(org_wall_units())")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_opened_whole_the_wall_shows_what_its_list_would(seed: int) -> None:
    province, chance = draw(seed)
    opened = 0
    viewers = [somebody(province, next(iter(province.lives)))]
    for number in range(8):
        viewers.append(viewer_for(draw_user(province, chance, number), on=TODAY))
    for viewer in viewers:
        for day in DAYS:
            whole, shown = everything_behind(viewer, day)
            assert shown == by_the_list(viewer, day)
            opened += whole
    assert opens_whole(viewers[0], next(iter(province.lives))) == (True, True)
    assert opened < len(viewers) * len(DAYS)


def test_a_second_root_or_a_life_to_come_opens_no_wall_whole(province: Province) -> None:
    viewer = somebody(province, next(iter(province.lives)))
    assert everything_behind(viewer, TODAY)[0] is False  # some ended in the reform, long before
    stranger, top = Unit.objects.create(), next(iter(province.lives))
    assert opens_whole(viewer, stranger) == (False, False)  # without any life
    settle(stranger, TODAY)
    assert opens_whole(viewer, stranger) == (False, False)  # a root of its own
    link = UnitParent.objects.create(unit=stranger, parent_id=top, valid=(TODAY, None))
    assert opens_whole(viewer, stranger) == (True, True)
    link.delete()
    UnitVersion.objects.filter(unit=stranger).delete()
    tomorrow = TODAY + dt.timedelta(days=1)
    settle(stranger, tomorrow)
    UnitParent.objects.create(unit=stranger, parent_id=top, valid=(tomorrow, None))
    assert opens_whole(viewer, stranger) == (False, False)
    UnitParent.objects.filter(unit=stranger).delete()
    UnitVersion.objects.filter(unit=stranger).delete()
    stranger.delete()
    assert opens_whole(viewer, top) == (True, True)


def settle(unit: Unit, since: dt.date) -> None:
    UnitVersion.objects.create(
        unit=unit,
        valid=(since, None),
        name="Tổ chức Lạ",
        name_fold=fold("Tổ chức Lạ"),
        name_key=sort_key("Tổ chức Lạ"),
        kind=UnitKind.CHI_BO,
        sector=Sector.VILLAGE,
        is_organisation=False,
    )


def opens_whole(viewer: Viewer, unit: Unit | UUID) -> tuple[bool, bool]:
    """Whether the wall opens whole for a page of today, and whether a unit is read through it."""
    with behind(viewer, TODAY, since=EVER), connection.cursor() as cursor:
        cursor.execute("SELECT org_wall_all()")
        return cursor.fetchone()[0], UnitVersion.objects.filter(unit=unit).exists()


def test_the_roots_kept_are_the_roots_there_are(province: Province) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id FROM org_root")
        kept = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT org_roots_among((SELECT array_agg(id) FROM org_unit))")
        assert kept == {row[0] for row in cursor.fetchall()} == {next(iter(province.lives))}


def test_without_settings_the_wall_shows_nothing(province: Province) -> None:
    assert MembershipCount.objects.exists()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vungmanh_reader")
        assert not MembershipCount.objects.exists()
        assert not UnitVersion.objects.exists()
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grants", ""), ("grants", "{"), ("grants", '"x"'), ("grants", '[{"unit": "7"}]'),
        ("on", ""), ("on", "hôm nay"), ("since", ""), ("as_of", ""), ("as_of", "1999-01-01"),
        ("role", ""), ("role", "root"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_read_show_nothing(
    province: Province, name: str, value: str
) -> None:
    viewer = somebody(province, next(iter(province.lives)))
    with behind(viewer, TODAY), connection.cursor() as cursor:
        assert MembershipCount.objects.exists()
        cursor.execute("SELECT set_config(%s, %s, true)", [f"vungmanh.{name}", value])
        cursor.execute(
            "SELECT set_config('vungmanh.seen', '', true), set_config('vungmanh.named', '', true)"
        )
        assert not MembershipCount.objects.exists()
        assert not UnitVersion.objects.exists()


def test_an_administrator_reads_names_and_no_fact(province: Province) -> None:
    viewer = somebody(province, next(iter(province.lives)), Role.ADMINISTRATOR)
    with behind(viewer, TODAY, since=EVER):
        assert UnitVersion.objects.count() == len(province.lives)
        assert not MembershipCount.objects.exists()


def test_behind_the_wall_nothing_can_be_written(province: Province) -> None:
    viewer = somebody(province, next(iter(province.lives)))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        behind(viewer, TODAY),
    ):
        MembershipCount.objects.update(count=12)
    assert not MembershipCount.objects.filter(count=12).exists()


def test_the_inner_wall_counts_until_it_ends(province: Province) -> None:
    top, heir = next(iter(province.lives)), heir_of(province)
    wide, narrow = somebody(province, top), somebody(province, heir)
    few, many = set(units_visible(narrow, TODAY)), set(units_visible(wide, TODAY))
    seen = MembershipCount.objects.filter(valid__contains=TODAY).values_list("unit_id", flat=True)
    with behind(wide, TODAY):
        with behind(narrow, TODAY):
            assert set(seen.all()) == few < many
        assert set(seen.all()) == many
        with lowered():
            assert MembershipCount.objects.count() == len(province.lives)
        assert set(seen.all()) == many
    assert MembershipCount.objects.count() == len(province.lives)


@pytest.mark.parametrize("wrong", ["error of ours", "error of the database"])
def test_an_error_leaves_no_wall_behind(province: Province, wrong: str) -> None:
    viewer = somebody(province, heir_of(province))

    def fail() -> None:
        if wrong == "error of ours":
            raise NotFound("không có")
        MembershipCount.objects.create()

    with pytest.raises((NotFound, ProgrammingError)), behind(viewer, TODAY):
        fail()
    assert MembershipCount.objects.count() == len(province.lives)


def test_a_count_below_a_unit_is_the_count_of_what_is_seen(province: Province) -> None:
    heir = heir_of(province)
    viewer = somebody(province, heir)
    with behind(viewer, TODAY):
        size = sizes_of(viewer, [heir], TODAY)[heir]
    cells = [one for one in units_visible(viewer, TODAY) if province.kinds[one] == "chi_bo"]
    assert size.cells == len(cells) > 0
    assert size.official == 9 * len(cells)


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_transaction_forgets_the_wall(province: Province) -> None:
    """As in production: nothing open around it, one connection for many people."""
    viewer = somebody(province, heir_of(province))
    with behind(viewer, TODAY, since=EVER):
        inside = MembershipCount.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, current_setting('vungmanh.grants')")
        assert cursor.fetchone() == (True, "")
    assert 0 < inside < MembershipCount.objects.count()
