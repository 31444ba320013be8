"""The reason somebody gives for what they do to an account or a role."""

from __future__ import annotations

from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc


def checked_reason(text: str) -> str:
    """The reason in one line. Raises InputError (`reason`) when it says nothing or too much."""
    reason = " ".join(nfc(text).split())
    if not 3 <= len(reason) <= 300:
        raise InputError(
            "Ghi lý do trong một câu ngắn; lý do được giữ trong nhật ký.",
            field="reason",
            code="bad-reason",
        )
    return reason
