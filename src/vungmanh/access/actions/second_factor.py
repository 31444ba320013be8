"""Taking away the second factor of somebody who lost their phone and their codes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import check_can
from vungmanh.access.queries import MANAGE, account_visible
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotNow


@transaction.atomic
def reset_second_factor(*, user_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> User:
    """Remove authenticator and recovery codes; the person sets them up anew at the next sign-in.

    Raises NotAllowed for one's own, NotNow when there is none, InputError (`reason`).
    """
    check_can(by, MANAGE)
    user = User.objects.select_for_update().get(pk=account_visible(by, user_id).pk)
    if user.pk == by.user.pk:
        raise NotAllowed(
            "Không tự gỡ xác thực hai lớp của mình ở đây. Tắt ở trang tài khoản của đồng chí, hoặc "
            "nhờ một người quản trị khác.",
            code="own-second-factor",
        )
    reason = checked_reason(reason)
    removed, _each = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise NotNow("Tài khoản này chưa bật xác thực hai lớp.", code="no-second-factor")
    _sign_out(user, at)
    record(
        "second_factor.reset",
        by=by.user,
        at=at,
        subject=f"user:{user.pk}",
        personal={"reason": reason},
    )
    return user


def _sign_out(user: User, at: dt.datetime) -> None:
    """End every session of the account: whoever holds the lost phone may sit in one of them."""
    for session in Session.objects.filter(expire_date__gte=at):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
