"""Dated delegation: somebody lends a role they hold, for a time, to somebody named."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from vungmanh.access.ledger import record
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import PERMISSIONS, check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Role

GIVE = "access.delegation.give"
LONGEST_DAYS = 366


@transaction.atomic
def delegate(
    *,
    grant_id: int,
    username: str,
    starts_on: dt.date,
    last_day: dt.date,
    reason: str,
    by: Viewer,
    at: dt.datetime,
) -> RoleGrant:
    """Lend one's own role from `starts_on` to `last_day` (included) to the account `username`.

    Raises InputError (`username`, `starts_on`, `last_day`, `reason`), NotFound for a role that is
    not one's own, NotAllowed for a borrowed role, Conflict when they hold it already.
    """
    check_can(by, GIVE)
    own = _own(by, grant_id)
    other = _other(by, username)
    reason = checked_reason(reason)
    _check_days(own, starts_on, last_day, timezone.localdate(at))
    days = DateRange(starts_on, last_day + dt.timedelta(days=1))
    same = RoleGrant.objects.filter(user=other, role=own.role, unit_id=own.unit_id)
    if same.filter(valid__overlap=days).exists():
        raise Conflict(
            f"{other} đã giữ vai trò này trong thời gian ấy. Chọn thời gian khác hoặc người khác.",
            code="role-held",
        )
    lent = RoleGrant.objects.create(
        user=other,
        role=own.role,
        unit_id=own.unit_id,
        reach=own.reach,
        valid=days,
        granted_by=by.user,
        on_behalf_of=by.user,
    )
    record(
        "role.delegated",
        by=by.user,
        at=at,
        subject=f"unit:{own.unit_id}",
        data={
            "role": own.role,
            "starts_on": starts_on.isoformat(),
            "last_day": last_day.isoformat(),
        },
        personal={"user": str(other.pk), "reason": reason},
    )
    return lent


@transaction.atomic
def end_delegation(*, grant_id: int, by: Viewer, at: dt.datetime) -> None:
    """Take a lent role back at once, or give back a borrowed one.

    What has begun keeps the days that were; what has not begun is taken away whole. Raises NotFound
    for what one neither gave nor got, NotNow when it is over.
    """
    check_can(by, GIVE)
    today = timezone.localdate(at)
    lent = RoleGrant.objects.select_for_update().filter(pk=grant_id).first()
    if lent is None or lent.on_behalf_of_id is None or by.user.pk not in _parties(lent):
        raise NotFound("Không tìm thấy ủy quyền này.", code="delegation-not-found")
    if lent.valid.upper <= today:
        last = lent.valid.upper - dt.timedelta(days=1)
        raise NotNow(f"Ủy quyền này đã hết từ sau {date_vi(last)}.", code="delegation-over")
    record(
        "role.delegation_ended",
        by=by.user,
        at=at,
        subject=f"unit:{lent.unit_id}",
        data={"role": lent.role, "ended_on": today.isoformat()},
        personal={"user": str(lent.user_id)},
    )
    if lent.valid.lower >= today:
        lent.delete()
        return
    lent.valid = DateRange(lent.valid.lower, today)
    lent.save(update_fields=["valid"])


def _parties(lent: RoleGrant) -> set[object]:
    return {lent.user_id, lent.on_behalf_of_id}


def _own(by: Viewer, grant_id: int) -> RoleGrant:
    own = RoleGrant.objects.select_for_update().filter(pk=grant_id, user=by.user).first()
    if own is None:
        raise NotFound("Không tìm thấy vai trò này của đồng chí.", code="grant-not-found")
    if Role(own.role) not in PERMISSIONS[GIVE]:
        raise NotAllowed(
            f"Vai trò “{Role(own.role).label}” không ủy quyền được; giao hẳn ở Tài khoản và quyền.",
            code="role-not-lent",
        )
    if own.on_behalf_of_id is not None:
        raise NotAllowed(
            "Vai trò được ủy quyền thì không ủy quyền tiếp. Người giao cho đồng chí có thể ủy "
            "quyền cho người khác.",
            code="borrowed-role",
        )
    return own


def _other(by: Viewer, username: str) -> User:
    other = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    if other is None:
        raise InputError(
            "Không có tài khoản nào đang dùng tên này. Hỏi lại tên đăng nhập của người ấy.",
            field="username",
            code="no-such-user",
        )
    if other.pk == by.user.pk:
        raise InputError("Không ủy quyền cho chính mình.", field="username", code="own-name")
    return other


def _check_days(own: RoleGrant, starts_on: dt.date, last_day: dt.date, today: dt.date) -> None:
    if starts_on < today:
        raise InputError(
            f"Sớm nhất là hôm nay, {date_vi(today)}.", field="starts_on", code="starts-too-early"
        )
    if last_day < starts_on:
        raise InputError(
            "Ngày cuối phải từ ngày đầu trở đi.", field="last_day", code="ends-before-start"
        )
    if (last_day - starts_on).days >= LONGEST_DAYS:
        raise InputError(
            "Nhiều nhất một năm; hết hạn thì ủy quyền lại.", field="last_day", code="too-long"
        )
    ends = own.valid.upper
    if starts_on < own.valid.lower or (ends is not None and last_day >= ends):
        raise InputError(
            "Thời gian ủy quyền phải nằm trong thời gian đồng chí giữ vai trò này.",
            field="last_day",
            code="outside-own-role",
        )
