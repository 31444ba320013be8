"""What the papers of dossiers are made from, gathered for one or for many at once.

As its reader may see it: entries come from `entries_of`, decisions from `decisions_of`. The number
of queries grows with the cycles, never with the dossiers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.evaluation.models import Dossier, DossierEntry, GradeDecision
from vungmanh.evaluation.reads import decisions_of, entries_of
from vungmanh.outputs.gradings.issuing import RatingPaper, dossier_subject, issues_of
from vungmanh.outputs.gradings.sender import labels_of, sender_of
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.outputs.papers.register import stamped
from vungmanh.strengthening.year_grading import DossierFinding, dossier_findings, held_back_of


@dataclass(frozen=True)
class Matter:
    """One dossier with all that its papers say. `found` is None where only a notice is asked for;
    `held_back` says why the cap held the unit back, "" where it did not."""

    dossier: Dossier
    found: DossierFinding | None
    entries: Sequence[DossierEntry]
    decision: GradeDecision | None
    held_back: str
    sender: Sender
    issues: Mapping[str, PaperNumber]  # how its papers were issued, by subject
    labels: Mapping[str, str]
    today: dt.date

    def stamped(self, paper: RatingPaper, closing: Closing) -> tuple[Sender, Closing]:
        """Sender and closing of a paper of the dossier, as it was issued where it was."""
        subject = subject_of(self.dossier, paper, self.decision)
        return stamped(self.sender, closing, self.issues.get(subject))


def gathered(
    dossiers: Sequence[Dossier], viewer: Viewer, *, at: dt.datetime, with_findings: bool = True
) -> list[Matter]:
    """The matter of each, in their order. The caller has made sure that they are in sight."""
    today = localdate(at)
    cycles = {one.cycle_id: one.cycle for one in dossiers}
    senders = {key: sender_of(cycle, on=today) for key, cycle in cycles.items()}
    labels = {key: labels_of(cycle.year) for key, cycle in cycles.items()}
    findings = _findings(dossiers, at) if with_findings else {}
    entries = entries_of(viewer, dossiers) if with_findings else {}
    made = decisions_of(viewer, dossiers)
    standing = {one.pk: standing_decision(one, made[one.pk]) for one in dossiers}
    held = _held_back(standing, dossiers, labels)
    papers = (RatingPaper.DOSSIER, RatingPaper.NOTICE)
    issues = issues_of(
        subject_of(one, paper, standing[one.pk]) for one in dossiers for paper in papers
    )
    return [
        Matter(
            one,
            findings.get(one.pk),
            entries.get(one.pk, ()),
            standing[one.pk],
            held.get(one.pk, ""),
            senders[one.cycle_id],
            issues,
            labels[one.cycle_id],
            today,
        )
        for one in dossiers
    ]


def subject_of(dossier: Dossier, paper: RatingPaper, decision: GradeDecision | None) -> str:
    """What a paper of a dossier is in the register."""
    return dossier_subject(dossier, paper, decision.number if decision else 0)


def standing_decision(dossier: Dossier, decisions: Sequence[GradeDecision]) -> GradeDecision | None:
    """The last decision on the current version; a dossier reopened has none yet."""
    last = decisions[-1] if decisions else None
    return last if last is not None and last.version == dossier.version else None


def _findings(dossiers: Sequence[Dossier], at: dt.datetime) -> dict[UUID, DossierFinding]:
    """Those of each cycle together: its year is asked for once."""
    found: dict[UUID, DossierFinding] = {}
    for key in {one.cycle_id for one in dossiers}:
        found |= dossier_findings([one for one in dossiers if one.cycle_id == key], at=at)
    return found


def _held_back(
    standing: Mapping[UUID, GradeDecision | None],
    dossiers: Sequence[Dossier],
    labels: Mapping[UUID, Mapping[str, str]],
) -> dict[UUID, str]:
    """Said to the unit itself: it meets the conditions, the cap held it back."""
    best = {key: next(iter(words)) for key, words in labels.items()}
    asked = [
        decision
        for one in dossiers
        if (decision := standing[one.pk]) is not None and decision.grade != best[one.cycle_id]
    ]
    said = held_back_of(asked)
    return {decision.dossier_id: said[decision.pk] for decision in asked}
