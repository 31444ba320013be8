"""One dossier in the words of its page: where it stands, what each level said, what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import DossierAct, DossierState, Role
from vungmanh.evaluation.bars import STRENGTHENED, bars_for
from vungmanh.evaluation.board import deadline_of
from vungmanh.evaluation.models import Dossier, DossierEntry, GradeDecision
from vungmanh.evaluation.reads import acts_for, bodies_heard
from vungmanh.evaluation.recompute import Recomputed, recompute_many
from vungmanh.evaluation.sides import sides_of
from vungmanh.evaluation.states import STEPS, why_not_now
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.bounds import plain
from vungmanh.strengthening.year_grading import DossierFinding, compute, held_back
from vungmanh.strengthening.year_places import is_next
from vungmanh.web.evaluation.acts import DOINGS, ActForm, Doing
from vungmanh.web.evaluation.awards import award_of
from vungmanh.web.evaluation.cycle_forms import numbers_of
from vungmanh.web.evaluation.parts import level_words
from vungmanh.web.evaluation.present import lower
from vungmanh.web.evaluation.words import (
    DECIDED,
    act_and_side,
    due_of,
    due_words,
    grade_labels,
    next_act,
)

A, S = DossierAct, DossierState
_OBJECTING = (A.COMPLAIN, A.APPEAL)


def finding_of(dossier: Dossier, today: dt.date) -> str:
    """The one sentence of the page: what the dossier has come to."""
    labels, state = grade_labels(dossier.cycle.year), S(dossier.state)
    facts = {
        "name": dossier.name,
        "year": dossier.cycle.year,
        "grade": labels.get(dossier.grade, ""),
        "own": labels.get(dossier.self_grade, ""),
        "state": lower(_(state.label)),
    }
    if state in DECIDED:
        return _("%(name)s được xếp “%(grade)s” năm %(year)s; %(state)s.") % facts
    if dossier.self_grade:
        return _("%(name)s tự xếp “%(own)s” năm %(year)s; %(state)s.") % facts
    return _("%(name)s chưa tự xếp loại năm %(year)s; %(state)s.") % facts


def lead_of(dossier: Dossier, today: dt.date) -> str:
    """What comes next, by whom and until when."""
    state = S(dossier.state)
    act = next_act(state)
    if act is None:
        return _("Hồ sơ đã xong các bước. Mọi ý kiến và quyết định còn giữ nguyên bên dưới.")
    day = due_of(dossier.cycle, state)
    if act is A.GIVE_OPINION and all(bodies_heard(dossier).values()):
        act, day = A.VERIFY, deadline_of(dossier.cycle, A.VERIFY)
    due = due_words(day, today) if dossier.version == 1 else ""
    said = _("Việc tiếp theo: %(act)s") % {"act": lower(act_and_side(act))}
    return f"{said}, {due}." if due else f"{said}."


# --- what each level said ------------------------------------------------------------------------


@dataclass(frozen=True)
class LevelSaid:
    """One level's word on the current version; `grade` "" where it gave none or it is blind."""

    who: str
    grade: str
    points: str
    reason: str
    by: str
    note: str = ""


def levels_of(dossier: Dossier, entries: Sequence[DossierEntry]) -> list[LevelSaid]:
    """Self-rating, each body's opinion, verification, proposal, decisions, side by side."""
    labels = grade_labels(dossier.cycle.year)
    now = [one for one in entries if one.version == dossier.version]
    filed = [one for one in now if one.filing == dossier.filing]
    found = [_level(_("Tự xếp loại"), filed, A.RATE_SELF, labels)]
    said = {one.body: one for one in filed if one.act == A.GIVE_OPINION}
    unheard = []
    for body, heard in bodies_heard(dossier).items():
        entry = said.get(body)
        if entry is not None:
            found.append(_said(body, entry, labels))
        elif heard:
            found.append(LevelSaid(body, "", "", "", "", _("đã cho ý kiến, chưa mở")))
        else:
            unheard.append(body)
    if unheard:
        is_closed = any(one.act == A.VERIFY for one in filed)
        words = _("Không cho ý kiến") if is_closed else _("Chưa cho ý kiến")
        found.append(LevelSaid(words, "", "", "", "", "; ".join(unheard)))
    found.append(_level(_("Thẩm định"), filed, A.VERIFY, labels))
    found.append(_level(_("Đề xuất"), filed, A.PROPOSE, labels))
    found.append(_level(_("Quyết định"), filed, A.DECIDE, labels))
    for act in (A.COMPLAIN, A.ANSWER_COMPLAINT, A.APPEAL, A.ANSWER_APPEAL):
        if any(one.act == act for one in now):
            found.append(_level(_(act.label), now, act, labels))
    return found


def _level(
    who: str, entries: Sequence[DossierEntry], act: DossierAct, labels: dict[str, str]
) -> LevelSaid:
    last = next((one for one in reversed(entries) if one.act == act), None)
    nothing = LevelSaid(who, "", "", "", "", _("chưa có"))
    return nothing if last is None else _said(who, last, labels)


def _said(who: str, entry: DossierEntry, labels: dict[str, str]) -> LevelSaid:
    points = "" if entry.points is None else number_vi(entry.points, decimals=3)
    day = date_vi(localdate(entry.at))
    note, grade = _("xong, không nêu mức"), labels.get(entry.grade, "")
    if entry.act in _OBJECTING:  # what it is kept with is the grade it does not agree to
        note, grade = _("không nhất trí với “%s”") % grade, ""
    return LevelSaid(
        who, grade, points, entry.reason, f"{_who(entry)}, {day}", "" if grade else note
    )


def _who(entry: DossierEntry | GradeDecision) -> str:
    if entry.on_behalf is None:
        return str(entry.by or "–")
    return _("%(by)s thay %(whose)s") % {"by": entry.by, "whose": entry.on_behalf}


@dataclass(frozen=True)
class Decided:
    """One decision as it stands beside the dossier."""

    decision: GradeDecision
    grade: str
    paper: str
    by: str


def decided_of(dossier: Dossier, decisions: Sequence[GradeDecision]) -> list[Decided]:
    """The decisions, the latest first."""
    labels = grade_labels(dossier.cycle.year)
    return [
        Decided(
            one,
            labels.get(one.grade, one.grade),
            " ".join(
                part
                for part in (
                    one.document,
                    _("ngày %s") % date_vi(one.document_date) if one.document_date else "",
                )
                if part
            ),
            f"{_who(one)}, {date_vi(one.decided_on)}",
        )
        for one in reversed(decisions)
    ]


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    what: str
    who: str
    at: dt.datetime
    grade: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]
    version: int


def steps_of(
    dossier: Dossier, entries: Sequence[DossierEntry], names: Mapping[str, str]
) -> list[Step]:
    """Everything done that this viewer may read, the latest first; `names`: of the answers."""
    labels = grade_labels(dossier.cycle.year)
    return [
        Step(
            what=f"{_(A(one.act).label)}{f' ({one.body})' if one.body else ''}",
            who=_who(one),
            at=one.at,
            grade="" if one.act in _OBJECTING else labels.get(one.grade, ""),
            reason=one.reason,
            changes=tuple(
                (names.get(code, code), value_words(was), value_words(now))
                for code, (was, now) in sorted(one.content.get("changed", {}).items())
            ),
            version=one.version,
        )
        for one in reversed(entries)
    ]


def value_words(value: Any) -> str:
    """An answer as it reads: nothing said is nothing, never zero."""
    if value is None or value == "":
        return _("để trống")
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, int | float):
        return number_vi(value, decimals=3)
    return level_words(value) or str(value)


# --- by the rules --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ByRules:
    """What criteria and conditions, as answered, support; never a decision."""

    words: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]


def by_rules(found: DossierFinding, grades: Mapping[str, str]) -> ByRules | None:
    """The grade the rules support, or why none can be named yet."""
    finding = found.finding
    if finding is None:
        return None
    if finding.grade is not None:
        words = _("Đủ căn cứ cho mức “%s”.") % grades.get(finding.grade, finding.grade)
    elif finding.possible:
        names = ", ".join(grades.get(one, one) for one in finding.possible)
        words = _("Chưa đủ căn cứ; còn có thể là: %s.") % names
    else:
        words = _("Không mức nào khớp đủ điểm và điều kiện; cấp quyết định xem xét, ghi lý do.")
    return ByRules(words, finding.reasons, finding.missing)


def points_words(found: DossierFinding) -> str:
    """How far the sheet has been answered, and the total once it is whole."""
    points = found.points
    if points is None:
        return ""
    said = _("Đã ghi %(done)s trong %(all)s tiêu chí.") % {
        "done": number_vi(len(points.lines) - points.blanks), "all": number_vi(len(points.lines)),
    }  # fmt: skip
    if points.total is not None:
        return said + " " + _("Tổng %s điểm.") % plain(points.total)
    if points.lowest is None or points.highest is None or not points.blanks:
        return said
    return said + " " + _("Chưa có tổng: từ %(low)s đến %(high)s điểm.") % {
        "low": plain(points.lowest), "high": plain(points.highest),
    }  # fmt: skip


def meets_best(found: DossierFinding, dossier: Dossier) -> bool:
    """Whether criteria and conditions, as answered, do not speak against the best grade."""
    best = next(iter(grade_labels(dossier.cycle.year)))
    finding = found.finding
    return finding is None or finding.grade == best or best in finding.possible


def held_back_of(dossier: Dossier, decisions: Sequence[GradeDecision]) -> str:
    """Said plainly to the unit itself: it meets the conditions, the cap held it back."""
    if not decisions or dossier.state not in DECIDED:
        return ""
    best = next(iter(grade_labels(dossier.cycle.year)))
    return "" if dossier.grade == best else held_back(decisions[-1])


def cap_and_award(
    dossier: Dossier, decisions: Sequence[GradeDecision], now: dt.datetime
) -> dict[str, Any]:
    """Whether the cap held it back and a place is free now; its years running at the best grade."""
    why = held_back_of(dossier, decisions)
    return {
        "held_back": why,
        "place_free": bool(why) and is_next(dossier, at=now),
        "award": award_of(dossier),
    }


@dataclass(frozen=True)
class Compared:
    """One decision computed anew from the figures kept with it."""

    number: int
    words: str
    is_same: bool
    differences: tuple[tuple[str, str, str], ...]


def compared(decisions: Sequence[GradeDecision]) -> list[Compared]:
    """Every decision computed anew and compared."""
    return [_compared(one) for one in recompute_many(decisions, compute)]


def _compared(one: Recomputed) -> Compared:
    if one.is_same:
        words = _("Tính lại từ số liệu đã giữ: ra đúng như khi quyết định.")
    elif not one.is_intact:
        words = _("Số liệu giữ cùng quyết định không còn nguyên vẹn: báo quản trị hệ thống.")
    else:
        words = _("Tính lại ra khác ở %s chỗ.") % number_vi(len(one.differences))
        if one.decision.rulebook != load_rulebook().version:
            words += " " + _("Bộ quy định đã đổi từ khi quyết định.")
    return Compared(
        one.decision.number,
        words,
        one.is_same,
        tuple((d.path, value_words(d.kept), value_words(d.now)) for d in one.differences),
    )


# --- what may be done ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """An act with its form; `barred` says why this person may not."""

    doing: Doing
    form: ActForm | None
    barred: str
    is_first: bool

    @property
    def act(self) -> DossierAct:
        return self.doing.act


def offered_to(viewer: Viewer, dossier: Dossier, sent: ActForm | None, act: str) -> list[Offered]:
    """The acts open to this viewer, the one that is due first; `sent`: the form that came back."""
    due, found = next_act(S(dossier.state)), []
    for one in acts_for(viewer, dossier):
        doing = DOINGS.get(one.act)
        if doing is None:
            continue
        form = sent if sent is not None and act == one.act else None
        if form is None and one.bar is None:
            form = form_for(doing, dossier)
        is_first = one.act == due or (due is A.GIVE_OPINION and one.act is A.VERIFY)
        found.append(Offered(doing, form, one.bar.message if one.bar else "", is_first))
    return sorted(found, key=lambda one: not one.is_first)


def form_for(doing: Doing, dossier: Dossier, data: Any = None) -> ActForm:
    bodies: list[str] = []
    if "body" in doing.fields:
        bodies = [body for body, heard in bodies_heard(dossier).items() if not heard or data]
    numbers = numbers_of(dossier.cycle) if "numbered" in doing.fields else []
    return ActForm(doing, grade_labels(dossier.cycle.year), bodies, data, numbers)


def not_now(viewer: Viewer, dossier: Dossier) -> list[str]:
    """Why the other acts of this viewer's role and side cannot be done in this state."""
    state, sides = S(dossier.state), sides_of(viewer, dossier)
    found = [
        why_not_now(state, act)
        for act, step in STEPS.items()
        if viewer.role in step.roles and step.side in sides and state not in step.sources
    ]
    if not found and viewer.role is Role.OVERSEER and state is S.IN_OPINION:
        barred = bars_for(viewer, dossier).get(A.GIVE_OPINION) is STRENGTHENED
        found += [STRENGTHENED.message] if barred else []
    return found
