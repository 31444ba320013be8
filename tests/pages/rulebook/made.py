"""Rules of the province's own, for pages to stand on."""

from __future__ import annotations

import datetime as dt

from tests.cast import AT
from vungmanh.access.models import User
from vungmanh.core.vocabulary import OwnRuleState
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import home_scope


def own_rule(user: User) -> OwnRule:
    """A rule of the province that holds long after everything these pages look at."""
    return OwnRule.objects.create(
        key="fact_reason.secretary_vacant", scope=home_scope(), title="Khuyết bí thư 60 ngày",
        text="days: 60\nweight: heavy\n", issuer="Tỉnh ủy tỉnh Mẫu", document_type="Quyết định",
        number="1-QĐ/TU", issued_on=dt.date(2030, 1, 1), valid_from=dt.date(2030, 1, 1),
        valid_to=dt.date(2030, 1, 2), state=OwnRuleState.ADOPTED, drafted_by=user, drafted_at=AT,
        adopted_by=user, adopted_at=AT, changed_at=AT,
    )  # fmt: skip


def sheet_draft(user: User) -> OwnRule:
    """A scoring sheet somebody is writing."""
    return OwnRule.objects.create(
        key="meeting_sheet.regular", scope=home_scope(), title="Bảng thử", text="total: 100",
        state=OwnRuleState.DRAFT, drafted_by=user, drafted_at=AT, changed_at=AT,
    )  # fmt: skip
