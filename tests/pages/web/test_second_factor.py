"""Two proofs for those who see a province or give out roles, and a door that shuts."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import AT, PROVINCE, Cast, make_cast
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.actions.second_factor import reset_second_factor
from vungmanh.access.models import Event, User
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotAllowed, NotNow
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.org.models import Unit

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
LOGIN = {"login": "chuyenvien", "password": "mat-khau-thu"}


@pytest.fixture
def cast() -> Cast:
    """A register of real units: nothing in it is simulated."""
    cast = make_cast(first=dt.date(2019, 1, 1))
    Unit.objects.update(is_simulated=False)
    return cast


def code_now() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def with_authenticator(user: User) -> User:
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
    )
    return user


@pytest.mark.parametrize("role", [Role.PROVINCIAL_ANALYST, Role.ADMINISTRATOR])
def test_an_analyst_of_a_real_province_sets_up_a_second_factor_first(
    client: Client, cast: Cast, role: Role
) -> None:
    cast.user("chuyenvien", role)
    client.post(reverse("account_login"), LOGIN)
    refused = client.get("/can-cu/")
    assert refused["Location"] == reverse("mfa_index")
    assert "chưa bật xác thực hai lớp" in client.get(reverse("mfa_index")).content.decode()


def test_a_part_of_a_page_is_refused_as_a_whole(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST))
    answer = client.get("/can-cu/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("mfa_index")


@pytest.mark.parametrize("role", [Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY])
def test_others_work_with_a_password_alone(client: Client, cast: Cast, role: Role) -> None:
    client.force_login(cast.user("nguoidung", role))
    assert client.get("/can-cu/").status_code == 200


def test_the_demonstration_asks_for_no_phone(client: Client, cast: Cast) -> None:
    Unit.objects.update(is_simulated=True)
    client.force_login(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST))
    assert client.get("/can-cu/").status_code == 200


def test_a_code_is_asked_after_the_password_and_opens_the_province(
    client: Client, cast: Cast
) -> None:
    with_authenticator(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST))
    asked = client.post(reverse("account_login"), LOGIN)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert client.get("/can-cu/").status_code == 302, "the password alone opens nothing"
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert client.get("/can-cu/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth tells of it once it is committed
def test_setting_it_up_opens_the_province_and_is_recorded(client: Client, cast: Cast) -> None:
    user = cast.user("chuyenvien", Role.PROVINCIAL_ANALYST)
    client.post(reverse("account_login"), LOGIN)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": LOGIN["password"]})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "Quét hình này" in page
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    client.post(reverse("mfa_activate_totp"), {"code": code_now()})
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    assert client.get("/can-cu/").status_code == 200
    assert Event.objects.filter(verb="second_factor.set_up", by=user).exists()
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert "Còn 10 mã dự phòng chưa dùng." in codes


def test_an_administrator_takes_away_a_lost_phone_with_a_reason(cast: Cast) -> None:
    lost = with_authenticator(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST))
    by = viewer_for(cast.user("quantri", Role.ADMINISTRATOR), on=timezone.localdate())
    reset_second_factor(user_id=lost.pk, reason="Mất điện thoại.", by=by, at=AT)
    assert not Authenticator.objects.filter(user=lost).exists()
    assert Event.objects.get(verb="second_factor.reset").personal == {"reason": "Mất điện thoại."}
    with pytest.raises(NotNow):
        reset_second_factor(user_id=lost.pk, reason="Lần nữa.", by=by, at=AT)
    with pytest.raises(NotAllowed):
        reset_second_factor(user_id=by.user.pk, reason="Của mình.", by=by, at=AT)


def test_five_wrong_passwords_shut_the_door_for_a_while(cast: Cast) -> None:
    cast.user("chuyenvien", Role.PROVINCIAL_ANALYST)
    for place in range(5):
        Client(REMOTE_ADDR=f"10.0.0.{place}").post(
            reverse("account_login"), {**LOGIN, "password": "mat-khau-sai"}
        )
    shut = Client(REMOTE_ADDR="10.0.0.9")
    shut.post(reverse("account_login"), LOGIN)
    assert "_auth_user_id" not in shut.session, "even the right password waits now"
    with pytest.MonkeyPatch.context() as patch:
        later = time.time() + 16 * 60
        patch.setattr(time, "time", lambda: later)
        shut.post(reverse("account_login"), LOGIN)
    assert "_auth_user_id" in shut.session


def test_taking_the_factor_away_ends_the_sessions_of_that_account(
    client: Client, cast: Cast
) -> None:
    lost = with_authenticator(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST))
    client.post(reverse("account_login"), LOGIN)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    by = viewer_for(cast.user("quantri", Role.ADMINISTRATOR), on=timezone.localdate())
    reset_second_factor(user_id=lost.pk, reason="Mất điện thoại.", by=by, at=timezone.now())
    assert client.get("/can-cu/")["Location"].startswith(reverse("account_login"))


def test_the_factor_is_asked_whichever_role_is_worn(client: Client, cast: Cast) -> None:
    user = cast.user("haivai", Role.COMMITTEE_OFFICE)
    grant_role(
        user=user, role=Role.PROVINCIAL_ANALYST, unit_id=cast[PROVINCE],
        reach=Reach.UNIT_AND_BELOW, valid_from=dt.date(2019, 1, 1), by=None, at=AT,
    )  # fmt: skip
    client.force_login(user)
    assert client.get("/uy-quyen/")["Location"] == reverse("mfa_index")
