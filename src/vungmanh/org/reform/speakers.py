"""Every model of any room with a key to a unit. `org` knows none of them by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vungmanh.org.models import Unit


def speakers_of_units() -> Iterator[tuple[Any, str]]:
    """Each such model with the column of its key, once for each key."""
    for relation in Unit._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many:
            yield relation.related_model, relation.field.attname  # type: ignore[union-attr]
