"""What the pages of posts, terms and rotations say, in words. No page orders or marks people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.cadre.concerns import Concern, UnitConcerns
from vungmanh.cadre.models import Rotation, Term
from vungmanh.cadre.posts import PostLine, is_acting
from vungmanh.cadre.rotations import is_past_return, state_on
from vungmanh.cadre.terms import clocks_of
from vungmanh.core.people_words import AppointmentWay, PostConcern, RotationState
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment
from vungmanh.strengthening.comparison import Comparison
from vungmanh.strengthening.following import LEAST_REPORTED
from vungmanh.strengthening.rotations import Replacement, RotationSide, UnitState
from vungmanh.web.files.course import beside

GRAVE = {PostConcern.VACANT, PostConcern.TERM_OVER}


def finding_of_concerns(found: list[UnitConcerns]) -> str:
    """What the list opens with: how many units, and of what."""
    if not found:
        return _("Không có đơn vị nào phải xem về chức danh theo bộ lọc này.")
    vacant = sum(any(fact.kind is PostConcern.VACANT for fact in one.facts) for one in found)
    return _("%(units)s đơn vị có việc phải xem về chức danh; %(vacant)s nơi khuyết bí thư.") % {
        "units": number_vi(len(found)), "vacant": number_vi(vacant),
    }  # fmt: skip


def concern_rows(facts: Iterable[Concern]) -> list[dict[str, Any]]:
    return [
        {
            "label": _label(one),
            "is_grave": one.kind in GRAVE,
            "words": _concern(one),
            "citation": one.citation,
        }
        for one in facts
    ]


def _label(one: Concern) -> str:
    if one.kind is PostConcern.PLANNED_END and one.days > 0:
        return _("Sắp đến ngày dự kiến thôi giữ")
    return _(one.kind.label)


def _concern(one: Concern) -> str:
    said = {
        "day": date_vi(one.day), "days": number_vi(abs(one.days)), "who": one.holder or "–",
        "post": _(one.post.label) if one.post else "", "n": number_vi(one.number),
    }  # fmt: skip
    words = {
        PostConcern.VACANT: _("từ %(day)s, %(days)s ngày"),
        PostConcern.TERM_OVER: _("hết ngày %(day)s, đã quá %(days)s ngày"),
        PostConcern.TERM_DUE: _("hết ngày %(day)s, còn %(days)s ngày"),
        PostConcern.ACTING: _("%(post)s: %(who)s, từ %(day)s, %(days)s ngày"),
        PostConcern.PLANNED_END: _("%(post)s: %(who)s, dự kiến đến %(day)s"),
        PostConcern.CONCURRENT: _("%(post)s: %(who)s, cùng lúc %(n)s chức danh trong sổ"),
    }[one.kind]
    if one.kind is PostConcern.PLANNED_END and one.days < 0:
        words = _("%(post)s: %(who)s, dự kiến đến %(day)s, đã quá %(days)s ngày")
    return words % said


def finding_of_unit(name: str, lines: list[PostLine], on: dt.date) -> str:
    secretary = next((one for one in lines if one.post is Post.SECRETARY), None)
    if secretary is None or (not secretary.holders and secretary.vacant_since is None):
        return _("%(name)s chưa ghi ai giữ chức bí thư.") % {"name": name}
    if not secretary.holders:
        return _("%(name)s khuyết bí thư %(days)s ngày.") % {
            "name": name, "days": number_vi(secretary.days_vacant(on)),
        }  # fmt: skip
    (holder, *_rest) = secretary.holders
    words = (
        _("%(name)s đang giao %(who)s phụ trách, chưa có bí thư chính thức.")
        if is_acting(holder)
        else _("%(name)s có bí thư: %(who)s.")
    )
    return words % {"name": name, "who": holder.holder_name or "–"}


def post_row(
    line: PostLine, on: dt.date, tied: Mapping[int, Rotation] | None = None
) -> dict[str, Any]:
    return {
        "post": _(line.post.label),
        "holders": [holder_row(one, on, tied) for one in line.holders],
        "vacant": line.days_vacant(on),
        "vacant_since": line.vacant_since,
        "counted_on": on,
        "is_single": line.is_single,
    }


def holder_row(
    row: Appointment, on: dt.date, tied: Mapping[int, Rotation] | None = None
) -> dict[str, Any]:
    """One appointment, with what may be done to it. `tied`: rotations by appointment, whose acts
    are done on their own pages; a post somebody stayed in may end here."""
    rotation = (tied or {}).get(row.pk)
    last = row.valid.upper
    is_over = last is not None and last <= on
    return {
        "pk": row.pk,
        "name": row.holder_name or "–",
        "post": _(Post(row.post).label),
        "way": _(AppointmentWay(row.way).label) if row.way else "",
        "since": row.valid.lower,
        "until": last,
        "planned": row.planned_until,
        "is_acting": is_acting(row),
        "is_over": is_over,
        "is_ahead": row.valid.lower > on,
        "document": row.document,
        "ended": ", ".join(filter(None, (row.ended_reason, row.ended_document))),
        "exceptions": row.exceptions,
        "rotation": rotation,
        "may_end": last is None and (rotation is None or rotation.state == RotationState.STAYED),
        "may_take_back": rotation is None and (row.by_id is not None or bool(row.ended_document)),
    }


def term_row(term: Term, on: dt.date) -> dict[str, Any]:
    return {
        "term": term,
        "stands": _stands(term, on),
        "is_over": term.ended_on is None and term.due_on <= on,
        "clocks": [] if term.is_appointed else [
            {
                "title": _(one.title),
                "state": _(one.state.label),
                "is_behind": one.is_behind,
                "due_on": one.due_on,
                "done_on": one.done_on,
                "why": _(one.why) if one.why else "",
                "citation": one.citation,
            }
            for one in clocks_of(term, on)
        ],
    }  # fmt: skip


def _stands(term: Term, on: dt.date) -> str:
    """Whether a term runs, is past its end, or is over, in a few words."""
    if term.ended_on is not None and term.ended_on <= on:
        return _("đã hết ngày %s") % date_vi(term.ended_on)
    days = number_vi(abs((term.due_on - on).days))
    if term.due_on <= on:
        return _("quá hạn %s ngày, chưa ghi đại hội mới") % days
    return _("còn %(days)s ngày, đến %(day)s") % {"days": days, "day": date_vi(term.due_on)}


def rotation_row(one: Rotation, names: dict[Any, str], on: dt.date) -> dict[str, Any]:
    away = _("một nơi ngoài phạm vi của đồng chí")
    came = one.elsewhere if one.from_unit_id is None else names.get(one.from_unit_id, away)
    return {
        "one": one,
        "from": came,
        "from_post": _(Post(one.from_post).label) if one.from_post else "",
        "to": names.get(one.to_unit_id, away),
        "to_post": _(Post(one.to_post).label),
        "way": _(AppointmentWay(one.way).label),
        "state": state_on(one, on),
        "is_late": is_past_return(one, on),
    }


def side(one: RotationSide) -> dict[str, Any]:
    """One unit of a rotation: start and end, and its course beside like units."""
    return {
        "unit_id": one.unit_id,
        "name": one.name,
        "start": unit_state(one.start),
        "end": unit_state(one.end),
        "course": course_rows(one.course),
        "like": number_vi(one.course.like) if one.course else "",
    }


def unit_state(one: UnitState) -> dict[str, Any]:
    words = _("chưa có kỳ nào được tính đến ngày %s") % date_vi(one.day)
    if one.month is not None:
        words = _("họp %(held)s/%(due)s kỳ trong 12 tháng, %(reasons)s lý do") % {
            "held": number_vi(one.held), "due": number_vi(one.due),
            "reasons": number_vi(one.reasons),
        }  # fmt: skip
    grade = _("xếp loại năm %(year)s: %(grade)s") % {
        "year": one.grade.year, "grade": _(one.grade.words),
    } if one.grade else ""  # fmt: skip
    newest = add_months(month_of(one.day), -1)  # the last month that was over by then
    return {
        "month": one.month,
        "is_old": one.month is not None and one.month < newest,
        "status": one.status,
        "words": words,
        "grade": grade,
    }


def course_rows(course: Comparison | None) -> list[tuple[str, str]]:
    """Before and after beside like units, and why the unit's own half of it is not known."""
    if course is None:
        return []
    rows = beside(course)
    if course.expected is not None and course.after is None:
        why = _("Năm sau mới báo cáo chưa đến %s số kỳ phải họp nên chưa nói họp được bao nhiêu.")
        rows.insert(1, (_("Vì sao chưa rõ"), why % percent_vi(float(LEAST_REPORTED))))
    return rows


def replacement(told: Replacement, on: dt.date) -> dict[str, Any]:
    """What came before a new secretary: vacancy, acting, open tasks and who answers for them."""
    return {
        "before": told.before,
        "vacant_from": told.vacant_from,
        "vacant_days": told.vacant_days,
        "acting": [holder_row(one, on) for one in told.acting],
        "tasks": [
            {
                "task": one.task,
                "to": told.appointment.holder_name if one.to_new else one.task.owner,
                "is_new": one.to_new,
                "is_open": one.state_now == "open",
            }
            for one in told.tasks
        ],
        "start": unit_state(told.start),
        "now": unit_state(told.now),
        "course": course_rows(told.course),
    }
