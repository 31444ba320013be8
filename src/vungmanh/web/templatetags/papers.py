"""`{% paper_rule %}`: by which rule a paper is laid out, and how sure we are of it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.timezone import localdate

from vungmanh.outputs.papers.layout import layout_on

register = template.Library()


@register.inclusion_tag("papers/layout_rule.html")
def paper_rule() -> dict[str, Any]:
    """The layout of a Party paper of today."""
    return {"laid": layout_on(localdate())}
