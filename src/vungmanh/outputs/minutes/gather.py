"""Minutes of a meeting from what was filed of it, with the membership frozen then.

The fields are those of domain.md §2.5. What the draft or the filed version does not say is left to
be written by hand; what is kept off the machine is named as such and nothing else is told of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.analysis.members_due import Base
from vungmanh.core.periods import last_day
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import MembershipStatus, ObligationKind, ReportState
from vungmanh.meetings.facts import ROLL_MARKS, minutes_of
from vungmanh.meetings.models import Meeting, MeetingVersion, Resolution, SheetScore
from vungmanh.meetings.quorum import Electorate, electorate_by_count, majorities_on, vote_on
from vungmanh.meetings.reads import standing_version
from vungmanh.meetings.roll import roll_of
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import members_of, path_above
from vungmanh.outputs.minutes.reviewed import Reviewed, tasks_at
from vungmanh.outputs.papers.document import (
    WITHHELD,
    Heading,
    Line,
    Paper,
    Part,
    Prose,
    Signature,
    Table,
    clock,
    members,
    of_all,
)
from vungmanh.outputs.papers.document import day as day_words
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import AttendanceBase

_KINDS = {
    ObligationKind.REGULAR: "Sinh hoạt chi bộ thường kỳ",
    ObligationKind.THEMATIC: "Sinh hoạt chi bộ chuyên đề",
}
TASK_WIDTHS, GIVEN_WIDTHS, ROLL_WIDTHS = (8, 34, 27, 31), (8, 34, 18, 17, 23), (8, 42, 25, 25)


@dataclass(frozen=True)
class Source:
    """What minutes are made from: the last version that stands, else the draft."""

    meeting: Meeting
    facts: Mapping[str, Any]
    on: dt.date
    counts: Mapping[MembershipStatus, int]
    expected: int | None
    version: MeetingVersion | None

    @property
    def is_held(self) -> bool:
        return self.facts.get("outcome") != ReportState.NOT_HELD


def source_of(meeting: Meeting) -> Source:
    """The version that the ledger counts if one stands; only without any the draft."""
    version = standing_version(meeting)
    facts = version.facts if version else meeting.facts
    held_on = facts.get("held_on") or meeting.plan.get("planned_on")
    on = dt.date.fromisoformat(held_on) if held_on else last_day(meeting.month)
    frozen = version.membership if version else {}
    counts = frozen.get("counts") or members_of(meeting.unit_id, on)
    return Source(
        meeting,
        facts,
        on,
        {MembershipStatus(status): count for status, count in counts.items()},
        frozen.get("expected"),
        version,
    )


def minutes_paper(
    meeting: Meeting, *, score: SheetScore | None = None, with_names: bool = True
) -> Paper:
    """The minutes. `score`: the cell's own, where the viewer may read it. `with_names`: with the
    roll by name, for those who call it (decisions.md 14)."""
    source = source_of(meeting)
    facts = source.facts
    filed = source.version.filed_at if source.version else None
    found = tasks_at(meeting.unit_id, source.on, meeting_id=meeting.pk, until=filed)
    return Paper(
        **heading_of(meeting.unit_id, source.on),
        symbol="BB",
        on=source.on if facts.get("held_on") else None,
        title="Biên bản",
        about=about_of(meeting.kind, meeting.month, meeting.plan.get("theme")),
        parts=(
            *_when_and_where(source),
            *_who(source),
            *_what(source, found),
            *_decided(source, found, score),
            *(_roll(source) if with_names else ()),
        )
        if source.is_held
        else _not_held(source),
        signatures=(
            Signature("Thư ký", facts.get("clerk") or ""),
            Signature("Chủ trì", facts.get("chair") or ""),
        ),
        foot=_foot(source),
        is_draft=source.version is None,
    )


def about_of(kind: str, month: dt.date, theme: str | None = None) -> str:
    told = f"{_KINDS[ObligationKind(kind)]} tháng {month.month} năm {month.year}"
    return f"{told}: {theme}" if theme else told


def heading_of(unit_id: UUID, on: dt.date) -> dict[str, Any]:
    """Superior, issuer and place as they were called on the day (or last, of a unit gone since),
    and the day itself, whose layout the paper follows."""
    versions = UnitVersion.objects.filter(unit_id=unit_id).select_related("unit")
    own = versions.filter(valid__contains=on).first() or versions.order_by("valid").last()
    above = path_above(unit_id, on)
    return {
        "superior": above[-1].name if above else "",
        "issuer": own.name if own else "",
        "place": own.area if own else "",
        "is_simulated": bool(own and own.unit.is_simulated),
        "laid_out_on": on,
    }


def _not_held(source: Source) -> tuple[Part, ...]:
    return (
        Prose(("Kỳ này chi bộ không họp.",)),
        Line("Lý do", source.facts.get("not_held_reason") or ""),
    )


def _when_and_where(source: Source) -> list[Part]:
    facts, length = source.facts, minutes_of(source.facts)
    ended = clock(facts.get("ends"))
    if ended and length:
        ended = f"{ended} (dài {length} phút)"
    return [
        Heading("I- Thời gian, địa điểm"),
        Line("Ngày họp", day_words(facts.get("held_on"))),
        Line("Bắt đầu", clock(facts.get("starts"))),
        Line("Kết thúc", ended),
        Line("Địa điểm", facts.get("place") or ""),
    ]


def _who(source: Source) -> list[Part]:
    facts = source.facts
    excused = members(facts.get("excused"))
    if excused and facts.get("excused_reasons"):
        excused = f"{excused}. Lý do: {facts['excused_reasons']}"
    came = facts.get("superior_present")
    return [
        Heading("II- Thành phần"),
        Line("Tổng số đảng viên của chi bộ", _membership(source.counts)),
        Line("Có mặt", _present(source)),
        Line("Vắng có lý do", excused),
        Line("Vắng không lý do", members(facts.get("unexcused"))),
        Line("Cấp ủy viên cấp trên dự", "" if came is None else "có" if came else "không"),
        Line("Khách mời", facts.get("guests") or ""),
        Line("Chủ trì", facts.get("chair") or ""),
        Line("Thư ký", facts.get("clerk") or ""),
    ]


def _membership(counts: Mapping[MembershipStatus, int]) -> str:
    """Those attached from elsewhere belong to another cell and are told apart."""
    own = sum(n for status, n in counts.items() if status is not MembershipStatus.TEMPORARY_IN)
    told = ", ".join(
        f"{status.label.lower()} {counts[status]}"
        for status in MembershipStatus
        if status in counts
    )
    return f"{members(own)} ({told})" if told else ""


def _present(source: Source) -> str:
    facts = source.facts
    present = facts.get("present")
    if present is None:
        return ""
    expected = source.expected + (facts.get("exempt_present") or 0) if source.expected else 0
    told = f"{of_all(present, expected)} đảng viên phải dự" if expected else members(present)
    if facts.get("present_official") is not None:
        told += f"; chính thức {facts['present_official']}"
    if facts.get("exempt_present"):
        told += f"; được miễn mà vẫn dự {facts['exempt_present']}"
    return told


def _what(source: Source, found: Reviewed) -> list[Part]:
    facts = source.facts
    parts: list[Part] = [Heading("III- Nội dung")]
    if found.share.due:
        done = of_all(found.share.done, found.share.due)
        parts.append(Line("Kết quả thực hiện nghị quyết kỳ trước", f"xong {done} việc đến hạn"))
    if found.rows:
        rows = tuple((str(n), *row) for n, row in enumerate(found.rows, start=1))
        heads = ("TT", "Việc", "Khi bắt đầu kỳ", "Kết quả")
        parts.append(Table("Việc của kỳ trước", heads, rows, TASK_WIDTHS))
    spoke = facts.get("speakers")
    if spoke is not None:
        present = facts.get("present") or 0
        parts.append(Line("Đảng viên phát biểu", f"{of_all(spoke, present)} người có mặt"))
    if facts.get("criticism_minutes") is not None:
        parts.append(Line("Tự phê bình và phê bình", f"{facts['criticism_minutes']} phút"))
    parts.append(Line("Thảo luận", "" if facts.get("discussion") is None else "như sau"))
    if facts.get("discussion"):
        parts.append(Prose(_paragraphs(facts["discussion"])))
    if facts.get("withheld"):
        kept = facts.get("withheld_note") or "ghi ở sổ biên bản giấy của chi bộ"
        parts.append(Line(WITHHELD, kept))
    return parts


def _decided(source: Source, found: Reviewed, score: SheetScore | None) -> list[Part]:
    facts = source.facts
    parts: list[Part] = [Heading("IV- Kết luận, nghị quyết")]
    if facts.get("conclusion"):
        parts.append(Prose(_paragraphs(facts["conclusion"])))
    else:
        parts.append(Line("Kết luận"))
    if found.given:
        rows = tuple((str(n), *row) for n, row in enumerate(found.given, start=1))
        heads = ("TT", "Việc được giao", "Ai làm", "Hạn", "Kết quả phải có")
        parts.append(Table("Việc giao tại kỳ họp", heads, rows, GIVEN_WIDTHS, (0, 3)))
    parts += _voted(source)
    parts.append(Line("Chi bộ tự chấm kỳ họp", _scored(score)))
    parts.append(Prose(("Biên bản được đọc lại trước chi bộ.",)))
    return parts


def _voted(source: Source) -> list[Part]:
    """Each resolution the sitting voted; without any on record, the vote that was counted."""
    parts: list[Part] = []
    voted = list(Resolution.objects.filter(meeting=source.meeting).order_by("id"))
    for one in voted:
        parts.append(Line("Nghị quyết", " ".join(part for part in (one.number, one.title) if part)))
        if one.vote_for is not None and one.vote_base:
            parts.append(Line("Biểu quyết", f"tán thành {of_all(one.vote_for, one.vote_base)}"))
    if source.facts.get("vote_for") is not None or not voted:
        parts.append(Line("Biểu quyết nghị quyết", _vote(source)))
    return parts


def _scored(score: SheetScore | None) -> str:
    if score is None or score.total is None:
        return ""
    total = f"{number_vi(score.total)}/{number_vi(score.attainable or 100)} điểm"
    return f"{total}, {score.grade_label}" if score.grade_label else total


def _vote(source: Source) -> str:
    """Votes against the base of the day; whether it passed rests on whole heads (quorum.py), and is
    left unsaid where no rule of that day is known."""
    facts = source.facts
    votes = facts.get("vote_for")
    if votes is None:
        return ""
    base = _voters(source)
    told = f"tán thành {of_all(votes, base or 0)}"
    if facts.get("vote_against") is not None:
        told += f", không tán thành {facts['vote_against']}"
    rules = majorities_on(load_rulebook(), source.on)
    if rules and base:
        vote = vote_on(votes, Electorate(base), rules)
        told += f". Cần ít nhất {vote.needed} phiếu: {'thông qua' if vote.passed else 'chưa đạt'}"
    return told


def _voters(source: Source) -> int | None:
    """How many had a vote that day; None where the register or the rules say nothing."""
    view = load_rulebook().on(source.on)
    if not view.has(AttendanceBase.key):
        return None
    rule = view.of(AttendanceBase)
    came = source.facts.get("exempt_present")
    base = Base(rule.expected, rule.if_present, rule.voting)
    found = electorate_by_count(source.counts, base, exempt_present=came)
    return found.base if found else None


def _roll(source: Source) -> list[Part]:
    """Who came, by name, where the committee works with names; erased names stay erased."""
    marks = source.facts.get("roll") or {}
    if not marks:
        return []
    people = roll_of(source.meeting.unit_id, source.on)
    names = {str(one.id): one.name for one in people}
    order = [str(one.id) for one in people] + sorted(set(marks) - set(names))
    said = [(names.get(who) or "(đã xóa tên)", marks[who]) for who in order if who in marks]
    rows = tuple(
        (str(n), name, ROLL_MARKS[mark["status"]], mark.get("reason", ""))
        for n, (name, mark) in enumerate(said, start=1)
    )
    heads = ("TT", "Họ và tên", "Điểm danh", "Lý do")
    return [Heading("Điểm danh"), Table("", heads, rows, ROLL_WIDTHS)]


def _foot(source: Source) -> str:
    version = source.version
    if version is None:
        return "Bản nháp, chi bộ chưa nộp."
    told = f"Bản nộp lần {version.filing}, ngày {date_vi(localdate(version.filed_at))}"
    if version.reason:
        told += f"; đính chính: {version.reason}"
    return f"{told}; mã {version.digest[:12]}."


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
