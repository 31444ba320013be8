"""Terms from congress to congress: length, what holds before one is recorded, its papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.clocks import Clock, Term, run_clock
from vungmanh.rulebook.people.days import WorkingDays, months_after
from vungmanh.rulebook.people.findings import (
    JudgedState,
    PeopleFinding,
    RulesOn,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.posts import PostsOfKind, PostStaffing, PostTerm

_NO_COMMITTEE = 2  # a secretary and, if need be, a deputy


@dataclass(frozen=True)
class TermFacts:
    """One congress to be judged; None is not known. `due_on` None: by the rule.

    `before` is when the term that runs until then began and is due to end.
    """

    kind: UnitKind
    began_on: dt.date
    due_on: dt.date | None = None
    is_appointed: bool = False
    seats: int | None = None
    official_members: int | None = None
    before: tuple[dt.date, dt.date] | None = None


def judge_term(rules_on: RulesOn, facts: TermFacts) -> tuple[PeopleFinding, ...]:
    """How long it lasts, what the congress chose, and the day the term before was to end."""
    view = rules_on(facts.began_on)
    return (_length(view, facts), *_seats(view, facts), *_before(rules_on, facts))


def _length(view: RulebookView, facts: TermFacts) -> PeopleFinding:
    by_rule = term_end(view, facts.kind, facts.began_on)
    rule, ends = ruling(view, PostTerm), dict(by_rule.figures).get("Hết")
    if rule is None or ends is None or facts.due_on in {None, ends}:
        return by_rule
    names, allowed = [rule.value.part(facts.kind)], False
    text = f"{by_rule.text} Ghi là hết ngày {date_vi(facts.due_on)}."
    if facts.is_appointed and rule.value.reform_may_differ:
        names, allowed = [*names, "reform_may_differ"], True
        text += " Nhiệm kỳ đầu sau sáp nhập, chia tách có thể khác: ghi ai cho phép."
    else:
        text += " Chỉ nhiệm kỳ đầu sau sáp nhập, chia tách được khác."
    state = rule.state_of_breach(*names, allowed=allowed)
    if state is JudgedState.WARNING:  # a day of one's own stands with a name and a reason
        state = JudgedState.EXCEPTION_POSSIBLE
    figures = (*by_rule.figures, ("Ghi là", facts.due_on))
    return PeopleFinding("term_length", state, text, figures, rule.cite(*names))


def _seats(view: RulebookView, facts: TermFacts) -> Iterator[PeopleFinding]:
    """A cell's committee by its official members; of party committees no text says a number."""
    rule, seats, official = ruling(view, PostsOfKind), facts.seats, facts.official_members
    if rule is None or seats is None or facts.kind not in CELL_KINDS:
        return
    value = rule.value
    figures = (("Đảng viên chính thức", official), ("Đại hội quyết định", seats))
    has = value.has_committee(official)
    if has is None:
        text = "Chưa rõ số đảng viên chính thức nên chưa biết chi bộ bầu được mấy chi ủy viên."
        yield unknown("committee_size", text, rule.cite("committee_from"))
    elif not has and seats > _NO_COMMITTEE:
        text = (
            f"Chi bộ có {official} đảng viên chính thức, dưới {value.committee_from}: chỉ bầu bí"
            f" thư và, nếu cần, phó bí thư; ghi là {seats} người."
        )
        state = rule.state_of_breach("committee_from")
        yield PeopleFinding("committee_size", state, text, figures, rule.cite("committee_from"))
    elif has and value.committee_most is not None and seats > value.committee_most:
        text = f"Chi ủy {seats} người, nhiều nhất là {value.committee_most}. Xem lại số."
        state = rule.state_of_breach("committee_most")
        yield PeopleFinding("committee_size", state, text, figures, rule.cite("committee_most"))
    elif has and value.committee_least is not None and seats < value.committee_least:
        text = f"Chi ủy {seats} người, ít nhất là {value.committee_least}. Xem lại số."
        state = rule.state_of_breach("committee_least")
        yield PeopleFinding("committee_size", state, text, figures, rule.cite("committee_least"))


def _before(rules_on: RulesOn, facts: TermFacts) -> Iterator[PeopleFinding]:
    """No text that was read tells how much earlier or later a congress may be: a warning."""
    if facts.before is None or facts.is_appointed:
        return
    began, due = facts.before
    days = (facts.began_on - due).days
    if days == 0:
        return
    when = f"sau hạn ấy {days}" if days > 0 else f"trước hạn ấy {-days}"
    text = (
        f"Nhiệm kỳ trước từ {date_vi(began)} có hạn {date_vi(due)}; đại hội này {when} ngày."
        " Ghi văn bản cho phép, nếu có."
    )
    rule = ruling(rules_on(began), PostTerm)
    cite = rule.cite(rule.value.part(facts.kind)) if rule else None
    figures = (("Hạn nhiệm kỳ trước", due), ("Đại hội", facts.began_on))
    yield PeopleFinding("term_before", JudgedState.WARNING, text, figures, cite)


def term_end(view: RulebookView, kind: UnitKind, began_on: dt.date) -> PeopleFinding:
    """When a term that began on a day ends, by the rule of that day (pass its view)."""
    rule = ruling(view, PostTerm)
    months = rule.value.months(kind) if rule else None
    if rule is None or months is None:
        return no_rule("term_end", "độ dài nhiệm kỳ của loại tổ chức này")
    ends = months_after(began_on, months)
    text = f"Nhiệm kỳ {months} tháng từ {date_vi(began_on)}, hết ngày {date_vi(ends)}."
    figures = (("Bắt đầu", began_on), ("Số tháng", months), ("Hết", ends))
    return PeopleFinding(
        "term_end", JudgedState.OK, text, figures, rule.cite(rule.value.part(kind))
    )


def congress_clocks(
    view: RulebookView,
    *,
    held_on: dt.date,
    reported_on: dt.date | None,
    approved_on: dt.date | None,
    on: dt.date,
    calendar: WorkingDays,
) -> tuple[Clock, Clock]:
    """After a congress: its report, and the approval from the report on. `view` of that day."""
    rule = ruling(view, PostStaffing)
    report = Term(rule.value.report_days, 0, rule.cite("report_days")) if rule else Term(None)
    approval = Term(rule.value.approval_days, 0, rule.cite("approval_days")) if rule else Term(None)
    return (
        run_clock("report", "Báo cáo kết quả đại hội", report, starts_on=held_on,
                  done_on=reported_on, on=on, calendar=calendar),
        run_clock("approval", "Cấp trên chuẩn y", approval, starts_on=reported_on,
                  done_on=approved_on, on=on, calendar=calendar),
    )  # fmt: skip
