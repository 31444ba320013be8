"""Cycles and their boards in the words of the page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi, fold, name_key, number_vi
from vungmanh.core.vocabulary import CycleState, DossierAct, DossierState, DossierSubject, Sector
from vungmanh.evaluation.board import Board, BoardRow, StepDay
from vungmanh.evaluation.models import Cycle
from vungmanh.evaluation.reads import dossiers_visible
from vungmanh.web.evaluation.words import (
    DECIDED,
    act_and_side,
    due_of,
    due_words,
    next_act,
    next_words,
)

S = DossierState
ON_A_PAGE = 50


@dataclass(frozen=True)
class CycleRow:
    """One cycle in the list: how far its dossiers have come; `only` where the viewer sees one."""

    cycle: Cycle
    counts: Mapping[DossierState, int]
    late: int
    only: UUID | None
    next: str = ""  # what the only one waits for, and until when

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def state(self) -> CycleState:
        return CycleState(self.cycle.state)

    @property
    def decided(self) -> int:
        return sum(self.counts.get(state, 0) for state in DECIDED)

    @property
    def waiting(self) -> int:
        return self.counts.get(S.WAITING, 0) + self.counts.get(S.RETURNED, 0)

    @property
    def where(self) -> str:
        """ "4 chờ tự xếp loại; 2 đang lấy ý kiến"."""
        return "; ".join(
            f"{number_vi(number)} {lower(_(state.label))}" for state, number in self.counts.items()
        )


def cycle_rows(viewer: Viewer, cycles: Iterable[Cycle], today: dt.date) -> list[CycleRow]:
    """The cycles with their counts: two queries however many there are."""
    listed = list(cycles)
    seen = dossiers_visible(viewer).filter(cycle__in=listed)
    counted: dict[UUID, dict[DossierState, int]] = defaultdict(dict)
    grouped = (
        seen.order_by()
        .values_list("cycle_id", "state")
        .annotate(n=Count("pk"), timed=Count("pk", filter=Q(version=1)))
    )
    found: dict[tuple[UUID, str], int] = {}
    timed: dict[UUID, dict[DossierState, int]] = defaultdict(dict)
    for cycle_id, said, n, in_time in grouped:
        found[cycle_id, said] = n
        timed[cycle_id][S(said)] = in_time  # what was opened again goes by no deadline
    for state in S:
        for cycle in listed:
            if number := found.get((cycle.pk, state.value)):
                counted[cycle.pk][state] = number
    single = [one for one in listed if sum(counted[one.pk].values()) == 1]
    only = dict(seen.filter(cycle__in=single).values_list("cycle_id", "pk"))
    return [
        CycleRow(
            one,
            counted[one.pk],
            _late(one, timed[one.pk], today),
            only.get(one.pk),
            _next(one, counted[one.pk], timed[one.pk], today) if one.pk in only else "",
        )
        for one in listed
    ]


def _next(
    cycle: Cycle,
    counts: Mapping[DossierState, int],
    timed: Mapping[DossierState, int],
    today: dt.date,
) -> str:
    """What the one dossier waits for: "Thẩm định (cấp quyết định), hạn 18/12/2025"."""
    state = next(iter(counts))
    act = next_act(state)
    if act is None:
        return ""
    due = due_words(due_of(cycle, state), today) if timed.get(state) else ""
    return f"{act_and_side(act)}, {due}" if due else act_and_side(act)


def _late(cycle: Cycle, counts: Mapping[DossierState, int], today: dt.date) -> int:
    """Dossiers that wait for a step whose last day has passed."""
    late = 0
    for state, number in counts.items():
        due = due_of(cycle, state)
        late += number if due is not None and due < today else 0
    return late


def finding_of_cycles(rows: Sequence[CycleRow]) -> str:
    """How many of how many are where, in the newest year that is listed."""
    if not rows:
        return _("Chưa có kỳ xếp loại nào trong phạm vi của đồng chí.")
    year = rows[0].cycle.year
    newest = [row for row in rows if row.cycle.year == year]
    total, decided = sum(row.total for row in newest), sum(row.decided for row in newest)
    late = sum(row.late for row in newest)
    said = _("Năm %(year)s: %(decided)s trong %(total)s hồ sơ đã có quyết định") % {
        "year": year, "decided": number_vi(decided), "total": number_vi(total),
    }  # fmt: skip
    told = _("; %(late)s hồ sơ quá hạn một bước") % {"late": number_vi(late)} if late else ""
    return f"{said}{told}."


def finding_of_board(cycle: Cycle, board: Board) -> str:
    """How many of how many have handed in, have a proposal, are decided, and what is late."""
    total = len(board.rows)
    if not total:
        return _("Kỳ xếp loại năm %(year)s chưa có hồ sơ nào trong phạm vi của đồng chí.") % {
            "year": cycle.year
        }
    waiting = board.counts.get(S.WAITING, 0) + board.counts.get(S.RETURNED, 0)
    decided = sum(board.counts.get(state, 0) for state in DECIDED)
    said = _(
        "%(filed)s trong %(total)s hồ sơ năm %(year)s đã tự xếp loại, %(decided)s đã có quyết định"
    ) % {
        "filed": number_vi(total - waiting), "total": number_vi(total), "year": cycle.year,
        "decided": number_vi(decided),
    }  # fmt: skip
    late = _("; %(late)s hồ sơ có bước muộn hoặc thiếu") % {"late": number_vi(board.late)}
    return f"{said}{late if board.late else ''}."


# --- the board ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepCell:
    """One step of one dossier in a cell of the board."""

    label: str
    day: str
    grade: str
    trouble: str  # what is late or missing; "" where nothing is
    ahead: str = ""  # the last day of a step still to come
    is_missing: bool = False
    is_aside: bool = False  # told only where there is room: neither in trouble nor a grade to keep

    @property
    def is_empty(self) -> bool:
        return not (self.day or self.grade or self.trouble or self.ahead)


@dataclass(frozen=True)
class DossierRow:
    row: BoardRow
    heading: str  # of its group, on the first of the group
    cells: tuple[StepCell, ...]
    next: str
    due: str  # until when, and by how much that has passed
    is_over: bool
    running: str = ""  # years running at the best grade


def shown(board: Board, *, words: str, state: str, group: str, only_late: bool) -> list[BoardRow]:
    """The rows that the filters leave, in the order of their groups."""
    wanted = fold(words)
    kept = [
        row
        for row in board.rows
        if wanted in fold(row.dossier.name)
        and (not state or row.dossier.state == state)
        and (not group or group_of(row) == group)
        and (not only_late or row.late or row.missing)
    ]
    return sorted(kept, key=lambda row: (group_of(row), name_key(row.dossier.name)))


def group_of(row: BoardRow) -> str:
    """The group of like kind; collectives and protected units stand apart."""
    dossier = row.dossier
    name = group_words(dossier.group)
    if dossier.subject == DossierSubject.LEADERSHIP:
        name = _("%(group)s: tập thể lãnh đạo") % {"group": name}
    return _("%(group)s, để ngoài tỷ lệ") % {"group": name} if dossier.protected else name


def group_words(group: str) -> str:
    """The kind of a group, where it is one of the kinds of units."""
    return _(Sector(group).label) if group in {one.value for one in Sector} else group


def groups_of(board: Board) -> list[tuple[str, str]]:
    """The groups to choose from."""
    names = sorted({group_of(row) for row in board.rows})
    return [("", _("Mọi nhóm")), *((name, name) for name in names)]


def dossier_rows(
    rows: Iterable[BoardRow], labels: Mapping[str, str], *, with_proposals: bool,
    running: Mapping[UUID, str], today: dt.date,
) -> list[DossierRow]:  # fmt: skip
    found, heading = [], ""
    for row in rows:
        group = group_of(row)
        due = row.turn.deadline if row.turn else None
        found.append(
            DossierRow(
                row,
                group if group != heading else "",
                _cells(row, labels, with_proposals=with_proposals),
                next_words(row),
                _due(due, today),
                bool(due and due < today),
                running.get(row.dossier.unit_id, "")
                if row.dossier.subject == DossierSubject.ORGANISATION
                else "",
            )
        )
        heading = group
    return found


def _due(due: dt.date | None, today: dt.date) -> str:
    """ "quá 4 ngày" once the day, which stands at its step, has passed."""
    if due is None or due >= today:
        return due_words(due, today)
    return _("quá %(n)s ngày") % {"n": number_vi((today - due).days)}


def _cells(
    row: BoardRow, labels: Mapping[str, str], *, with_proposals: bool
) -> tuple[StepCell, ...]:
    rate, hear, verify, propose, decide, _notify = row.steps
    one = row.dossier
    heard = f"{row.opinions}/{row.asked}" if row.asked else ""
    proposed = labels.get(one.proposed_grade, "") if with_proposals else ""
    decided = labels.get(one.grade, "")
    if decided and one.state not in DECIDED:
        decided = _("%(grade)s (lần trước)") % {"grade": decided}
    return (
        _cell(rate, _("Tự xếp loại"), labels.get(one.self_grade, "")),
        _cell(hear, _("Ý kiến"), heard),
        _cell(verify, _("Thẩm định"), ""),
        _cell(propose, _("Đề xuất"), proposed),
        _cell(decide, _("Quyết định"), decided),
    )


def _cell(step: StepDay, label: str, grade: str) -> StepCell:
    day = date_vi(step.done_on) if step.done_on else ""
    trouble, ahead = "", ""
    if step.is_missing and step.deadline:
        trouble = _("thiếu, hạn %(day)s") % {"day": date_vi(step.deadline)}
    elif step.is_late and step.deadline and step.done_on:
        trouble = _("muộn %(n)s ngày") % {"n": number_vi((step.done_on - step.deadline).days)}
    elif step.deadline and not step.done_on and not step.is_closed:
        ahead = _("hạn %(day)s") % {"day": date_vi(step.deadline)}
    keeps = step.act in (DossierAct.RATE_SELF, DossierAct.DECIDE) and bool(grade)
    is_aside = not (trouble or keeps or step.is_turn)
    return StepCell(label, day, grade, trouble, ahead, step.is_missing, is_aside)


def lower(words: str) -> str:
    """As it stands within a sentence."""
    return words[:1].lower() + words[1:]
