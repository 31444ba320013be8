"""What a unit may do about its grade: object, have it verified anew, turn to the level above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import DossierAct
from vungmanh.evaluation.actions.deciding import Basis, Paper, Verdict, keep_decision, kept_inputs
from vungmanh.evaluation.actions.hand import Hand, Said, done, locked, reason_of
from vungmanh.evaluation.models import Dossier, GradeDecision
from vungmanh.evaluation.sides import above_committee

A = DossierAct


@transaction.atomic
def complain(*, dossier_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Dossier:
    """Object to the grade that was told. Once for each version; then the level above is asked."""
    dossier = locked(dossier_id, A.COMPLAIN, by)
    why = reason_of(reason, needed=True)
    done(dossier, A.COMPLAIN, Hand(by, at), Said(grade=dossier.grade, reason=why))
    return dossier


@transaction.atomic
def reverify(*, dossier_id: UUID, by: Viewer, at: dt.datetime) -> Dossier:
    """Begin to verify again what the unit objects to."""
    dossier = locked(dossier_id, A.REVERIFY, by)
    done(dossier, A.REVERIFY, Hand(by, at))
    return dossier


@transaction.atomic
def answer_complaint(
    *, dossier_id: UUID, grade: str, reason: str, by: Viewer, at: dt.datetime, inputs: Any = None,
    result: Mapping[str, Any] | None = None, paper: Paper | None = None,
) -> GradeDecision:  # fmt: skip
    """Confirm the grade or change it, with a reason: a second decision beside the first.

    Without `inputs` and `result` it rests on the figures of the decision before.
    """
    dossier = locked(dossier_id, A.ANSWER_COMPLAINT, by)
    basis, kept = _as_before(dossier, inputs, result, paper)
    verdict = Verdict(dossier_id, grade, kept, reason)
    return keep_decision(dossier, verdict, A.ANSWER_COMPLAINT, basis, Hand(by, at))


@transaction.atomic
def appeal(*, dossier_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Dossier:
    """Turn to the level above, once the committee has answered."""
    dossier = locked(dossier_id, A.APPEAL, by)
    why = reason_of(reason, needed=True)
    done(dossier, A.APPEAL, Hand(by, at), Said(grade=dossier.grade, reason=why))
    return dossier


@transaction.atomic
def answer_appeal(
    *, dossier_id: UUID, grade: str, reason: str, by: Viewer, at: dt.datetime, inputs: Any = None,
    result: Mapping[str, Any] | None = None, paper: Paper | None = None,
) -> GradeDecision:  # fmt: skip
    """The level above confirms the grade or changes it.

    Of the committee at the top the level above has no account here: the answer is recorded with
    the number and date of its document (InputError `document` without).
    """
    dossier = locked(dossier_id, A.ANSWER_APPEAL, by)
    if not above_committee(dossier.cycle) and not (
        paper and paper.document.strip() and paper.document_date
    ):
        raise InputError(
            "Cấp trên không dùng hệ thống này: ghi số, ký hiệu và ngày văn bản trả lời của cấp "
            "trên.",
            field="document",
            code="document-missing",
        )
    basis, kept = _as_before(dossier, inputs, result, paper)
    verdict = Verdict(dossier_id, grade, kept, reason)
    return keep_decision(dossier, verdict, A.ANSWER_APPEAL, basis, Hand(by, at))


def _as_before(
    dossier: Dossier, inputs: Any, result: Mapping[str, Any] | None, paper: Paper | None
) -> tuple[Basis, Mapping[str, Any]]:
    """Figures and result: those given, else those of the decision before."""
    last = dossier.decisions.select_related("inputs").order_by("number").last()
    assert last is not None, "a grade that was told was decided"
    kept = last.inputs if inputs is None else kept_inputs(inputs)
    return Basis(kept, paper or Paper()), last.result if result is None else result
