"""Small tags of the pages of meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from vungmanh.web.meetings.links import address

register = template.Library()


@register.simple_tag
def page_link(name: str, *args: object) -> str:
    """The address of a page; empty where this installation has none."""
    return address(name, *args)


@register.filter
def of_name(found: Mapping[str, Any], name: str) -> Any:
    """What a mapping holds under a name; nothing where it holds nothing."""
    return found.get(name)
