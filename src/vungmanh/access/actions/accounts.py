"""Opening and closing accounts, giving and ending their roles. Each writes an event.

Nobody saws off the branch they sit on: an administrator can neither end the role that makes them
administrator nor lock their own account, so one administrator always remains.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.ledger import record
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import check_can
from vungmanh.access.queries import MANAGE, account_visible, grant_visible
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import Reach, Role

#: How far a role sees from the unit it is held in.
REACH_OF = {
    Role.PROVINCIAL_ANALYST: Reach.UNIT_AND_BELOW,
    Role.COMMITTEE_OFFICE: Reach.UNIT_AND_BELOW,
    Role.OVERSEER: Reach.UNIT,
    Role.CELL_SECRETARY: Reach.UNIT,
    Role.ADMINISTRATOR: Reach.UNIT_AND_BELOW,
}
_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]")
# Without 0, 1, i, l, o: it is read aloud or copied from paper. 12 signs are 59 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class NewPassword:
    """An account and its password in clear. Shown once, stored nowhere."""

    user: User
    password: str


@transaction.atomic
def create_account(
    *, username: str, display_name: str, role: Role, unit_id: UUID, by: Viewer, at: dt.datetime
) -> NewPassword:
    """Open an account with its first role, from today on.

    Raises InputError (`username`, `display_name`) for a name that cannot be used or is taken.
    """
    check_can(by, MANAGE)
    username, display_name = username.strip().lower(), " ".join(nfc(display_name).split())
    _check_names(username, display_name)
    password = _password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, password=password, display_name=display_name)
    except IntegrityError:  # somebody was faster with the same name
        raise _taken() from None
    record(
        "account.created",
        by=by.user,
        at=at,
        subject=f"user:{user.pk}",
        personal={"username": username, "display_name": display_name},
    )
    _grant(user, role, unit_id, by=by, at=at)
    return NewPassword(user, password)


@transaction.atomic
def give_role(
    *, user_id: UUID, role: Role, unit_id: UUID, by: Viewer, at: dt.datetime
) -> RoleGrant:
    """Give an account one more role from today on.

    Raises Conflict when it holds this role in this unit already, NotNow when it is locked.
    """
    check_can(by, MANAGE)
    user = _locked(by, user_id)
    if not user.is_active:
        raise NotNow(
            "Tài khoản này đang bị khóa. Mở khóa trước, rồi giao vai trò.", code="account-locked"
        )
    same = RoleGrant.objects.filter(user=user, role=role, unit_id=unit_id)
    if same.filter(valid__overlap=DateRange(timezone.localdate(at), None)).exists():
        raise Conflict(
            "Tài khoản này đã có vai trò ấy ở đơn vị ấy. Chọn vai trò hoặc đơn vị khác.",
            code="role-held",
        )
    return _grant(user, role, unit_id, by=by, at=at)


@transaction.atomic
def end_grant(
    *, grant_id: int, ends_on: dt.date, reason: str, by: Viewer, at: dt.datetime
) -> RoleGrant:
    """End a role: `ends_on` is the first day on which it is no longer held.

    The past is not rewritten: the earliest day is today, and a role lasts a day at least.
    Raises InputError (`ends_on`, `reason`), NotNow when it has ended, NotAllowed for the role of
    administrator that one holds oneself.
    """
    check_can(by, MANAGE)
    reason = checked_reason(reason)
    today = timezone.localdate(at)
    grant = grant_visible(by, grant_id)
    _check_still_administrator(by, today)
    grant = (
        RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    )
    if grant.user_id == by.user.pk and grant.role == Role.ADMINISTRATOR:
        raise NotAllowed(
            "Không tự thôi vai trò quản trị của mình được. Nhờ một người quản trị khác làm.",
            code="own-administrator",
        )
    if grant.valid.upper is not None and grant.valid.upper <= today:
        raise NotNow(f"Vai trò này đã thôi từ {date_vi(grant.valid.upper)}.", code="grant-ended")
    earliest = max(today, grant.valid.lower + dt.timedelta(days=1))
    _check_end(grant, ends_on, earliest)
    grant.valid = DateRange(grant.valid.lower, ends_on)
    grant.save(update_fields=["valid"])
    record(
        "role.ended",
        by=by.user,
        at=at,
        subject=f"unit:{grant.unit_id}",
        data={"role": grant.role, "ends_on": ends_on.isoformat()},
        personal={"user": str(grant.user_id), "reason": reason},
    )
    return grant


@transaction.atomic
def deactivate(*, user_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> User:
    """Lock an account: no sign-in, and whoever is signed in is out at the next click.

    Its roles stay as they are. Raises InputError (`reason`), NotNow when locked already,
    NotAllowed for one's own account.
    """
    check_can(by, MANAGE)
    reason = checked_reason(reason)
    if user_id == by.user.pk:
        raise NotAllowed(
            "Không tự khóa tài khoản của mình được. Nhờ một người quản trị khác làm.",
            code="own-account",
        )
    _check_still_administrator(by, timezone.localdate(at))
    return _switch(
        user_id, is_active=False, verb="account.deactivated", reason=reason, by=by, at=at
    )


@transaction.atomic
def reactivate(*, user_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> User:
    """Unlock an account. Raises InputError (`reason`), NotNow when it is not locked."""
    check_can(by, MANAGE)
    reason = checked_reason(reason)
    return _switch(user_id, is_active=True, verb="account.reactivated", reason=reason, by=by, at=at)


@transaction.atomic
def renew_password(*, user_id: UUID, by: Viewer, at: dt.datetime) -> NewPassword:
    """A new password for somebody who forgot theirs; the old one and its sessions are void."""
    check_can(by, MANAGE)
    user, password = _locked(by, user_id), _password()
    user.set_password(password)
    user.save(update_fields=["password"])
    record("account.password_renewed", by=by.user, at=at, subject=f"user:{user.pk}")
    return NewPassword(user, password)


# --- inside ----------------------------------------------------------------------------------


def _grant(user: User, role: Role, unit_id: UUID, *, by: Viewer, at: dt.datetime) -> RoleGrant:
    return grant_role(
        user=user,
        role=role,
        unit_id=unit_id,
        reach=REACH_OF[role],
        valid_from=timezone.localdate(at),
        by=by.user,
        at=at,
    )


def _switch(
    user_id: UUID, *, is_active: bool, verb: str, reason: str, by: Viewer, at: dt.datetime
) -> User:
    user = _locked(by, user_id)
    if user.is_active == is_active:
        state = "đang mở" if is_active else "đã bị khóa"
        raise NotNow(f"Tài khoản này {state} từ trước; không có gì thay đổi.", code="same-state")
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record(verb, by=by.user, at=at, subject=f"user:{user.pk}", personal={"reason": reason})
    return user


def _locked(by: Viewer, user_id: UUID) -> User:
    """The account, held until the transaction ends, so that two clicks do not act twice."""
    return User.objects.select_for_update().get(pk=account_visible(by, user_id).pk)


def _check_still_administrator(by: Viewer, today: dt.date) -> None:
    """Two administrators who end each other at the same moment: the second one finds the door shut.

    All grants of administrators are held in one order until the transaction ends.
    """
    administrators = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, on_behalf_of=None).order_by(
        "pk"
    )
    held = list(administrators.select_for_update())
    active = User.objects.select_for_update().filter(pk=by.user.pk, is_active=True).exists()
    if not active or not any(g.user_id == by.user.pk and _covers(g, today) for g in held):
        raise NotAllowed(
            "Đồng chí vừa thôi vai trò quản trị nên không làm được việc này.",
            code="not-administrator",
        )


def _covers(grant: RoleGrant, day: dt.date) -> bool:
    upper = grant.valid.upper
    return bool(grant.valid.lower <= day and (upper is None or day < upper))


def _check_end(grant: RoleGrant, ends_on: dt.date, earliest: dt.date) -> None:
    if ends_on < earliest:
        raise InputError(
            f"Ngày thôi sớm nhất là {date_vi(earliest)}. Cần chặn ngay thì khóa tài khoản.",
            field="ends_on",
            code="ends-too-early",
        )
    if grant.valid.upper is not None and ends_on > grant.valid.upper:
        raise InputError(
            f"Vai trò này đã định thôi từ {date_vi(grant.valid.upper)}; chỉ chọn được ngày sớm "
            "hơn. Cần kéo dài thì giao lại vai trò.",
            field="ends_on",
            code="ends-too-late",
        )


def _check_names(username: str, display_name: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise InputError(
            "Dùng 3 đến 40 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối; "
            "ví dụ “nguyen.mau”.",
            field="username",
            code="bad-username",
        )
    if User.objects.filter(username__iexact=username).exists():
        raise _taken()
    if not 1 <= len(display_name) <= 120:
        raise InputError(
            "Ghi họ và tên, nhiều nhất 120 chữ.", field="display_name", code="bad-display-name"
        )


def _taken() -> InputError:
    return InputError(
        "Tên đăng nhập này đã có người dùng. Thêm một chữ số hoặc chữ viết tắt đơn vị.",
        field="username",
        code="username-taken",
    )


def _password() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)
