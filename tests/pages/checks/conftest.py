"""The small province with something wrong in it, looked at by somebody signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import AT, PROVINCE, Cast, make_cast
from vungmanh.core.vocabulary import Role
from vungmanh.org.actions.findings import run_checks
from vungmanh.org.models import Appointment, MembershipCount

NA_MAU, BAN_THU = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Bản Thử"


@pytest.fixture
def cast() -> Cast:
    """Two cells of two communes without members; everything else of a kind at most once."""
    cast = make_cast()
    for number, appointment in enumerate(Appointment.objects.order_by("pk")):
        appointment.holder_name = f"Bí thư Thử {number}"
        appointment.save()
    MembershipCount.objects.filter(unit_id__in=[cast[NA_MAU], cast[BAN_THU]]).delete()
    run_checks(as_of=timezone.localdate(), by=None, at=AT)
    return cast


@pytest.fixture
def sign_in(client: Client, cast: Cast) -> Callable[..., Client]:
    """`sign_in(role, unit)`: the client of somebody who holds the role there."""

    def sign_in_(role: Role | None, unit: str = PROVINCE) -> Client:
        client.force_login(cast.user(f"{role}", role, unit))
        return client

    return sign_in_
