"""Who reads what of a reform: whatever names only what is in sight, whoever drafted it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.pages.reforms.test_reform_pages import (
    DAY,
    DECISION,
    NEW,
    basis_on,
    commit,
    drafted,
    merge,
    upload,
    workbook,
)
from tests.pages.reforms.test_reform_told import sheets_of
from tests.pages.strengthening.story import BAN_THU, DOI_MAU, NA_MAU, main_of, words
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.core.vocabulary import Reach, ReformState, Role, Sector, UnitKind
from vungmanh.org.actions.reforms import commit_reform, draft_reform
from vungmanh.org.models import Appointment, Reform, UnitVersion
from vungmanh.org.queries import search_units, units_visible
from vungmanh.org.reform.queries import reform_visible, reforms_visible
from vungmanh.org.reform.steps import Create, Merge, Move, Step
from vungmanh.org.sight import days_visible

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
HOLDER = "Bí thư Thử Một"
AHEAD = dt.date(timezone.localdate().year + 1, 7, 1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def office_of(cast: Cast, unit: str, name: str = "van-phong") -> User:
    return cast.user(name, Role.COMMITTEE_OFFICE, unit)


def move_to(user: User, cast: Cast, unit: str) -> None:
    """The same person serves elsewhere from now on."""
    RoleGrant.objects.filter(user=user).delete()
    grant_role(
        user=user, role=Role.COMMITTEE_OFFICE, unit_id=cast[unit], reach=Reach.UNIT_AND_BELOW,
        valid_from=dt.date(2014, 1, 1), by=None, at=AT,
    )  # fmt: skip


def by(viewer: Viewer, *steps: Step, on: dt.date = DAY) -> Reform:
    return draft_reform(
        title="Sắp xếp thử", document="QĐ 1", signed_on=None, effective_on=on, steps=steps,
        by=viewer, at=timezone.now(),
    )  # fmt: skip


def seen_by(user: User) -> Viewer:
    return viewer_for(user, on=timezone.localdate())


def new_cell(name: str, parent: str | None) -> Create:
    return Create("moi", name, UnitKind.CHI_BO, Sector.VILLAGE, parent=parent)


def test_whoever_drafted_a_reform_reads_it_only_while_its_units_are_in_sight(
    sign_in: SignIn, cast: Cast
) -> None:
    office = office_of(cast, QUAN_MAU)
    mine = drafted(signed_in(office), merge(cast))
    commit(sign_in(Role.PROVINCIAL_ANALYST), mine)
    address = f"/sap-xep/{mine.pk}/"
    assert HOLDER in main_of(signed_in(office).get(address)), "the office of the units reads it all"

    move_to(office, cast, LANG_THU)
    client = signed_in(office)
    for page in (address, f"{address}he-qua.xlsx", f"{address}tep.xlsx"):
        assert client.get(page).status_code == 404
    for act in ("undo", "commit", "discard", "replace"):
        assert client.post(address, {"act": act}).status_code == 404
    assert f"/sap-xep/{mine.pk}/" not in main_of(client.get("/sap-xep/"))


def test_the_analyst_of_the_root_reads_every_reform(cast: Cast) -> None:
    office = seen_by(office_of(cast, QUAN_MAU))
    one = by(office, merge(cast))
    none = by(office)
    analyst = seen_by(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST))
    assert set(reforms_visible(analyst)) == {one, none}
    assert reform_visible(analyst, none.pk) == none


@pytest.mark.parametrize("state", [ReformState.DRAFT, ReformState.COMMITTED])
def test_an_office_cannot_ask_for_an_undo_to_see_the_page_drawn_without_the_wall(
    sign_in: SignIn, cast: Cast, state: ReformState
) -> None:
    office = signed_in(office_of(cast, QUAN_MAU))
    reform = drafted(office, merge(cast))
    if state == ReformState.COMMITTED:
        commit(sign_in(Role.PROVINCIAL_ANALYST), reform)
    answer = office.post(f"/sap-xep/{reform.pk}/", {"act": "undo", "reason": ""})
    assert answer.status_code == 403


def test_a_draft_has_nothing_to_undo_whatever_the_reason(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    answer = client.post(f"/sap-xep/{reform.pk}/", {"act": "undo", "reason": ""})
    assert answer.status_code == 409
    assert "không có gì để hoàn tác" in words(answer.content.decode())


def test_a_page_that_answers_a_post_shows_what_looking_shows(
    cast: Cast,
) -> None:
    office = signed_in(office_of(cast, QUAN_MAU))
    reform = drafted(office, merge(cast))
    address = f"/sap-xep/{reform.pk}/"
    looked_at = words(main_of(office.get(address)))
    with CaptureQueriesContext(connection) as queries:
        answer = office.post(f"{address}buoc/", {"act": "remove", "buoc": "99"})
    assert answer.status_code == 422
    opening = "Dự thảo: Sắp xếp thử"
    assert words(main_of(answer)).split(opening)[1] == looked_at.split(opening)[1]
    said = [one["sql"] for one in queries]
    wall = next(n for n, sql in enumerate(said) if "vungmanh_reader" in sql)
    assert any("org_unitparent" in sql for sql in said[wall:]), "the dry run is read behind it"
    assert not any("org_unitparent" in sql for sql in said[:wall])


def test_steps_and_decision_of_a_reform_carried_out_are_not_offered_again(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    commit(client, reform)
    address = f"/sap-xep/{reform.pk}/"
    assert client.post(f"{address}buoc/", {"act": "up", "buoc": "99"}).status_code == 409


def test_only_an_analyst_reads_names_of_account_holders(sign_in: SignIn, cast: Cast) -> None:
    cast.user("bithunamau", Role.CELL_SECRETARY, NA_MAU)
    cast.user("nguoi-xem-rieng", Role.COMMITTEE_OFFICE, NA_MAU)
    analyst = sign_in(Role.PROVINCIAL_ANALYST)
    office = signed_in(office_of(cast, QUAN_MAU))
    reform = drafted(office, merge(cast))
    for committed in (False, True):
        if committed:
            commit(analyst, reform)
        page = main_of(office.get(f"/sap-xep/{reform.pk}/"))
        assert "bithunamau" in main_of(analyst.get(f"/sap-xep/{reform.pk}/"))
        assert "Vai trò, phân công phụ trách" in words(page), "it reads how many"
        book = {cell for sheet in sheets_of(office, reform).values() for cell in sheet}
        for name in ("bithunamau", "nguoi-xem-rieng"):
            assert name not in page
            assert name not in book


def test_nothing_kept_with_a_reform_names_a_person(sign_in: SignIn, cast: Cast) -> None:
    secretary = cast.user("bithunamau", Role.CELL_SECRETARY, NA_MAU)
    client = sign_in(Role.PROVINCIAL_ANALYST)
    reform = drafted(client, merge(cast))
    commit(client, reform)
    told = str(Reform.objects.get().told)
    assert str(secretary.pk) in told
    assert "bithunamau" not in told
    assert HOLDER not in told
    assert HOLDER in main_of(client.get(f"/sap-xep/{reform.pk}/")), "read from the register"
    Appointment.objects.update(holder_name="Tên khác")
    assert HOLDER not in main_of(client.get(f"/sap-xep/{reform.pk}/"))


# --- which reforms, and at what cost -------------------------------------------------------------


def scans(user: User) -> tuple[int, int]:
    """How many queries the list of reforms takes, and of how many parts they consist."""
    with CaptureQueriesContext(connection) as queries:
        list(reforms_visible(seen_by(user)))
    return len(queries), sum(len(re.findall(r"\bSELECT\b", one["sql"])) for one in queries)


def test_the_list_asks_the_same_for_one_day_and_for_sixty(cast: Cast) -> None:
    office = office_of(cast, QUAN_MAU)
    viewer = seen_by(office)
    by(viewer, merge(cast))
    one = scans(office)
    for days in range(1, 60):
        by(viewer, merge(cast), on=DAY + dt.timedelta(days=days))
    assert len(reforms_visible(viewer)) == 60
    assert scans(office) == one


def test_the_days_of_sight_are_those_of_the_one_rule(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    for step, day in (
        (Move(str(cast[DOI_MAU]), str(cast[LANG_THU])), DAY),
        (Merge((str(cast[NA_MAU]),), str(cast[DOI_MAU])), DAY + dt.timedelta(days=92)),
        (Move(str(cast[BAN_THU]), str(cast[QUAN_MAU])), AHEAD),
    ):
        upload(client, workbook(step, day=day))
        assert commit(client, Reform.objects.latest("drafted_at")).status_code == 302
    today = timezone.localdate()
    days = [DAY + dt.timedelta(days=shift) for shift in (-1, 0, 91, 92)]
    days += [today - dt.timedelta(days=1), today, AHEAD - dt.timedelta(days=1), AHEAD]
    users = [office_of(cast, unit, f"vp{n}") for n, unit in enumerate((QUAN_MAU, LANG_THU))]
    users += [cast.user("bt", Role.CELL_SECRETARY, DOI_MAU), cast.user("qt", Role.ADMINISTRATOR)]
    users += [cast.user("tinh", Role.PROVINCIAL_ANALYST), cast.user("khong", None)]
    for user in users:
        viewer = seen_by(user)
        stretches = days_visible(viewer, cast.units.values())
        for day in days:
            seen = {unit for unit, one in stretches.items() if one.is_seen_on(day)}
            assert seen == set(units_visible(viewer, day)), (str(user), day)


# --- days to come --------------------------------------------------------------------------------


def test_reforms_of_days_to_come_can_follow_one_another(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    founded = Create(
        "moi", "Đảng bộ xã Mai Mốt", UnitKind.DANG_BO_XA, Sector.COMMUNE, is_organisation=True,
        parent=str(cast[PROVINCE]),
    )  # fmt: skip
    upload(client, workbook(founded, day=AHEAD))
    assert commit(client, Reform.objects.get()).status_code == 302
    new = UnitVersion.objects.get(name="Đảng bộ xã Mai Mốt").unit_id
    later = AHEAD + dt.timedelta(days=31)

    picks = client.get(f"/sap-xep/don-vi/?target_words=mai mot&effective_on={later}")
    assert "Đảng bộ xã Mai Mốt" in picks.content.decode()
    move = Move(str(cast[NA_MAU]), str(new))
    upload(client, workbook(move, day=later))
    second = Reform.objects.latest("drafted_at")
    page = main_of(client.get(f"/sap-xep/{second.pk}/"))
    assert "Không có đơn vị này trong sổ" not in words(page)
    assert commit(client, second, basis_on(page)).status_code == 302
    under = units_visible(seen_by(office_of(cast, QUAN_MAU)), later)
    assert cast[NA_MAU] not in set(under)


def test_what_will_come_later_is_known_to_the_page_as_it_is_to_the_commit(
    sign_in: SignIn, cast: Cast
) -> None:
    """Else the page would give a state that the commit does not recognise."""
    client = sign_in(Role.PROVINCIAL_ANALYST)
    later = AHEAD + dt.timedelta(days=31)
    upload(client, workbook(new_cell("Chi bộ Mai Sau", str(cast[QUAN_MAU])), day=later))
    commit(client, Reform.objects.get())
    upload(client, workbook(Merge((str(cast[LANG_THU]),), str(cast[QUAN_MAU])), day=AHEAD))
    second = Reform.objects.latest("drafted_at")
    assert commit(client, second).status_code == 302


def test_an_office_does_not_find_the_units_of_days_to_come_of_its_neighbour(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    upload(client, workbook(new_cell("Chi bộ Mai Sau", str(cast[LANG_THU])), day=AHEAD))
    commit(client, Reform.objects.get())
    office = signed_in(office_of(cast, QUAN_MAU))
    picks = office.get(f"/sap-xep/don-vi/?target_words=mai sau&effective_on={AHEAD}")
    assert "Chi bộ Mai Sau" not in picks.content.decode()
    assert search_units(seen_by(office_of(cast, LANG_THU, "lang")), "mai sau", AHEAD, limit=5)


# --- what names no unit --------------------------------------------------------------------------


def test_a_draft_that_names_no_unit_is_its_drafters_and_the_analysts(cast: Cast) -> None:
    office, other = office_of(cast, QUAN_MAU), office_of(cast, LANG_THU, "vp2")
    client = signed_in(office)
    client.post(NEW, {"title": "Chưa có bước", **DECISION})
    draft = Reform.objects.get()
    assert client.get(f"/sap-xep/{draft.pk}/").status_code == 200
    assert signed_in(other).get(f"/sap-xep/{draft.pk}/").status_code == 404
    assert list(reforms_visible(seen_by(other))) == []
    below = cast.user("cv-xa", Role.PROVINCIAL_ANALYST, LANG_THU)
    assert list(reforms_visible(seen_by(below))) == [draft]


@pytest.mark.parametrize("role", [Role.COMMITTEE_OFFICE, Role.PROVINCIAL_ANALYST])
def test_only_an_analyst_of_the_root_founds_a_unit_at_the_top(cast: Cast, role: Role) -> None:
    below = seen_by(cast.user("duoi", role, QUAN_MAU))
    root = seen_by(cast.user("tinh", Role.PROVINCIAL_ANALYST))
    top = Create("moi", "Đảng bộ tỉnh Khác", UnitKind.DANG_BO_TINH, Sector.COMMITTEE)
    with pytest.raises(NotAllowed, match="cấp trên"):
        by(below, top)
    assert by(root, top).state == ReformState.DRAFT


def test_a_unit_that_left_the_scope_is_not_named_by_the_day_it_began(cast: Cast) -> None:
    analyst = seen_by(cast.user("tinh", Role.PROVINCIAL_ANALYST))
    office = seen_by(office_of(cast, QUAN_MAU))
    moved = by(analyst, Move(str(cast[DOI_MAU]), str(cast[LANG_THU])))
    commit_reform(reform_id=moved.pk, basis=moved.basis, by=analyst, at=timezone.now())
    with pytest.raises(NotFound):
        by(office, Move(str(cast[DOI_MAU]), str(cast[QUAN_MAU])), on=DAY + dt.timedelta(days=62))
