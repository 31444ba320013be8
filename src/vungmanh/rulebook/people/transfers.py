"""Moving to another organisation: terms, and what a transfer must hold to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from vungmanh.core.people_words import TransferKind
from vungmanh.core.text import date_vi
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.clocks import Clock, Term, run_clock
from vungmanh.rulebook.people.days import WorkingDays, months_after
from vungmanh.rulebook.people.findings import (
    JudgedState,
    PeopleFinding,
    Ruling,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.members import TransferRule

_OK, _WARNING = JudgedState.OK, JudgedState.WARNING


@dataclass(frozen=True)
class TransferFacts:
    """One transfer; None is not known. `from_day` is that of the decision or the move.

    `until` is the day until which a temporary stay was granted; `together`: official members who
    go to one place with the same decision.
    """

    kind: TransferKind
    from_day: dt.date
    accepted_on: dt.date | None = None
    card_shown_on: dt.date | None = None
    until: dt.date | None = None
    is_study: bool = False
    receiving_open: bool | None = None
    under_inspection: bool | None = None
    unfinished_other: bool = False
    together: int = 1


def transfer_clocks(
    view: RulebookView, facts: TransferFacts, *, on: dt.date, calendar: WorkingDays
) -> tuple[Clock, ...]:
    """The terms of an official transfer; a temporary one has none. `view` of `from_day`."""
    if facts.kind is not TransferKind.OFFICIAL:
        return ()
    rule = ruling(view, TransferRule)
    arrive = Term(rule.value.arrive_days, 0, rule.cite("arrive_days")) if rule else Term(None)
    card = Term(rule.value.card_days, 0, rule.cite("card_days")) if rule else Term(None)
    return (
        run_clock("card", "Xuất trình thẻ đảng viên", card, starts_on=facts.from_day,
                  done_on=facts.card_shown_on or facts.accepted_on, on=on, calendar=calendar),
        run_clock("arrive", "Nộp hồ sơ ở nơi nhận", arrive, starts_on=facts.from_day,
                  done_on=facts.accepted_on, on=on, calendar=calendar),
    )  # fmt: skip


def judge_transfer(view: RulebookView, facts: TransferFacts) -> tuple[PeopleFinding, ...]:
    """What applies to the transfer by the rules of its day, in a fixed order."""
    rule = ruling(view, TransferRule)
    findings = [*_structure(rule, facts)]
    if rule is None:
        findings.append(no_rule("transfer", "chuyển sinh hoạt đảng"))
        return tuple(findings)
    findings += [*_inspection(rule, facts)]
    if facts.kind is TransferKind.TEMPORARY:
        findings += [*_length(rule, facts), *_together(rule, facts)]
    elif facts.kind is TransferKind.OFFICIAL:
        findings += [*_late(rule, facts)]
    return tuple(findings)


def _structure(rule: Ruling[TransferRule] | None, facts: TransferFacts) -> Iterator[PeopleFinding]:
    """What no record may say, whatever the text: a place that is gone, two moves at once."""
    cite = rule.cite() if rule else None
    if facts.receiving_open is False:
        text = (
            f"Nơi nhận không còn hoạt động ngày {date_vi(facts.from_day)}."
            " Chọn tổ chức đang hoạt động."
        )
        yield PeopleFinding("receiving_ended", JudgedState.REFUSED, text, (), cite)
    elif facts.receiving_open is None:
        yield unknown("receiving_ended", "Chưa rõ nơi nhận còn hoạt động không.", cite)
    if facts.unfinished_other:
        text = "Đang có lần chuyển khác chưa xong. Tiếp nhận hoặc rút lần ấy trước."
        yield PeopleFinding("unfinished_other", JudgedState.REFUSED, text, (), cite)


def _inspection(rule: Ruling[TransferRule], facts: TransferFacts) -> Iterator[PeopleFinding]:
    if not rule.value.not_under_inspection:
        return
    cite = rule.cite("not_under_inspection")
    if facts.under_inspection is None:
        yield unknown("inspection", "Chưa rõ có đang bị kiểm tra không.", cite)
    elif facts.under_inspection:
        text = "Đang bị kiểm tra thì chưa chuyển. Chờ kết luận."
        state = rule.state_of_breach("not_under_inspection")
        yield PeopleFinding("inspection", state, text, (), cite)


def _length(rule: Ruling[TransferRule], facts: TransferFacts) -> Iterator[PeopleFinding]:
    value = rule.value
    names = ("temporary_least_months", "temporary_most_months", "study_most_months")
    cite = rule.cite(*names)
    if facts.until is None:
        text = "Sinh hoạt tạm thời phải ghi đến ngày nào. Ghi thêm ngày hết."
        yield PeopleFinding("stay_length", _WARNING, text, (), cite)
        return
    figures = (("Từ", facts.from_day), ("Đến", facts.until))
    least = value.temporary_least_months
    most = value.study_most_months if facts.is_study else value.temporary_most_months
    if least is not None and facts.until < months_after(facts.from_day, least):
        text = f"Dưới {least} tháng thì không phải chuyển sinh hoạt tạm thời."
        yield PeopleFinding("stay_length", rule.state_of_breach(*names), text, figures, cite)
        return
    limit = months_after(facts.from_day, most) if most is not None else None
    # A year is "under 12 months", a study "up to 24".
    over = limit is not None and (facts.until > limit if facts.is_study else facts.until >= limit)
    if over:
        text = f"Sinh hoạt tạm thời {'nhiều nhất' if facts.is_study else 'dưới'} {most} tháng."
        text += " Chuyển chính thức, hoặc ghi ngày hết sớm hơn."
        yield PeopleFinding("stay_length", rule.state_of_breach(*names), text, figures, cite)
    else:
        yield PeopleFinding("stay_length", _OK, "Thời gian tạm thời đúng hạn.", figures, cite)


def _together(rule: Ruling[TransferRule], facts: TransferFacts) -> Iterator[PeopleFinding]:
    value = rule.value
    if value.votes_at_stay is False:
        text = "Không biểu quyết, ứng cử ở nơi tạm thời; ở nơi chính thức vẫn đủ quyền."
        yield PeopleFinding("no_vote", _OK, text, (), rule.cite("votes_at_stay"))
    if value.cell_from is not None and facts.together >= value.cell_from:
        text = f"{facts.together} đảng viên chính thức cùng đi: có thể lập chi bộ tạm thời."
        figures = (("Cùng đi", facts.together), ("Từ", value.cell_from))
        yield PeopleFinding("temporary_cell", _OK, text, figures, rule.cite("cell_from"))


def _late(rule: Ruling[TransferRule], facts: TransferFacts) -> Iterator[PeopleFinding]:
    """Only where the place has such a rule of its own: no national one was read."""
    months = rule.value.late_months
    if months is None or facts.accepted_on is None:
        return
    last = months_after(facts.from_day, months)
    if facts.accepted_on > last:
        text = (
            f"Nộp hồ sơ chậm quá {months} tháng: chi bộ nơi nhận xem xét lý do."
            " Chương trình không tự kết luận."
        )
        figures = (("Từ", facts.from_day), ("Tiếp nhận", facts.accepted_on))
        yield PeopleFinding("late", _WARNING, text, figures, rule.cite("late_months"))
