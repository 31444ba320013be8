"""The id of the meeting that answers one obligation: made from what it answers.

Two phones without a network that record the same month make the same id, so there is nothing to
match afterwards. RFC 9562 version 5: SHA-1 of the namespace's 16 bytes and the ASCII name.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

NAMESPACE = UUID("7d1c9b1e-6a0f-5c53-9a5e-0d7b6a1f2c40")


def meeting_id(unit_id: UUID, kind: str, month: dt.date) -> UUID:
    """`kind` is a code of ObligationKind; of `month` the year and the month count."""
    return uuid5(NAMESPACE, f"{unit_id}:{kind}:{month:%Y-%m}")
