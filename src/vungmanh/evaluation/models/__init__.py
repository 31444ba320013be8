"""Everything the room keeps, a file for each subject."""

from vungmanh.evaluation.models.cycles import Cycle
from vungmanh.evaluation.models.decisions import DecisionInputs, GradeDecision
from vungmanh.evaluation.models.dossiers import Dossier, DossierEntry
from vungmanh.evaluation.models.grades import YearGrade
from vungmanh.evaluation.models.outcomes import YearOutcome

__all__ = [
    "Cycle",
    "DecisionInputs",
    "Dossier",
    "DossierEntry",
    "GradeDecision",
    "YearGrade",
    "YearOutcome",
]
