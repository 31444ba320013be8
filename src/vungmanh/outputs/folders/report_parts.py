"""The pieces of HTML that the report is made of: a section, a list, a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape


def section(title: str, inside: str) -> str:
    """A heading and what stands under it (HTML)."""
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def listed(lines: Iterable[str]) -> str:
    """A list of plain lines."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def table(
    head: Sequence[str],
    lines: Iterable[Sequence[str]],
    *,
    numbers: set[int] = frozenset(),  # type: ignore[assignment]
    raw: set[int] = frozenset(),  # type: ignore[assignment]
    classes: Mapping[int, str] = {},
) -> str:
    """A table that scrolls in its frame; columns in `raw` are HTML already."""
    kinds = {**dict.fromkeys(numbers, "number"), **classes}

    def attributes(place: int) -> str:
        return f' class="{kinds[place]}"' if place in kinds else ""

    heads = "".join(
        f'<th scope="col"{attributes(place)}>{escape(text)}</th>' for place, text in enumerate(head)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{attributes(place)}>{text if place in raw else escape(text)}</td>"
            for place, text in enumerate(line)
        )
        + "</tr>"
        for line in lines
    )
    return (
        f'<div class="frame" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
