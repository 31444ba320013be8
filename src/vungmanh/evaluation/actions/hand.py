"""What every act on a dossier does alike: find and lock it, ask who and when, keep the word."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from vungmanh.access.ledger import record_many
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import DossierAct, DossierSide, DossierState
from vungmanh.evaluation.bars import Bar, bars_of
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry
from vungmanh.evaluation.procedure import scale_of
from vungmanh.evaluation.reads import dossier_visible, dossiers_visible
from vungmanh.evaluation.sides import holds, sides_in, writes_from_paper
from vungmanh.evaluation.states import STEPS, Step, check_role, check_step
from vungmanh.org.turns import beside_register
from vungmanh.rulebook.values import Grade

LONGEST_REASON: Final = 500
_TYPED: Final = re.compile(r"-?[0-9]{1,6}(?:[.,][0-9]{1,3})?")
MOST_POINTS: Final = 100
Points = Decimal | Fraction | int | str | None

_OTHER_SIDE: Final = {
    DossierSide.UNIT: "Việc này của chính tổ chức được xếp loại.",
    DossierSide.COMMITTEE: "Việc này của cấp quyết định xếp loại cho tổ chức.",
    DossierSide.UPPER: "Việc này của cấp trên của cấp đã quyết định.",
}

VERBS: Final = {
    DossierAct.WRITE: "dossier.written",
    DossierAct.RATE_SELF: "dossier.self_rated",
    DossierAct.OPEN_OPINIONS: "dossier.opinions_opened",
    DossierAct.GIVE_OPINION: "dossier.opinion_given",
    DossierAct.VERIFY: "dossier.verified",
    DossierAct.PROPOSE: "dossier.proposed",
    DossierAct.RETURN: "dossier.returned",
    DossierAct.DECIDE: "dossier.decided",
    DossierAct.NOTIFY: "dossier.notified",
    DossierAct.COMPLAIN: "dossier.complained",
    DossierAct.REVERIFY: "dossier.reverified",
    DossierAct.ANSWER_COMPLAINT: "dossier.complaint_answered",
    DossierAct.APPEAL: "dossier.appealed",
    DossierAct.ANSWER_APPEAL: "dossier.appeal_answered",
    DossierAct.REOPEN: "dossier.reopened",
}


@dataclass(frozen=True)
class Hand:
    """Who does it and when."""

    by: Viewer
    at: dt.datetime


@dataclass(frozen=True)
class Said:
    """What goes into the entry of an act."""

    grade: str = ""
    points: Decimal | None = None
    reason: str = ""
    body: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


def hold_cycle(cycle_id: UUID) -> None:
    """Until the transaction ends nobody else decides in this cycle, reopens, or changes who is in
    it. Taken before any dossier of it, so that no two wait for each other."""
    beside_register()
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle_id)


def hold_cycle_of(dossier_id: UUID, act: DossierAct, by: Viewer) -> Dossier:
    """Hold the cycle of a dossier in sight, for an act that counts within the cycle."""
    check_role(by.role, act)
    dossier = dossier_visible(by, dossier_id)
    hold_cycle(dossier.cycle_id)
    return dossier


def locked(dossier_id: UUID, act: DossierAct, by: Viewer) -> Dossier:
    """The dossier, locked, once role, sight, side, state and bars allow the act.

    Raises NotAllowed (role, side, a person barred), NotFound out of sight, NotNow.
    """
    return locked_many([dossier_id], act, by)[0]


def locked_many(dossier_ids: Iterable[UUID], act: DossierAct, by: Viewer) -> list[Dossier]:
    """As `locked`, of many: always locked in the order of their ids, so that no two acts wait for
    each other."""
    step = check_role(by.role, act)
    wanted = sorted(set(dossier_ids))
    seen = list(dossiers_visible(by, removed=True).filter(pk__in=wanted).select_related("cycle"))
    if len(seen) < len(wanted):
        raise not_in_sight()
    _check_side(step, seen, by)
    beside_register()
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("cycle")
    dossiers = list(rows.filter(pk__in=wanted).order_by("pk"))
    bars = bars_of(by, dossiers)
    for dossier in dossiers:
        _check_now(dossier, act, by, bars[dossier.pk].get(act))
    return dossiers


def _check_side(step: Step, dossiers: Sequence[Dossier], by: Viewer) -> None:
    there = {one.cycle_id: one.cycle for one in dossiers}
    sides = {key: sides_in(by, cycle) for key, cycle in there.items()}
    own_unit = step.side is DossierSide.UNIT
    if not all(
        (holds(by, one) or writes_from_paper(by, one))
        if own_unit
        else step.side in sides[one.cycle_id]
        for one in dossiers
    ):
        raise NotAllowed(
            f"{_OTHER_SIDE[step.side]} Vai trò đang dùng của đồng chí không giữ ở đó.",
            code="other-side",
        )


def _check_now(dossier: Dossier, act: DossierAct, by: Viewer, bar: Bar | None) -> None:
    if dossier.removed_at is not None:
        raise NotNow("Hồ sơ này đã đưa ra khỏi kỳ xếp loại.", code="dossier-removed")
    check_step(by.role, DossierState(dossier.state), act)
    if bar is not None:
        raise (NotAllowed if bar.who else NotNow)(bar.message, code=bar.code)


def done(dossier: Dossier, act: DossierAct, hand: Hand, said: Said | None = None) -> DossierEntry:
    """Keep the step with whatever else was changed on the dossier, the entry and the event."""
    _step(dossier, act, hand)
    dossier.save()
    [entry] = _kept([dossier], act, hand, {dossier.pk: said or Said()})
    return entry


def done_many(
    dossiers: Sequence[Dossier], act: DossierAct, hand: Hand, said: Mapping[UUID, Said]
) -> list[DossierEntry]:
    """As `done`, of many in a handful of statements; of a dossier only step and grades change."""
    for dossier in dossiers:
        _step(dossier, act, hand)
    changed = ["state", "grade", "proposed_grade", "revision", "changed_at"]
    Dossier.objects.bulk_update(dossiers, changed)
    return _kept(dossiers, act, hand, said)


def _step(dossier: Dossier, act: DossierAct, hand: Hand) -> None:
    target = STEPS[act].target
    if target is not None:
        dossier.state = target.value
    dossier.revision += 1
    dossier.changed_at = hand.at


def _kept(
    dossiers: Sequence[Dossier], act: DossierAct, hand: Hand, said: Mapping[UUID, Said]
) -> list[DossierEntry]:
    entries = DossierEntry.objects.bulk_create(
        _entry(dossier, act, hand, said[dossier.pk]) for dossier in dossiers
    )
    # A word that is blind is blind in the ledger too.
    is_blind = STEPS[act].blind
    record_many(
        VERBS[act],
        by=hand.by.user,
        at=hand.at,
        said=[
            (
                f"dossier:{dossier.pk}",
                {
                    "unit": str(dossier.unit_id),
                    "year": dossier.cycle.year,
                    "version": dossier.version,
                    "number": dossier.revision,
                    "grade": "" if is_blind else said[dossier.pk].grade,
                },
                {},
            )
            for dossier in dossiers
        ],
    )
    return entries


def _entry(dossier: Dossier, act: DossierAct, hand: Hand, said: Said) -> DossierEntry:
    return DossierEntry(
        dossier=dossier,
        version=dossier.version,
        filing=dossier.filing,
        number=dossier.revision,
        act=act,
        state=dossier.state,
        body=said.body,
        grade=said.grade,
        points=said.points,
        reason=said.reason,
        content=dict(said.content),
        by=hand.by.user,
        on_behalf=hand.by.on_behalf_of,
        at=hand.at,
    )


def reason_of(said: str, *, needed: bool, why: str = "Ghi lý do, một câu là đủ.") -> str:
    """The reason as it is kept. Raises InputError (`reason`) where it is missing or too long."""
    text = nfc(" ".join(said.split()))
    if needed and not text:
        raise InputError(why, field="reason", code="reason-missing")
    if len(text) > LONGEST_REASON:
        raise InputError(
            f"Lý do dài quá {LONGEST_REASON} chữ cái; rút gọn.", field="reason", code="too-long"
        )
    if not text.isprintable():
        raise InputError(
            "Lý do có ký tự lạ không hiện được; xóa đi rồi gõ lại.",
            field="reason",
            code="control-character",
        )
    return text


def grade_of(cycle: Cycle, code: str, *, name: str = "grade") -> Grade:
    """The grade of the year's scale. Raises InputError for a code that the scale has not."""
    scale = scale_of(cycle)
    grade = scale.grade(code)
    if grade is None:
        labels = ", ".join(one.label for one in scale.grades)
        raise InputError(
            f"Năm {cycle.year} không có mức này. Chọn một trong: {labels}.",
            field=name,
            code="no-such-grade",
        )
    return grade


def differs(cycle: Cycle, grade: str, before: str) -> bool:
    """Whether two grades of the year are one or more apart; with none before they do not differ."""
    return bool(before) and grade_of(cycle, grade).order != grade_of(cycle, before).order


def points_of(said: Points) -> Decimal | None:
    """Points as they are kept, to a thousandth; None: not said, never zero."""
    if said is None or said == "":
        return None
    try:
        if isinstance(said, Fraction):
            number = Decimal(said.numerator) / Decimal(said.denominator)
        elif isinstance(said, str) and _TYPED.fullmatch(said.strip()) is None:
            raise ValueError  # other digits, powers of ten, more places than are kept
        else:
            number = Decimal(str(said).strip().replace(",", "."))
        kept = number.quantize(Decimal("0.001"))
    except (InvalidOperation, ValueError):
        raise InputError(
            "Không đọc được số điểm; ghi như 87 hoặc 87,5.", field="points", code="bad-value"
        ) from None
    if not kept.is_finite() or not 0 <= kept <= MOST_POINTS:
        raise InputError(
            f"Tổng điểm từ 0 đến {MOST_POINTS}.", field="points", code="points-out-of-range"
        )
    return kept


def not_in_sight() -> NotFound:
    return NotFound(
        "Không tìm thấy hồ sơ xếp loại này trong phạm vi của đồng chí.", code="no-dossier"
    )
