"""An exemption has a day on which it ends; past it the unit is asked, nothing happens by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.text import date_vi
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.days import months_after
from vungmanh.rulebook.people.findings import JudgedState, PeopleFinding, no_rule, ruling
from vungmanh.rulebook.values.members import ExemptionRule


@dataclass(frozen=True)
class ExemptionFacts:
    """`until` is the last day granted; `by_age`: asked for because of age or health."""

    from_day: dt.date
    until: dt.date | None
    by_age: bool = False


def judge_exemption(
    view: RulebookView, facts: ExemptionFacts, *, on: dt.date
) -> tuple[PeopleFinding, ...]:
    """Its end, its length and whether it is past, on `on`."""
    rule = ruling(view, ExemptionRule)
    if rule is None:
        return (no_rule("exempt", "thời hạn miễn sinh hoạt"),)
    value, cite = rule.value, rule.cite()
    if facts.until is None:
        if facts.by_age and value.open_by_age:
            text = "Miễn vì tuổi, sức khỏe: không phải ghi ngày hết."
            return (PeopleFinding("exempt_end", JudgedState.OK, text, (), cite),)
        text = "Việc miễn chưa ghi đến ngày nào. Ghi thêm ngày hết theo quyết định."
        return (PeopleFinding("exempt_end", JudgedState.WARNING, text, (), cite),)
    figures = (("Từ", facts.from_day), ("Đến", facts.until))
    findings = []
    if facts.until > months_after(facts.from_day, value.most_months):
        text = f"Miễn quá {value.most_months} tháng một lần. Xem lại ngày hết."
        found = PeopleFinding("exempt_length", rule.state_of_breach(), text, figures, cite)
        findings.append(found)
    if on > facts.until:
        text = f"Đã hết hạn miễn từ {date_vi(facts.until)}."
        text += " Ghi trở lại sinh hoạt, hoặc quyết định mới."
        findings.append(PeopleFinding("exempt_past", JudgedState.WARNING, text, figures, cite))
    elif on >= facts.until - dt.timedelta(days=value.remind_days):
        text = f"Sắp hết hạn miễn, ngày {date_vi(facts.until)}."
        findings.append(PeopleFinding("exempt_soon", JudgedState.OK, text, figures, cite))
    return tuple(findings) or (
        PeopleFinding("exempt_end", JudgedState.OK, "Đang trong hạn miễn.", figures, cite),
    )
