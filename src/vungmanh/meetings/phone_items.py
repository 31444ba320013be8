"""Reading what a phone sent: bounds, storable text, the hash that tells one content from another.

Pure. The contract is docs/house/phones.md; whatever cannot be read is said, never raised, so that
one bad item stops no other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid5

from vungmanh.core.text import nfc

MOST_ITEMS: Final = 200
LARGEST_REQUEST: Final = 2_000_000
LARGEST_ITEM: Final = 300_000
LONGEST_KIND, LONGEST_SUBJECT, LONGEST_WHY = 24, 80, 300
DEEPEST: Final = 12
_FORMS = range(0, 32_000)


@dataclass(frozen=True)
class SentItem:
    """One item as it came. `trouble`: why it cannot be read as an item; its body is kept anyway."""

    id: UUID
    kind: str
    subject: str
    after: UUID | None
    settles: UUID | None
    why: str
    form: int
    made_at: dt.datetime | None
    body: dict[str, Any]
    body_hash: str
    trouble: str = ""


@dataclass(frozen=True)
class Unreadable:
    """What has no id of its own or is too large to be kept: answered, not stored."""

    id: str
    code: str
    message: str


def read_item(raw: object) -> SentItem | Unreadable:
    """One entry of `items`."""
    if not isinstance(raw, Mapping) or _uuid(raw.get("id")) is None:
        shown = str(raw.get("id", ""))[:80] if isinstance(raw, Mapping) else ""
        return Unreadable(
            storable_text(shown), "bad-item", "Mục này không có mã; ghi lại thành mục mới."
        )
    key = UUID(str(raw["id"]))
    try:
        said = {name: _storable(value) for name, value in raw.items() if name != "id"}
        words = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except ValueError as error:
        return Unreadable(str(key), "bad-item", str(error))
    if len(words.encode()) > LARGEST_ITEM:
        return Unreadable(
            str(key),
            "item-too-large",
            "Mục này dài quá mức gửi được. Rút gọn phần thảo luận, hoặc lưu bản sao đưa văn phòng.",
        )
    return _sent(key, said, hashlib.sha256(words.encode()).hexdigest())


def with_another_id(said: SentItem) -> SentItem:
    """The same content under an id of its own: its id was already used for something else."""
    return replace(said, id=uuid5(said.id, said.body_hash), trouble="id-reused")


def _sent(key: UUID, said: dict[str, Any], digest: str) -> SentItem:
    body, form = said.get("body"), said.get("form")
    is_form = isinstance(form, int) and not isinstance(form, bool) and form in _FORMS
    kind, subject = _words(said, "kind"), _words(said, "subject")
    after, settles = said.get("after"), said.get("settles")
    readable = (
        isinstance(body, dict)
        and is_form
        and 0 < len(kind) <= LONGEST_KIND
        and 0 < len(subject) <= LONGEST_SUBJECT
        and (after is None or _uuid(after) is not None)
        and (settles is None or _uuid(settles) is not None)
    )
    return SentItem(
        id=key,
        kind=kind[:LONGEST_KIND],
        subject=subject[:LONGEST_SUBJECT],
        after=_uuid(after),
        settles=_uuid(settles),
        why=nfc(_words(said, "why").strip())[:LONGEST_WHY],
        form=form if is_form and isinstance(form, int) else 0,
        made_at=read_instant(said.get("made_at")),
        body=body if isinstance(body, dict) else {"said": said},
        body_hash=digest,
        trouble="" if readable else "bad-item",
    )


def read_instant(value: object) -> dt.datetime | None:
    """A time with its zone by the phone's clock; None where it tells none that can be kept."""
    if not isinstance(value, str):
        return None
    try:
        instant = dt.datetime.fromisoformat(value)
        known = instant.astimezone(dt.UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None
    # The first and the last year cannot be told in every zone.
    return known if known and dt.MINYEAR < known.year < dt.MAXYEAR else None


def storable_text(text: str) -> str:
    """Without what PostgreSQL cannot keep: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _storable(value: object, depth: int = 0) -> Any:
    if depth > DEEPEST:
        raise ValueError("Mục này lồng quá nhiều lớp; ghi lại thành mục mới.")
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("Mục này có một số không đọc được; ghi lại thành mục mới.")
    if isinstance(value, dict):
        return {storable_text(str(name)): _storable(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one, depth + 1) for one in value]
    return value


def _words(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
