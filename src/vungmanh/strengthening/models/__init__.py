from vungmanh.strengthening.models.assessments import (
    Assessment,
    AssessmentRun,
    InputSnapshot,
    StrengthReference,
)
from vungmanh.strengthening.models.files import (
    FileCause,
    FileEntry,
    FileMeasure,
    FileMonth,
    Handover,
    SupportFile,
)
from vungmanh.strengthening.models.flags import Flag, FlagReply
from vungmanh.strengthening.models.oversight import OversightPlan, PlannedOversight
from vungmanh.strengthening.models.programmes import (
    GateReport,
    Programme,
    ProgrammeGate,
    ProgrammeTarget,
    TargetValue,
)
from vungmanh.strengthening.models.selections import (
    Choice,
    Selection,
    SelectionAppeal,
    SelectionOverride,
)
from vungmanh.strengthening.models.visit_plans import VisitPlan

__all__ = [
    "Assessment",
    "AssessmentRun",
    "Choice",
    "FileCause",
    "FileEntry",
    "FileMeasure",
    "FileMonth",
    "Flag",
    "FlagReply",
    "GateReport",
    "Handover",
    "InputSnapshot",
    "OversightPlan",
    "PlannedOversight",
    "Programme",
    "ProgrammeGate",
    "ProgrammeTarget",
    "Selection",
    "SelectionAppeal",
    "SelectionOverride",
    "StrengthReference",
    "SupportFile",
    "TargetValue",
    "VisitPlan",
]
