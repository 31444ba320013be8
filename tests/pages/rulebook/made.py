"""A scoring sheet that somebody is writing."""

from __future__ import annotations

from tests.cast import AT
from vungmanh.access.models import User
from vungmanh.core.vocabulary import OwnRuleState
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import home_scope


def sheet_draft(user: User) -> OwnRule:
    """A scoring sheet somebody is writing."""
    return OwnRule.objects.create(
        key="meeting_sheet.regular", scope=home_scope(), title="Bảng thử", text="total: 100",
        state=OwnRuleState.DRAFT, drafted_by=user, drafted_at=AT, changed_at=AT,
    )  # fmt: skip
