"""Accounts and roles, as an administrator works with them."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.actions.accounts import create_account, deactivate, end_grant, give_role
from vungmanh.access.models import Event, RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Reach, Role

CELL = CELLS[QUAN_MAU][0]
TODAY = dt.date(2026, 11, 2)
NOON = dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC)  # midday in Vietnam

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with travel(NOON, tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def admin(cast: Cast) -> Viewer:
    return viewer_for(cast.user("quantri", Role.ADMINISTRATOR), on=TODAY)


@pytest.fixture
def signed_in(client: Client, admin: Viewer) -> Client:
    client.force_login(admin.user)
    return client


def grant_of(user: User) -> RoleGrant:
    return RoleGrant.objects.get(user=user)


def last_event() -> Event:
    event = Event.objects.order_by("-id").first()
    assert event is not None
    return event


# --- opening -------------------------------------------------------------------------------------


def test_a_new_account_can_sign_in_with_the_password_shown(
    signed_in: Client, cast: Cast, client: Client
) -> None:
    form = {
        "display_name": "Bí thư Thử  Hai", "username": "Bithu.Hai", "role": "cell_secretary",
        "unit_words": "doi mau",
    }  # fmt: skip
    response = signed_in.post("/tai-khoan/mo/", form)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    shown = re.search(r'<b class="figures nb">([a-z0-9-]+)</b>', response.content.decode())
    assert shown is not None
    user = User.objects.get(username="bithu.hai")
    assert user.display_name == "Bí thư Thử Hai"
    assert user.check_password(shown[1])
    grant = grant_of(user)
    assert (grant.unit_id, grant.reach) == (cast["Chi bộ thôn Đồi Mẫu"], Reach.UNIT)
    assert grant.valid == DateRange(TODAY, None)
    visitor = Client()
    sent = {"login": "bithu.hai", "password": shown[1]}
    assert visitor.post("/tai-khoan-cua-toi/login/", sent).status_code == 302
    assert visitor.get("/", follow=True).status_code == 200


def test_a_password_is_never_stored_in_clear(signed_in: Client, cast: Cast) -> None:
    form = {
        "display_name": "Bí thư Thử", "username": "thu", "role": "cell_secretary",
        "unit_words": "doi mau",
    }  # fmt: skip
    html = signed_in.post("/tai-khoan/mo/", form).content.decode()
    password = re.search(r'<b class="figures nb">([^<]+)</b>', html)[1]  # type: ignore[index]
    events = Event.objects.values_list("verb", "subject", "data", "personal")
    assert password not in str(list(events))
    assert password not in str(dict(signed_in.session))
    assert password not in signed_in.get("/tai-khoan/", follow=True).content.decode()


def test_opening_writes_both_events_with_the_administrator(admin: Viewer, cast: Cast) -> None:
    new = create_account(
        username="moi", display_name="Người Mới Thử", role=Role.COMMITTEE_OFFICE,
        unit_id=cast[QUAN_MAU], by=admin, at=NOON,
    )  # fmt: skip
    opened, given = Event.objects.order_by("-id")[:2][::-1]
    assert (opened.verb, opened.by, opened.subject) == (
        "account.created", admin.user, f"user:{new.user.pk}",
    )  # fmt: skip
    assert given.verb == "role.granted"
    assert "Người Mới Thử" not in str(opened.data)  # what names a person can be erased


@pytest.mark.parametrize(
    ("username", "code"),
    [
        ("quantri", "username-taken"),
        ("  QuanTri ", "username-taken"),
        ("ab", "bad-username"),
        ("bí.thư", "bad-username"),
        ("bi thu", "bad-username"),
        (".bithu", "bad-username"),
        ("b" * 41, "bad-username"),
    ],
)
def test_a_username_that_cannot_be_used_is_refused(
    admin: Viewer, cast: Cast, username: str, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        create_account(
            username=username, display_name="Người Thử", role=Role.OVERSEER,
            unit_id=cast[CELL], by=admin, at=NOON,
        )  # fmt: skip
    assert (caught.value.code, caught.value.field) == (code, "username")


def test_errors_stand_beside_their_fields_and_what_was_typed_stays(signed_in: Client) -> None:
    form = {
        "display_name": "Người Thử", "username": "quantri", "role": "overseer",
        "unit_words": "na mau",
    }  # fmt: skip
    response = signed_in.post("/tai-khoan/mo/", form)
    assert response.status_code == 422
    html = response.content.decode()
    error = re.search(r'id="id_username_error"><p>([^<]+)', html)
    assert error is not None
    assert error[1].startswith("Tên đăng nhập này đã có người dùng.")
    assert 'value="Người Thử"' in html
    assert 'value="na mau"' in html
    assert not User.objects.exclude(username="quantri").exists()


# --- the unit is found by words ------------------------------------------------------------------


def test_several_units_of_that_name_must_be_chosen_from(signed_in: Client, cast: Cast) -> None:
    form = {
        "display_name": "Người Thử", "username": "thu.mot", "role": "overseer",
        "unit_words": "chi bo thon",
    }  # fmt: skip
    html = signed_in.post("/tai-khoan/mo/", form).content.decode()
    assert "Chọn một đơn vị trong danh sách bên dưới." in html
    offered = re.findall(r'type="radio"[^>]*value="([^"]+)"', html)
    cells = [cell for names in CELLS.values() for cell in names]
    assert {UUID(one) for one in offered} == {cast[cell] for cell in cells}
    signed_in.post("/tai-khoan/mo/", {**form, "unit": str(cast["Chi bộ thôn Bản Thử"])})
    assert grant_of(User.objects.get(username="thu.mot")).unit_id == cast["Chi bộ thôn Bản Thử"]


def test_a_unit_that_is_not_in_the_list_cannot_be_smuggled_in(
    signed_in: Client, cast: Cast
) -> None:
    form = {
        "display_name": "Người Thử", "username": "thu.mot", "role": "committee_office",
        "unit_words": "chi bo thon", "unit": str(cast[PROVINCE]),
    }  # fmt: skip
    assert signed_in.post("/tai-khoan/mo/", form).status_code == 422
    assert not User.objects.filter(username="thu.mot").exists()


@pytest.mark.parametrize(
    ("role", "words", "sentence"),
    [
        ("cell_secretary", "xa quan mau", "không phải chi bộ"),
        ("overseer", "tinh mau", "không phải chi bộ"),
        ("committee_office", "na mau", "là chi bộ"),
        ("provincial_analyst", "truong thu", "là chi bộ"),
        ("overseer", "khong co noi nay", "Không có tổ chức nào tên như vậy."),
    ],
)
def test_a_role_fits_its_unit(
    signed_in: Client, cast: Cast, role: str, words: str, sentence: str
) -> None:
    form = {
        "display_name": "Người Thử", "username": "thu.mot", "role": role, "unit_words": words,
    }  # fmt: skip
    response = signed_in.post("/tai-khoan/mo/", form)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_the_list_while_typing_is_the_list_of_the_form(signed_in: Client, cast: Cast) -> None:
    part = signed_in.get("/tai-khoan/don-vi/", {"unit_words": "Thôn Nà"}).content.decode()
    page = signed_in.post("/tai-khoan/mo/", {"unit_words": "Thôn Nà"}).content.decode()
    assert "Chi bộ thôn Nà Mẫu" in part
    assert part.strip() in page


def test_names_leave_only_through_an_administrator(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("thu", Role.PROVINCIAL_ANALYST))
    assert client.get("/tai-khoan/don-vi/", {"unit_words": "mau"}).status_code == 403


# --- one more role -------------------------------------------------------------------------------


def test_one_more_role_is_given_and_not_twice(signed_in: Client, cast: Cast) -> None:
    user = cast.user("phutrach", Role.OVERSEER, CELL)
    form = {"role": "overseer", "unit_words": "doi mau"}
    assert signed_in.post(f"/tai-khoan/{user.pk}/vai-tro/", form).status_code == 302
    assert RoleGrant.objects.filter(user=user).count() == 2
    again = signed_in.post(f"/tai-khoan/{user.pk}/vai-tro/", form)
    assert again.status_code == 422
    assert "đã có vai trò ấy ở đơn vị ấy" in again.content.decode()
    assert RoleGrant.objects.filter(user=user).count() == 2


def test_a_role_is_not_given_to_a_locked_account(admin: Viewer, cast: Cast) -> None:
    user = cast.user("phutrach", Role.OVERSEER, CELL)
    deactivate(user_id=user.pk, reason="Nghỉ việc", by=admin, at=NOON)
    with pytest.raises(NotNow):
        give_role(user_id=user.pk, role=Role.OVERSEER, unit_id=cast[CELL], by=admin, at=NOON)


# --- ending a role -------------------------------------------------------------------------------


def test_an_ended_role_sees_nothing_from_that_day_and_all_before(admin: Viewer, cast: Cast) -> None:
    user = cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    end_grant(
        grant_id=grant_of(user).pk, ends_on=dt.date(2026, 11, 10), reason="Chuyển công tác",
        by=admin, at=NOON,
    )  # fmt: skip
    assert viewer_for(user, on=dt.date(2026, 11, 9)).role is Role.COMMITTEE_OFFICE
    assert viewer_for(user, on=dt.date(2026, 11, 10)).role is None
    event = last_event()
    assert (event.verb, event.by) == ("role.ended", admin.user)
    assert event.data == {"role": "committee_office", "ends_on": "2026-11-10"}
    assert event.personal == {"user": str(user.pk), "reason": "Chuyển công tác"}


@pytest.mark.parametrize(
    ("ends_on", "code"),
    [(dt.date(2026, 11, 1), "ends-too-early"), (dt.date(2027, 1, 1), "ends-too-late")],
)
def test_the_past_is_not_rewritten_and_an_end_not_put_off(
    admin: Viewer, cast: Cast, ends_on: dt.date, code: str
) -> None:
    grant = grant_of(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    planned = {"grant_id": grant.pk, "reason": "Chuyển công tác", "by": admin, "at": NOON}
    end_grant(ends_on=dt.date(2026, 12, 1), **planned)
    with pytest.raises(InputError) as caught:
        end_grant(ends_on=ends_on, **planned)
    assert (caught.value.code, caught.value.field) == (code, "ends_on")


def test_a_role_begun_today_ends_tomorrow_at_the_earliest(admin: Viewer, cast: Cast) -> None:
    new = create_account(
        username="moi", display_name="Người Thử", role=Role.OVERSEER, unit_id=cast[CELL],
        by=admin, at=NOON,
    )  # fmt: skip
    values = {"grant_id": grant_of(new.user).pk, "reason": "Giao nhầm", "by": admin, "at": NOON}
    with pytest.raises(InputError, match="03/11/2026"):
        end_grant(ends_on=TODAY, **values)
    assert end_grant(ends_on=dt.date(2026, 11, 3), **values).valid.upper == dt.date(2026, 11, 3)


def test_an_ended_role_does_not_end_again(admin: Viewer, cast: Cast) -> None:
    grant = grant_of(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    values = {"grant_id": grant.pk, "ends_on": TODAY, "reason": "Nghỉ hưu", "by": admin, "at": NOON}
    end_grant(**values)
    with pytest.raises(NotNow):
        end_grant(**values)


def test_an_administrator_cannot_saw_off_the_branch(
    signed_in: Client, admin: Viewer, cast: Cast
) -> None:
    own = grant_of(admin.user)
    end = {"ends_on": "2026-12-01", "reason": "Thôi việc"}
    assert signed_in.post(f"/tai-khoan/vai-tro/{own.pk}/thoi/", end).status_code == 403
    lock = {"reason": "Thôi việc"}
    assert signed_in.post(f"/tai-khoan/{admin.user.pk}/khoa/", lock).status_code == 403
    own.refresh_from_db()
    admin.user.refresh_from_db()
    assert (own.valid.upper, admin.user.is_active) == (None, True)
    html = signed_in.get(f"/tai-khoan/{admin.user.pk}/").content.decode()
    assert f"/vai-tro/{own.pk}/thoi/" not in html
    assert "/khoa/" not in html


def test_another_administrator_can_end_it_and_then_nobody_acts_on_old_rights(
    admin: Viewer, cast: Cast
) -> None:
    other = viewer_for(cast.user("quantri.hai", Role.ADMINISTRATOR), on=TODAY)
    values = {"ends_on": TODAY, "reason": "Chuyển công tác", "at": NOON}
    end_grant(grant_id=grant_of(admin.user).pk, by=other, **values)
    with pytest.raises(NotAllowed):  # the page was open with the rights of before
        end_grant(grant_id=grant_of(other.user).pk, by=admin, **values)
    assert grant_of(other.user).valid.upper is None


# --- locking, passwords --------------------------------------------------------------------------


def test_a_locked_account_is_out_at_the_next_click_and_keeps_its_roles(
    signed_in: Client, cast: Cast
) -> None:
    user = cast.user("bithu", Role.CELL_SECRETARY, CELL)
    theirs = Client()
    theirs.force_login(user)
    page = f"/tai-khoan/{user.pk}/khoa/"
    assert theirs.get("/can-cu/").status_code == 200
    assert signed_in.post(page, {"reason": "Nghỉ chế độ"}).status_code == 302
    assert theirs.get("/can-cu/").status_code == 302
    assert grant_of(user).valid.upper is None
    assert last_event().verb == "account.deactivated"
    assert signed_in.post(page, {"reason": "Đi làm lại"}).status_code == 302
    user.refresh_from_db()
    assert user.is_active
    assert last_event().personal == {"reason": "Đi làm lại"}


def test_locking_needs_a_reason(signed_in: Client, cast: Cast) -> None:
    user = cast.user("bithu", Role.CELL_SECRETARY, CELL)
    response = signed_in.post(f"/tai-khoan/{user.pk}/khoa/", {"reason": " . "})
    assert response.status_code == 422
    assert "Ghi lý do trong một câu ngắn" in response.content.decode()
    user.refresh_from_db()
    assert user.is_active


def test_a_new_password_voids_the_old_one_and_its_sessions(signed_in: Client, cast: Cast) -> None:
    user = cast.user("bithu", Role.CELL_SECRETARY, CELL)
    theirs = Client()
    theirs.force_login(user)
    html = signed_in.post(f"/tai-khoan/{user.pk}/mat-khau/").content.decode()
    password = re.search(r'<b class="figures nb">([^<]+)</b>', html)[1]  # type: ignore[index]
    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password("mat-khau-thu")
    assert theirs.get("/can-cu/").status_code == 302
    assert last_event().verb == "account.password_renewed"


# --- the actions hold without the pages ----------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_opens_accounts_or_gives_roles(cast: Cast, role: Role) -> None:
    unit = CELL if role in {Role.OVERSEER, Role.CELL_SECRETARY} else PROVINCE
    viewer = viewer_for(cast.user("thu", role, unit), on=TODAY)
    with pytest.raises(NotAllowed):
        create_account(
            username="moi", display_name="Người Thử", role=Role.ADMINISTRATOR,
            unit_id=cast[PROVINCE], by=viewer, at=NOON,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        give_role(
            user_id=viewer.user.pk, role=Role.ADMINISTRATOR, unit_id=cast[PROVINCE],
            by=viewer, at=NOON,
        )  # fmt: skip
    assert not RoleGrant.objects.filter(role=Role.ADMINISTRATOR).exists()


def test_an_account_that_does_not_exist_is_not_found(admin: Viewer) -> None:
    with pytest.raises(NotFound):
        deactivate(user_id=uuid7(), reason="Không có", by=admin, at=NOON)


def test_the_same_role_twice_at_once_is_a_conflict(admin: Viewer, cast: Cast) -> None:
    user = cast.user("phutrach", Role.OVERSEER, CELL)
    with pytest.raises(Conflict):
        give_role(user_id=user.pk, role=Role.OVERSEER, unit_id=cast[CELL], by=admin, at=NOON)


# --- the list ------------------------------------------------------------------------------------


def test_the_list_names_roles_units_and_dates(signed_in: Client, cast: Cast) -> None:
    cast.user("vanphong", Role.COMMITTEE_OFFICE, LANG_THU)
    cast.user("khongvaitro", None)
    html = signed_in.get("/tai-khoan/").content.decode()
    assert "Văn phòng đảng ủy: Đảng bộ xã Láng Thử" in html
    assert "từ 01/01/2014" in html
    assert "3 tài khoản đang dùng được, trong đó 1 chưa có vai trò; 0 tài khoản đã khóa." in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "nguyen"}, {"nguyen.mau"}),
        ({"q": "Mẫu Nguyễn"}, {"nguyen.mau"}),
        ({"q": "dang"}, {"dang.thu"}),
        ({"vai-tro": "overseer"}, {"dang.thu"}),
        ({"vai-tro": "khong-co"}, {"quantri", "nguyen.mau", "dang.thu"}),
        ({"q": "nguyen", "vai-tro": "overseer"}, set()),
    ],
)
def test_accounts_are_found_with_and_without_diacritics(
    signed_in: Client, cast: Cast, query: dict[str, str], expected: set[str]
) -> None:
    for username, name, role in (
        ("nguyen.mau", "Nguyễn Văn Mẫu", Role.CELL_SECRETARY),
        ("dang.thu", "Đặng Thị Thử", Role.OVERSEER),
    ):
        User.objects.filter(pk=cast.user(username, role, CELL).pk).update(display_name=name)
    html = signed_in.get("/tai-khoan/", query).content.decode()
    assert set(re.findall(r'<div class="small second">([^<]+)</div></th>', html)) == expected


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(
    signed_in: Client, cast: Cast
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            signed_in.get("/tai-khoan/")
        return len(asked)

    questions()
    for_one = questions()
    for number in range(2):
        user = cast.user(f"phutrach{number}", Role.OVERSEER, CELL)
        RoleGrant.objects.create(
            user=user, role=Role.CELL_SECRETARY, unit_id=cast[LANG_THU], reach=Reach.UNIT,
            valid=DateRange(TODAY, None),
        )  # fmt: skip
    assert questions() == for_one
