"""What a committee reports at a gate of a programme, with the figures as they stood that day."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.text import nfc
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.strengthening.actions.choosing_hand import check_committee, sentence
from vungmanh.strengthening.models import GateReport, ProgrammeGate
from vungmanh.strengthening.models.programmes import TEXT
from vungmanh.strengthening.programme_figures import figures_of_report

REPORT = "strengthening.programme.report"
LEAST, LONGEST_DOCUMENT = 20, 200


@transaction.atomic
def file_gate_report(
    *, gate_id: int, unit_id: UUID, text: str, document: str = "", reason: str = "", by: Viewer,
    at: dt.datetime,
) -> GateReport:  # fmt: skip
    """Report at a gate; a later report replaces the one before, and says why (`reason`).

    Raises NotFound, NotAllowed (not one's own committee, or of a level the gate does not ask),
    NotNow (the programme does not run), Conflict (another did it just now), InputError.
    """
    check_can(by, REPORT)
    beside_register()
    day = localdate(at)
    check_committee(by, unit_id, day)
    gate = _gate(gate_id, unit_id, by, day)
    before = report_before(gate, unit_id)
    told = sentence(reason, "reason") if before else ""
    made = before or GateReport(gate=gate, unit_id=unit_id)
    was = made.text
    made.text, made.document = _text(text), _document(document)
    made.figures = figures_of_report(gate.programme, unit_id, by=by, on=day)
    made.by, made.at = by.user, at
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # two sessions at once: the other one's stands
        raise Conflict(
            "Có người vừa gửi báo cáo của mốc này. Mở báo cáo ấy; báo lại thì ghi lý do.",
            code="already-reported",
        ) from None
    personal: dict[str, Any] = {"reason": told, "before": was} if before else {}
    record(
        "programme.reported", by=by.user, at=at, subject=f"programme:{gate.programme_id}",
        data={"unit": str(unit_id), "gate": gate.pk, "late": is_late(gate, at)},
        personal=personal,
    )  # fmt: skip
    return made


def report_before(gate: ProgrammeGate, unit_id: UUID) -> GateReport | None:
    """What the committee reported at the gate before, locked."""
    return gate.reports.select_for_update().filter(unit_id=unit_id).first()


def is_late(gate: ProgrammeGate, at: dt.datetime) -> bool:
    """Whether something told at that moment came after the day of the gate."""
    return localdate(at) > gate.due_on


def _gate(gate_id: int, unit_id: UUID, by: Viewer, day: dt.date) -> ProgrammeGate:
    """The gate of a running programme of a committee above, or its own, that asks this level."""
    gate = ProgrammeGate.objects.select_related("programme").filter(pk=gate_id).first()
    above = UnitClosure.objects.filter(descendant_id=unit_id)
    if gate is None or not above.filter(ancestor_id=gate.programme.unit_id).exists():
        raise NotFound("Không tìm thấy mốc này của đề án.")
    state = ProgrammeState(gate.programme.state)
    if state not in (ProgrammeState.RUNNING, ProgrammeState.CLOSED):
        raise NotNow(f"Đề án {state.label.lower()}; chưa đến lúc báo cáo.", code="programme-state")
    kind = visible_unit(by, unit_id, day).kind
    if kind not in gate.levels:
        raise NotAllowed(
            "Mốc này không yêu cầu cấp của đồng chí báo cáo; xem các cấp phải báo cáo ở mốc.",
            code="not-asked",
        )
    return gate


def _text(text: str) -> str:
    said = nfc(text).strip()
    if not LEAST <= len(said) <= TEXT:
        raise InputError(f"Ghi từ {LEAST} đến {TEXT} chữ.", field="text", code="bad-text")
    return said


def _document(text: str) -> str:
    said = " ".join(nfc(text).split())
    if len(said) > LONGEST_DOCUMENT:
        raise InputError(
            f"Ghi nhiều nhất {LONGEST_DOCUMENT} chữ.", field="document", code="bad-text"
        )
    return said
