"""The value of each rule: one frozen class per key. A file holds exactly its fields.

A class checks in `__post_init__` what its types cannot say and raises ValueError with a Vietnamese
sentence, which the loader turns into a RulebookError naming file and key. A new rule begins here:
a class in the module of its subject, then its name in the list below.
"""

from __future__ import annotations

from vungmanh.rulebook.values.base import Value
from vungmanh.rulebook.values.conditions import (
    ExcellentQuota,
    MemberConditions,
    OrganisationConditions,
)
from vungmanh.rulebook.values.cycles import CycleProcedure, GradeDeadlines, GradeDeciders
from vungmanh.rulebook.values.duties import (
    AttendanceBase,
    RegularMeeting,
    RegularMeetingMinutes,
    ReportDeadline,
    ThematicMeeting,
    VotingMajority,
    WhoMeets,
    YearlyDuty,
    YearlyPlan,
    YearlyReview,
    YearlyScreening,
)
from vungmanh.rulebook.values.grades import Band, Grade, GradeScale, MeetingGrades
from vungmanh.rulebook.values.papers import (
    CongressTerms,
    PaperLimits,
    PartyPaperLayout,
    StatePaperLayout,
)
from vungmanh.rulebook.values.programmes import (
    CauseCatalogue,
    ExitRule,
    ExpectedPaths,
    FileReviews,
    MeasureCatalogue,
    OversightAttendance,
    ProgrammeGates,
    SelectionRule,
    SupportLabel,
    VisitFrequency,
)
from vungmanh.rulebook.values.quota import QuotaMethod
from vungmanh.rulebook.values.reasons import (
    FailingCells,
    FewOfficialMembers,
    MeetingsHeld,
    MeetingsRefuted,
    NoAdmission,
    ResolutionCarried,
    SecretaryVacant,
)
from vungmanh.rulebook.values.sheets import (
    MeetingFrame,
    MeetingSheet,
    RegularMeetingSheet,
    ThematicMeetingSheet,
)
from vungmanh.rulebook.values.status import (
    FlagReplyTerm,
    IndexWeights,
    StatusPersistence,
    StatusProbability,
    StatusReporting,
)
from vungmanh.rulebook.values.structure import Placement, StructurePlacement
from vungmanh.rulebook.values.year_sheets import (
    LeadershipYearSheet,
    OrganisationYearSheet,
    YearSheet,
)
from vungmanh.rulebook.values.yearly import AwardCounters, CycleOpening

__all__ = [
    "VALUE_CLASSES",
    "AttendanceBase",
    "AwardCounters",
    "Band",
    "CauseCatalogue",
    "CongressTerms",
    "CycleOpening",
    "CycleProcedure",
    "ExcellentQuota",
    "ExitRule",
    "ExpectedPaths",
    "FailingCells",
    "FewOfficialMembers",
    "FileReviews",
    "FlagReplyTerm",
    "Grade",
    "GradeDeadlines",
    "GradeDeciders",
    "GradeScale",
    "IndexWeights",
    "LeadershipYearSheet",
    "MeasureCatalogue",
    "MeetingFrame",
    "MeetingGrades",
    "MeetingSheet",
    "MeetingsHeld",
    "MeetingsRefuted",
    "MemberConditions",
    "NoAdmission",
    "OrganisationConditions",
    "OrganisationYearSheet",
    "OversightAttendance",
    "PaperLimits",
    "PartyPaperLayout",
    "Placement",
    "ProgrammeGates",
    "QuotaMethod",
    "RegularMeeting",
    "RegularMeetingMinutes",
    "RegularMeetingSheet",
    "ReportDeadline",
    "ResolutionCarried",
    "SecretaryVacant",
    "SelectionRule",
    "StatePaperLayout",
    "StatusPersistence",
    "StatusProbability",
    "StatusReporting",
    "StructurePlacement",
    "SupportLabel",
    "ThematicMeeting",
    "ThematicMeetingSheet",
    "Value",
    "VisitFrequency",
    "VotingMajority",
    "WhoMeets",
    "YearSheet",
    "YearlyDuty",
    "YearlyPlan",
    "YearlyReview",
    "YearlyScreening",
]

VALUE_CLASSES: dict[str, type[Value]] = {
    value_class.key: value_class
    for value_class in (
        RegularMeeting,
        RegularMeetingMinutes,
        ReportDeadline,
        ThematicMeeting,
        WhoMeets,
        YearlyPlan,
        YearlyReview,
        YearlyScreening,
        AttendanceBase,
        VotingMajority,
        GradeScale,
        MeetingGrades,
        FailingCells,
        FewOfficialMembers,
        MeetingsHeld,
        MeetingsRefuted,
        NoAdmission,
        ResolutionCarried,
        SecretaryVacant,
        IndexWeights,
        StatusPersistence,
        StatusProbability,
        StatusReporting,
        FlagReplyTerm,
        StructurePlacement,
        MeetingFrame,
        RegularMeetingSheet,
        ThematicMeetingSheet,
        OrganisationConditions,
        MemberConditions,
        ExcellentQuota,
        QuotaMethod,
        OrganisationYearSheet,
        LeadershipYearSheet,
        CycleProcedure,
        GradeDeciders,
        GradeDeadlines,
        PartyPaperLayout,
        StatePaperLayout,
        PaperLimits,
        CongressTerms,
        CycleOpening,
        AwardCounters,
        CauseCatalogue,
        ExitRule,
        ExpectedPaths,
        FileReviews,
        MeasureCatalogue,
        OversightAttendance,
        ProgrammeGates,
        SelectionRule,
        SupportLabel,
        VisitFrequency,
    )
}
