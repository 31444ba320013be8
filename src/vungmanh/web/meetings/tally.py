"""What the numbers of a record amount to: attendance, quorum and vote, decided by the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.meetings.facts import minutes_of
from vungmanh.meetings.quorum import (
    Electorate,
    Majorities,
    electorate_by_count,
    electorate_by_name,
    vote_on,
)
from vungmanh.meetings.reads import expected_at
from vungmanh.rulebook import Rule
from vungmanh.web.meetings.month import Month
from vungmanh.web.meetings.words import percent

Members = Mapping[MembershipStatus, int]


@dataclass(frozen=True)
class Line:
    """One thing counted: what, its figure, what it means. `weight`: "" | "good" | "bad"."""

    label: str
    figure: str
    meaning: str = ""
    weight: str = ""


@dataclass(frozen=True)
class Tally:
    """The lines, the rules they rest on, and what is missing to say more."""

    lines: list[Line]
    rules: tuple[tuple[str, Rule], ...] = ()
    missing: str = ""


def tally_of(page: Month, facts: Mapping[str, Any]) -> Tally:
    """Of a draft: by the register of its day, and by its roll where names are on."""
    rule = page.majorities(facts)
    members = page.members(facts)
    expected = _with_exempt(expected_at(page.unit_id, page.day_of(facts)), members, facts)
    lines = [*_length(facts), *_attendance(expected, facts)]
    if rule is None:
        return Tally(lines, missing=_("Chưa có căn cứ về diện biểu quyết ở ngày này."))
    electorate = _by_name(page, rule, facts) or _by_count(members, rule, facts)
    return _with_votes(lines, electorate, rule, facts)


def tally_of_version(page: Month, facts: Mapping[str, Any], membership: Mapping[str, Any]) -> Tally:
    """Of what was filed: by the membership frozen with it."""
    rule = page.majorities(facts)
    members = {MembershipStatus(key): n for key, n in membership.get("counts", {}).items()}
    expected = _with_exempt(membership.get("expected"), members, facts)
    lines = [*_length(facts), *_attendance(expected, facts)]
    if rule is None:
        return Tally(lines, missing=_("Chưa có căn cứ về diện biểu quyết ở ngày này."))
    named = membership.get("by_name")
    electorate = Electorate(**named) if named else _by_count(members, rule, facts)
    return _with_votes(lines, electorate, rule, facts)


def _with_exempt(expected: int | None, members: Members, facts: Mapping[str, Any]) -> int | None:
    """An exempt member who came is expected from then on."""
    if expected is None:
        return None
    exempt = members.get(MembershipStatus.EXEMPT, 0)
    return expected + min(facts.get("exempt_present") or 0, exempt)


def _by_name(page: Month, rule: Majorities, facts: Mapping[str, Any]) -> Electorate | None:
    roll = facts.get("roll")
    if not roll or not page.roll:
        return None
    marks = {who: said.get("status") for who, said in roll.items()}
    return electorate_by_name(
        ((one.status, marks.get(str(one.id))) for one in page.roll), rule.base
    )


def _by_count(members: Members, rule: Majorities, facts: Mapping[str, Any]) -> Electorate | None:
    return electorate_by_count(
        members,
        rule.base,
        exempt_present=facts.get("exempt_present"),
        present_official=facts.get("present_official"),
    )


def _length(facts: Mapping[str, Any]) -> list[Line]:
    minutes = minutes_of(facts)
    return [Line(_("Họp"), _("%(n)s phút") % {"n": number_vi(minutes)})] if minutes else []


def _attendance(expected: int | None, facts: Mapping[str, Any]) -> list[Line]:
    present = facts.get("present")
    if present is None:
        return []
    if not expected:
        return [Line(_("Có mặt"), number_vi(present), _("sổ tổ chức chưa ghi số đảng viên"))]
    meaning = percent(Fraction(present, expected))
    absent = [facts.get(name) for name in ("excused", "unexcused")]
    rest = expected - present - sum(one or 0 for one in absent)
    if rest > 0 and None not in absent:
        meaning += _("; còn %(n)s người chưa ghi có mặt hay vắng") % {"n": number_vi(rest)}
    figure = f"{number_vi(present)}/{number_vi(expected)}"
    return [Line(_("Có mặt"), figure, meaning, "bad" if present > expected else "")]


def _with_votes(
    lines: list[Line],
    electorate: Electorate | None,
    rule: Majorities,
    facts: Mapping[str, Any],
) -> Tally:
    if electorate is None:
        missing = _("Sổ tổ chức chưa ghi số đảng viên chính thức, nên chưa tính được biểu quyết.")
        return Tally(lines, _cited(rule), missing)
    lines = [*lines, *_quorum(electorate, rule), *_votes(electorate, rule, facts)]
    return Tally(lines, _cited(rule))


def _cited(rule: Majorities) -> tuple[tuple[str, Rule], ...]:
    """What each rule was used for."""
    majority, base = rule.rules
    return ((_("số phiếu cần theo"), majority), (_("diện biểu quyết theo"), base))


def _quorum(electorate: Electorate, rule: Majorities) -> list[Line]:
    needed = number_vi(rule.needed(electorate.base))
    base = number_vi(electorate.base)
    enough = rule.has_quorum(electorate)
    if enough is None:
        meaning = _("cần ít nhất %(n)s người để quyết định được") % {"n": needed}
        return [Line(_("Diện biểu quyết"), base, meaning)]
    figure = f"{number_vi(electorate.present or 0)}/{base}"
    meaning = _("đủ số để quyết định") if enough else (
        _("chưa đủ %(n)s người, không quyết định được") % {"n": needed}
    )  # fmt: skip
    return [Line(_("Người biểu quyết có mặt"), figure, meaning, "good" if enough else "bad")]


def _votes(electorate: Electorate, rule: Majorities, facts: Mapping[str, Any]) -> list[Line]:
    votes = facts.get("vote_for")
    if votes is None:
        return []
    vote = vote_on(votes, electorate, rule)
    figure = f"{number_vi(votes)}/{number_vi(vote.base)}"
    if not vote.is_possible or vote.share is None:
        return [Line(_("Tán thành"), figure, _("nhiều hơn số người có quyền biểu quyết"), "bad")]
    told = {"share": percent(vote.share), "n": number_vi(vote.needed)}
    if vote.passed:
        return [Line(_("Tán thành"), figure, _("%(share)s, được thông qua") % told, "good")]
    return [
        Line(_("Tán thành"), figure, _("%(share)s, chưa đủ %(n)s phiếu để thông qua") % told, "bad")
    ]
