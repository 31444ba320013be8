"""What is to be given or adopted, as a form or a phone says it: cleaned, or a sentence at its
field. The day is given; nothing is asked of the database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from uuid import UUID

from vungmanh.core.errors import InputError
from vungmanh.core.text import date_vi, fold, nfc, number_vi
from vungmanh.core.vocabulary import ResolutionKind
from vungmanh.meetings.models.tasks import LINE, NOTE, OWNER, TITLE

LONGEST_TEXT, NUMBER, MOST_TASKS = 30_000, 60, 60
YEARS_AHEAD = 6  # a term of office and a year: a later day is a slip of the year
FIRST_DAY = dt.date(1945, 9, 2)  # nothing older is entered; an earlier year is a slip
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class TaskWish:
    """A task to be given. `given_on` None: on the day it is entered."""

    title: str
    owner: str
    due_on: dt.date
    output: str
    given_on: dt.date | None = None


@dataclass(frozen=True)
class ResolutionWish:
    """A resolution, plan or guidance to be entered."""

    kind: ResolutionKind
    title: str
    adopted_on: dt.date
    number: str = ""
    text: str = ""
    vote_for: int | None = None
    vote_base: int | None = None
    origin_id: UUID | None = None
    meeting_id: UUID | None = None


def line(said: str, field: str, most: int, label: str, *, needed: bool = True) -> str:
    """One line of text without what cannot be seen. Raises InputError where it cannot be so."""
    clean = " ".join(_INVISIBLE.sub("", nfc(said)).split())
    if needed and not clean:
        raise InputError(f"Ghi {label}.", field=field, code=f"no-{field.replace('_', '-')}")
    if len(clean) > most:
        raise InputError(
            f"{label[:1].upper()}{label[1:]} dài quá {number_vi(most)} chữ cái; rút gọn lại.",
            field=field,
            code="too-long",
        )
    return clean


def clean_task(wish: TaskWish, today: dt.date) -> TaskWish:
    """The task as it is kept. Raises InputError (`title`, `owner`, `output`, `due_on`,
    `given_on`)."""
    given_on = wish.given_on or today
    if not FIRST_DAY <= given_on <= today:
        raise InputError(
            "Ngày giao việc không thể ở sau hôm nay hay quá xa trước đây; xem lại ngày và năm.",
            field="given_on",
            code="bad-day",
        )
    check_due(wish.due_on, given_on)
    return replace(
        wish,
        title=line(wish.title, "title", TITLE, "việc phải làm"),
        owner=line(wish.owner, "owner", OWNER, "ai làm"),
        output=line(wish.output, "output", LINE, "kết quả phải có"),
        given_on=given_on,
    )


def check_due(due_on: dt.date, given_on: dt.date) -> None:
    """Raise InputError (`due_on`) unless the term lies after the giving, within some years."""
    if due_on < given_on:
        raise InputError(
            f"Hạn {date_vi(due_on)} đứng trước ngày giao {date_vi(given_on)}; chọn ngày sau đó.",
            field="due_on",
            code="due-before-given",
        )
    if due_on.year > given_on.year + YEARS_AHEAD:
        raise InputError(
            f"Hạn {date_vi(due_on)} xa quá {YEARS_AHEAD} năm; xem lại năm.",
            field="due_on",
            code="due-too-far",
        )


def clean_resolution(wish: ResolutionWish, today: dt.date) -> ResolutionWish:
    """The resolution as it is kept. Raises InputError naming the field."""
    if not FIRST_DAY <= wish.adopted_on <= today:
        raise InputError(
            "Ngày thông qua không thể ở sau hôm nay hay quá xa trước đây; xem lại ngày và năm.",
            field="adopted_on",
            code="bad-day",
        )
    text = _INVISIBLE.sub("", nfc(wish.text)).strip()
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"Nội dung dài quá {number_vi(LONGEST_TEXT)} chữ cái; đính kèm tệp, ở đây ghi phần "
            "chính.",
            field="text",
            code="too-long",
        )
    _check_vote(wish)
    return replace(
        wish,
        title=line(wish.title, "title", TITLE, "trích yếu"),
        number=line(wish.number, "number", NUMBER, "số, ký hiệu", needed=False),
        text=text,
    )


def _check_vote(wish: ResolutionWish) -> None:
    part, base = wish.vote_for, wish.vote_base
    if (part is None) != (base is None):
        raise InputError(
            "Ghi cả số tán thành và tổng số có quyền biểu quyết, hoặc bỏ trống cả hai.",
            field="vote_base" if base is None else "vote_for",
            code="half-a-vote",
        )
    if part is not None and base is not None and not 0 <= part <= base:
        raise InputError(
            f"{number_vi(part)} phiếu tán thành nhiều hơn {number_vi(base)} người có quyền biểu "
            "quyết; xem lại hai số.",
            field="vote_for",
            code="more-votes-than-voters",
        )
    if base is not None and not 0 < base < 1 << 15:
        raise InputError(
            "Tổng số có quyền biểu quyết phải từ 1 trở lên.", field="vote_base", code="no-voters"
        )


def fold_task(title: str, owner: str) -> str:
    """What a task is searched by."""
    return fold(f"{title} {owner}")


def fold_resolution(number: str, title: str) -> str:
    """What a resolution is searched by."""
    return fold(f"{number} {title}")


def note_line(said: str | None, field: str) -> str:
    """What was reported of a task: a short text, or nothing."""
    labels = {"note": "tiến độ", "proof": "kết quả đã có"}
    return line(said or "", field, NOTE, labels[field], needed=False)
