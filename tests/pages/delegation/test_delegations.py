"""A role is lent for a time, to somebody named, and every act says for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.pages.strengthening.story import AN_MAU, DOI_MAU, main_of
from vungmanh.access.actions.delegation import delegate, end_delegation
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.ledger import record
from vungmanh.access.models import Event, RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import Reach, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
TODAY = timezone.localdate()
NOW = timezone.now()
WEEK = TODAY + dt.timedelta(days=6)


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=TODAY)


@pytest.fixture
def deputy(cast: Cast) -> User:
    return cast.user("phophong", Role.CELL_SECRETARY, AN_MAU)


def lend(by: Viewer, username: str = "phophong", **changes: object) -> RoleGrant:
    grant = RoleGrant.objects.get(user=by.user, on_behalf_of=None)
    values = {"starts_on": TODAY, "last_day": WEEK, "reason": "Đi học một tuần.", **changes}
    return delegate(grant_id=grant.pk, username=username, by=by, at=NOW, **values)  # type: ignore[arg-type]


def test_the_borrower_acts_in_the_lent_role_for_the_time_said(
    cast: Cast, office: Viewer, deputy: User
) -> None:
    lend(office)
    hat = f"committee_office:{office.user.pk}"
    inside = viewer_for(deputy, on=WEEK, hat=hat)
    assert (inside.role, inside.unit_id) == (Role.COMMITTEE_OFFICE, cast[QUAN_MAU])
    assert inside.on_behalf_of == office.user
    after = viewer_for(deputy, on=WEEK + dt.timedelta(days=1), hat=hat)
    assert (after.role, after.on_behalf_of) == (Role.CELL_SECRETARY, None)


def test_every_act_says_for_whom(office: Viewer, deputy: User) -> None:
    lend(office)
    acting = viewer_for(deputy, on=TODAY, hat=f"committee_office:{office.user.pk}")
    told = record("thing.done", by=acting.user, at=NOW, subject="thing:1")
    assert (told.by, told.on_behalf_of) == (deputy, office.user)
    own = viewer_for(deputy, on=TODAY)
    assert record("thing.done", by=own.user, at=NOW, subject="thing:2").on_behalf_of is None


def test_a_role_that_ends_takes_what_was_lent_of_it_along(office: Viewer, deputy: User) -> None:
    lend(office)
    grant = RoleGrant.objects.get(user=office.user)
    grant.valid = DateRange(grant.valid.lower, TODAY)
    grant.save()
    assert [hat.role for hat in viewer_for(deputy, on=TODAY).hats] == [Role.CELL_SECRETARY]


def test_a_borrowed_role_is_not_lent_on(cast: Cast, office: Viewer, deputy: User) -> None:
    lent = lend(office)
    cast.user("nguoithuba", Role.CELL_SECRETARY, DOI_MAU)
    borrower = viewer_for(deputy, on=TODAY, hat=f"committee_office:{office.user.pk}")
    with pytest.raises(NotAllowed, match="không ủy quyền tiếp"):
        delegate(
            grant_id=lent.pk, username="nguoithuba", starts_on=TODAY, last_day=WEEK,
            reason="Bận việc.", by=borrower, at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "khong.co"}, "username"),
        ({"username": "vanphong"}, "username"),
        ({"starts_on": TODAY - dt.timedelta(days=1)}, "starts_on"),
        ({"last_day": TODAY - dt.timedelta(days=1)}, "last_day"),
        ({"last_day": TODAY + dt.timedelta(days=400)}, "last_day"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_lent_says_which_field(
    office: Viewer, deputy: User, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        lend(office, **changes)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not RoleGrant.objects.filter(on_behalf_of__isnull=False).exists()


def test_nobody_lends_the_role_of_another(cast: Cast, office: Viewer, deputy: User) -> None:
    stranger = viewer_for(cast.user("khac", Role.COMMITTEE_OFFICE, LANG_THU), on=TODAY)
    grant = RoleGrant.objects.get(user=office.user)
    with pytest.raises(NotFound):
        delegate(
            grant_id=grant.pk, username="phophong", starts_on=TODAY, last_day=WEEK,
            reason="Mượn quyền.", by=stranger, at=NOW,
        )  # fmt: skip


def test_the_same_role_is_not_lent_twice_for_the_same_days(office: Viewer, deputy: User) -> None:
    lend(office)
    with pytest.raises(Conflict):
        lend(office)


def test_what_was_lent_is_taken_back_at_once(office: Viewer, deputy: User) -> None:
    lent = lend(office)
    end_delegation(grant_id=lent.pk, by=office, at=NOW)
    assert [hat.role for hat in viewer_for(deputy, on=TODAY).hats] == [Role.CELL_SECRETARY]
    with pytest.raises(NotFound):
        end_delegation(grant_id=lent.pk, by=office, at=NOW)
    assert Event.objects.filter(verb="role.delegation_ended").count() == 1


def test_a_delegation_of_the_past_keeps_its_days(office: Viewer, deputy: User) -> None:
    lent = lend(office)
    lent.valid = DateRange(TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=2))
    lent.save()
    with pytest.raises(NotNow):
        end_delegation(grant_id=lent.pk, by=office, at=NOW)


def test_the_database_itself_keeps_a_delegation_dated(office: Viewer, deputy: User) -> None:
    lent = lend(office)
    lent.valid = DateRange(TODAY, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        lent.save()


def test_an_office_lends_its_role_and_the_deputy_puts_on_the_hat(
    sign_in: SignIn, cast: Cast, deputy: User
) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    own = RoleGrant.objects.get(role=Role.COMMITTEE_OFFICE)
    form = {
        "grant_id": own.pk, "username": "phophong", "starts_on": TODAY.isoformat(),
        "last_day": WEEK.isoformat(), "reason": "Đi công tác.",
    }  # fmt: skip
    assert client.post("/uy-quyen/", {**form, "last_day": ""}).status_code == 422
    assert client.post("/uy-quyen/", form).status_code == 302
    assert "giao cho phophong" in main_of(client.get("/uy-quyen/"))
    second = Client()
    second.force_login(deputy)
    second.post("/vai-tro/", {"role": f"committee_office:{own.user_id}"})
    page = second.get("/uy-quyen/").content.decode()
    assert f"thay {own.user}" in page
    lent = RoleGrant.objects.get(on_behalf_of=own.user)
    assert second.post(f"/uy-quyen/{lent.pk}/thoi/").status_code == 302
    assert "Không có ủy quyền nào đang có hiệu lực." in main_of(client.get("/uy-quyen/"))


def test_a_hat_nobody_gave_is_not_put_on(sign_in: SignIn, cast: Cast, office: Viewer) -> None:
    client = sign_in(Role.CELL_SECRETARY, AN_MAU)
    client.post("/vai-tro/", {"role": f"committee_office:{office.user.pk}"})
    client.post("/vai-tro/", {"role": "provincial_analyst"})
    assert client.get(f"/to-chuc/{cast[PROVINCE]}/?ky=2017-12").status_code == 404


def test_the_administrators_role_is_not_lent(cast: Cast, deputy: User) -> None:
    admin = cast.user("quantri", Role.ADMINISTRATOR)
    grant_role(
        user=admin, role=Role.COMMITTEE_OFFICE, unit_id=cast[QUAN_MAU],
        reach=Reach.UNIT_AND_BELOW, valid_from=dt.date(2014, 1, 1), by=None, at=NOW,
    )  # fmt: skip
    by = viewer_for(admin, on=TODAY, role=Role.COMMITTEE_OFFICE)
    seat = RoleGrant.objects.get(user=admin, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="không ủy quyền được"):
        delegate(
            grant_id=seat.pk, username="phophong", starts_on=TODAY, last_day=WEEK,
            reason="Đi vắng.", by=by, at=NOW,
        )  # fmt: skip


def test_a_locked_lender_lends_nothing(office: Viewer, deputy: User) -> None:
    lend(office)
    office.user.is_active = False
    office.user.save()
    assert [hat.role for hat in viewer_for(deputy, on=TODAY).hats] == [Role.CELL_SECRETARY]
