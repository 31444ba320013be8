"""Who is due for which course, by the post held. Facts about courses, no marks of persons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.vocabulary import Post, UnitKind
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.days import months_after
from vungmanh.rulebook.people.findings import (
    Citation,
    JudgedState,
    PeopleFinding,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.training import ObligatoryCourse, ObligatoryTraining, TrainingDays


@dataclass(frozen=True)
class HolderFacts:
    """Somebody in a post since a day, with the courses been to, by code and day."""

    post: Post
    kind: UnitKind
    since: dt.date
    done: tuple[tuple[str, dt.date], ...] = ()


@dataclass(frozen=True)
class CourseDue:
    """One course of a post. MET: been to and still valid. `due_on`: the day to go by, or to again.

    `course` is None where no rule of the day names courses.
    """

    code: str
    course: ObligatoryCourse | None
    state: JudgedState
    due_on: dt.date | None = None
    overdue: bool = False
    last_on: dt.date | None = None
    valid_until: dt.date | None = None
    citation: Citation | None = None


def due_courses(view: RulebookView, facts: HolderFacts, *, on: dt.date) -> tuple[CourseDue, ...]:
    """Each course the post asks for, as it stands on `on`, in the order of the rule."""
    rule = ruling(view, ObligatoryTraining)
    if rule is None:
        return (CourseDue("training", None, JudgedState.UNKNOWN),)
    courses = rule.value.courses_for(facts.post, facts.kind)
    return tuple(_due(one, facts, on, rule.cite()) for one in courses)


def _due(course: ObligatoryCourse, facts: HolderFacts, on: dt.date, cite: Citation) -> CourseDue:
    days = [day for code, day in facts.done if code == course.code and day <= on]
    last = max(days, default=None)
    first_due = months_after(facts.since, course.within_months)
    if last is None:
        late = on > first_due
        return CourseDue(course.code, course, JudgedState.NOT_MET, first_due, late, citation=cite)
    if course.valid_months is None:
        return CourseDue(course.code, course, JudgedState.MET, None, last_on=last, citation=cite)
    until = months_after(last, course.valid_months)
    # A course from before the post counts; once it ran out, the new post's term still applies.
    due = max(until, first_due)
    state = JudgedState.MET if on <= until else JudgedState.NOT_MET
    return CourseDue(course.code, course, state, due, on > due, last, until, cite)


def judge_days(view: RulebookView, post: Post, days: int | None) -> PeopleFinding:
    """The days of training in a year against those of the post."""
    rule = ruling(view, TrainingDays)
    if rule is None:
        return no_rule("training_days", "số ngày bồi dưỡng một năm")
    asked = rule.value.days(post)
    if asked is None:
        return unknown("training_days", f"{post.label}: quy định không nêu số ngày.", rule.cite())
    if days is None:
        text = f"Chưa ghi số ngày bồi dưỡng trong năm; cần {asked} ngày."
        return unknown("training_days", text, rule.cite())
    figures = (("Số ngày", days), ("Cần", asked))
    state = JudgedState.MET if days >= asked else JudgedState.NOT_MET
    text = f"Bồi dưỡng {days} ngày trong năm, cần {asked} ngày."
    return PeopleFinding("training_days", state, text, figures, rule.cite())
