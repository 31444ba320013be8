"""What a target stands at, told by hand where no figure of the records says it for a whole."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.strengthening.actions.programme_hand import (
    DRAFT,
    check_programme_state,
    held_programme,
    note,
    words_of,
)
from vungmanh.strengthening.actions.target_starts import check_value
from vungmanh.strengthening.models import TargetValue
from vungmanh.strengthening.models.programmes import LINE
from vungmanh.strengthening.programme_figures import is_by_hand


@transaction.atomic
def tell_target(
    *, programme_id: UUID, target_id: int, value: Decimal, on: dt.date, source: str, by: Viewer,
    at: dt.datetime,
) -> TargetValue:  # fmt: skip
    """Keep a value with its source and its day; those told before stay. A mistake is told anew for
    the same day.

    Raises NotFound, NotNow (the programme does not run; `measured`: the records say it), InputError
    (`value`, `on`, `source`).
    """
    check_can(by, DRAFT)
    found = held_programme(programme_id, by, at)
    check_programme_state(found, ProgrammeState.RUNNING)
    target = found.targets.filter(pk=target_id).first()
    if target is None:
        raise NotFound("Không tìm thấy chỉ tiêu này của đề án.", code="no-target")
    if not is_by_hand(target.indicator):
        raise NotNow(
            "Chỉ tiêu này máy đo từ bản ghi, không nhập tay. Số chưa đúng thì sửa ở bản ghi gốc.",
            code="measured",
        )
    if not dt.date(found.first_year - 1, 1, 1) <= on <= localdate(at):
        raise InputError(
            f"Ngày của giá trị phải từ đầu năm {found.first_year - 1} đến hôm nay.", field="on",
            code="bad-day",
        )  # fmt: skip
    if abs(value) >= 10**9:
        raise InputError("Giá trị quá lớn; kiểm tra lại.", field="value", code="bad-number")
    check_value(value, target.indicator, field="value")
    said = words_of(source, "source", LINE, least=5)
    made = TargetValue.objects.create(
        target=target, value=value, on=on, source=said, by=by.user, at=at
    )
    note(
        "programme.target_told", found, by, at,
        {"target": target.number, "value": str(value), "on": on.isoformat()},
    )  # fmt: skip
    return made
