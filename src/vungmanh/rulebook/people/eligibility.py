"""Whether the rules for a post are met, asked for one person at a time.

A list of conditions, each met, not met or not known, with its citation. No sum, no score and no
order of persons; whoever asks keeps nothing of the answer (decisions.md 15).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import Post, UnitKind
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.days import whole_months
from vungmanh.rulebook.people.findings import (
    Citation,
    Figures,
    JudgedState,
    PeopleFinding,
    Ruling,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.people.training import HolderFacts, due_courses
from vungmanh.rulebook.values.posts import ConcurrentPosts, PostsOfKind, RotationRule

Findings = tuple[PeopleFinding, ...]
ROTATIONS = frozenset(
    {
        AppointmentWay.ROTATED_DOWN,
        AppointmentWay.ROTATED_UP,
        AppointmentWay.ROTATED_SIDEWAYS,
    }
)


@dataclass(frozen=True)
class EligibilityFacts:
    """What is known of one person for one post on a day; None is not known.

    `is_head`: the post is one of those the rule on heads names. `terms_here` were served running in
    this post at this place. Posts count the new one in.
    """

    kind: UnitKind
    post: Post
    way: AppointmentWay
    starts_on: dt.date
    months_in_post: int | None = None
    years_left: Fraction | int | None = None
    is_planned: bool | None = None
    is_head: bool | None = None
    is_local: bool | None = None
    terms_here: int | None = None
    adds_post: bool | None = None
    posts_held: int | None = None
    as_secretary: int | None = None
    courses_done: tuple[tuple[str, dt.date], ...] | None = None


def judge_eligibility(view: RulebookView, facts: EligibilityFacts) -> Findings:
    """Each condition of the day's rules, in the order of the rules."""
    return (
        *_post(view, facts),
        *_rotation(view, facts),
        *_concurrent(view, facts),
        *_training(view, facts),
    )


def _post(view: RulebookView, facts: EligibilityFacts) -> Iterator[PeopleFinding]:
    rule = ruling(view, PostsOfKind)
    if rule is None:
        yield no_rule("post_exists", "chức danh của từng loại tổ chức")
        return
    has = facts.post in rule.value.posts(facts.kind)
    text = f"{facts.kind.label} {'có' if has else 'không có'} chức danh {facts.post.label.lower()}."
    yield PeopleFinding("post_exists", _state(has), text, (), rule.cite("kinds"))


def _rotation(view: RulebookView, facts: EligibilityFacts) -> Iterator[PeopleFinding]:
    rule = ruling(view, RotationRule)
    if rule is None:
        yield no_rule("rotation", "luân chuyển cán bộ")
        return
    if facts.way in ROTATIONS:
        yield from _move(rule, facts)
    yield from _head(rule, facts)


def _move(rule: Ruling[RotationRule], facts: EligibilityFacts) -> Iterator[PeopleFinding]:
    value = rule.value
    is_named = facts.way in value.directions
    text = f"Quy định {'có' if is_named else 'không có'} hướng {facts.way.label.lower()}."
    yield PeopleFinding("direction", _state(is_named), text, (), rule.cite("directions"))
    yield _counted("term_served", "Số tháng giữ chức hiện nay", facts.months_in_post,
                   value.least_months, rule.cite("least_months"))  # fmt: skip
    yield _counted("years_left", "Số năm công tác còn lại", facts.years_left, value.years_left,
                   rule.cite("years_left"))  # fmt: skip
    if value.planned_only is not None:
        yield _said("planned", "là cán bộ trong quy hoạch", facts.is_planned, is_wanted=True,
                    cite=rule.cite("planned_only"))  # fmt: skip
    if value.adds_no_post is not None:
        yield _said("adds_no_post", "phải thêm chức danh để nhận người", facts.adds_post,
                    is_wanted=False, cite=rule.cite("adds_no_post"))  # fmt: skip


def judge_stay(view: RulebookView, began_on: dt.date, return_on: dt.date) -> Findings:
    """Whether somebody is sent for as long as the rule says; empty where it says nothing."""
    rule = ruling(view, RotationRule)
    least = rule.value.least_months if rule else None
    if rule is None or least is None:
        return ()
    months = whole_months(began_on, return_on)
    figures: Figures = (("Dự kiến (tháng)", months), ("Ít nhất", least))
    text = f"Dự kiến luân chuyển {months} tháng, cần ít nhất {least}."
    return (PeopleFinding("stay", _state(months >= least), text, figures,
                          rule.cite("least_months")),)  # fmt: skip


def _head(rule: Ruling[RotationRule], facts: EligibilityFacts) -> Iterator[PeopleFinding]:
    value = rule.value
    if facts.is_head is False:
        return
    if facts.is_head is None:
        if value.heads:
            text = f"Chưa rõ chức danh có thuộc diện người đứng đầu không ({value.heads})."
            yield unknown("head", text, rule.cite("heads"))
        return
    if value.heads_not_local is not None:
        yield _said("not_local", "là người địa phương", facts.is_local, is_wanted=False,
                    cite=rule.cite("heads_not_local"))  # fmt: skip
    if value.most_terms is not None:
        cite = rule.cite("most_terms")
        if facts.terms_here is None:
            yield unknown("terms_here", "Chưa rõ đã giữ chức này mấy nhiệm kỳ liền ở đây.", cite)
        else:
            figures = (("Đã giữ (nhiệm kỳ)", facts.terms_here), ("Nhiều nhất", value.most_terms))
            text = f"Đã giữ {facts.terms_here} nhiệm kỳ liền, nhiều nhất {value.most_terms}."
            state = _state(facts.terms_here < value.most_terms)
            yield PeopleFinding("terms_here", state, text, figures, cite)


def _concurrent(view: RulebookView, facts: EligibilityFacts) -> Iterator[PeopleFinding]:
    rule = ruling(view, ConcurrentPosts)
    if rule is None:
        yield no_rule("concurrent", "số chức danh một người được giữ")
        return
    pairs = (
        ("concurrent", "Số chức danh sẽ giữ", facts.posts_held, rule.value.most_posts),
        ("concurrent_secretary", "Số nơi sẽ làm bí thư", facts.as_secretary,
         rule.value.most_as_secretary),
    )  # fmt: skip
    for code, label, number, most in pairs:
        if number is None:
            yield unknown(code, f"{label}: chưa ghi, nhiều nhất {most}.", rule.cite())
        else:
            figures: Figures = ((label, number), ("Nhiều nhất", most))
            text = f"{label}: {number}, nhiều nhất {most}."
            yield PeopleFinding(code, _state(number <= most), text, figures, rule.cite())


def _training(view: RulebookView, facts: EligibilityFacts) -> Iterator[PeopleFinding]:
    done = facts.courses_done
    holder = HolderFacts(facts.post, facts.kind, facts.starts_on, done or ())
    for one in due_courses(view, holder, on=facts.starts_on):
        if one.course is None:
            yield no_rule("training", "lớp bắt buộc theo chức danh")
        elif done is None:
            yield unknown(one.code, f"{one.course.text}: chưa rõ đã học chưa.", one.citation)
        else:
            has = one.valid_until is not None and one.valid_until >= facts.starts_on
            has = has or (one.last_on is not None and one.course.valid_months is None)
            text = f"Đã học {one.course.text}"
            if not has:
                text = f"{one.course.text}: chưa học, hoặc đã hết giá trị; hạn sau khi nhận chức"
            figures = (("Học gần nhất", one.last_on), ("Hạn", one.due_on))
            yield PeopleFinding(one.code, _state(has), f"{text}.", figures, one.citation)


def _state(met: bool) -> JudgedState:
    return JudgedState.MET if met else JudgedState.NOT_MET


def _said(
    code: str, what: str, answer: bool | None, *, is_wanted: bool, cite: Citation
) -> PeopleFinding:
    """Said as it is of the person, "là người địa phương", whichever of the two the rule wants."""
    asked = f"phải {what.removeprefix('phải ')}"
    if answer is None:
        return unknown(code, f"Chưa ghi có {asked} hay không.", cite)
    text = f"{what[0].upper()}{what[1:]}." if answer else f"Không {asked}."
    return PeopleFinding(code, _state(answer is is_wanted), text, (), cite)


def _counted(
    code: str, label: str, number: Fraction | int | None, least: int | None, cite: Citation
) -> PeopleFinding:
    if least is None:
        return unknown(code, f"{label}: văn bản không nêu.", cite)
    if number is None:
        return unknown(code, f"{label}: chưa ghi, cần ít nhất {least}.", cite)
    figures: Figures = ((label, number), ("Ít nhất", least))
    text = f"{label}: {number}, cần ít nhất {least}."
    return PeopleFinding(code, _state(number >= least), text, figures, cite)
