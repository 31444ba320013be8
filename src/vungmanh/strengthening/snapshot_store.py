"""Keeping snapshots under their hash, and letting go of those nothing rests on any more."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import Exists, OuterRef, Q

from vungmanh.strengthening.models import InputSnapshot
from vungmanh.strengthening.snapshots import Snapshot


def keep(data: Snapshot, at: dt.datetime) -> InputSnapshot:
    """The stored row of a snapshot; equal inputs share one."""
    kept, _ = InputSnapshot.objects.only("digest").get_or_create(
        digest=data.digest,
        defaults={"content": data.content, "size": len(data.content), "made_at": at},
    )
    return kept


def keep_bytes(content: bytes, at: dt.datetime) -> InputSnapshot:
    """The stored row of other inputs, under the hash of their bytes; equal inputs share one."""
    digest = hashlib.sha256(content).hexdigest()
    kept, _ = InputSnapshot.objects.only("digest").get_or_create(
        digest=digest, defaults={"content": content, "size": len(content), "made_at": at}
    )
    return kept


def sweep() -> None:
    """Delete the snapshots that no run and no decision refers to, whatever the table."""
    rests = Q()
    for link in InputSnapshot._meta.related_objects:
        name = link.field.name
        rests |= Q(Exists(link.related_model._default_manager.filter(**{name: OuterRef("pk")})))
    unused = InputSnapshot.objects.exclude(rests)
    unused._raw_delete(unused.db)  # nothing refers to them, so no bytes need be read to delete
