"""`{% journal "unit:…" %}`: the history of one object, in a fold."""

from __future__ import annotations

from typing import Any

from django import template

from vungmanh.web.journal.present import entries_of

register = template.Library()


@register.inclusion_tag("components/journal.html")
def journal(*subjects: str) -> dict[str, Any]:
    """Who did what to the object and why; an object nobody touched says so."""
    return {"entries": entries_of(*subjects)}


@register.filter
def subject(pk: object, kind: str) -> str:
    """`unit.pk|subject:"unit"`: how the ledger names an object."""
    return f"{kind}:{pk}"
