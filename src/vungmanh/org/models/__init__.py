from vungmanh.org.models.findings import IntegrityFinding, IntegrityRun
from vungmanh.org.models.moves import (
    Admission,
    AdmissionStep,
    AggregateCount,
    MemberTransfer,
    PastCount,
    PastRow,
)
from vungmanh.org.models.own_rules import OwnRule
from vungmanh.org.models.people import Membership, NamesSwitch, Person, PersonPair
from vungmanh.org.models.places import (
    ArrangingDismissal,
    ArrangingDraft,
    Place,
    PlaceMembers,
    PlaceUnit,
)
from vungmanh.org.models.reforms import Ancestry, Lineage, Reform
from vungmanh.org.models.register import (
    AdmissionCount,
    Appointment,
    MembershipCount,
    Unit,
    UnitClosure,
    UnitParent,
    UnitVersion,
)
from vungmanh.org.models.statistics import PublishedStatistic

__all__ = [
    "Admission",
    "AdmissionCount",
    "AdmissionStep",
    "AggregateCount",
    "Ancestry",
    "Appointment",
    "ArrangingDismissal",
    "ArrangingDraft",
    "IntegrityFinding",
    "IntegrityRun",
    "Lineage",
    "MemberTransfer",
    "Membership",
    "MembershipCount",
    "NamesSwitch",
    "OwnRule",
    "PastCount",
    "PastRow",
    "Person",
    "PersonPair",
    "Place",
    "PlaceMembers",
    "PlaceUnit",
    "PublishedStatistic",
    "Reform",
    "Unit",
    "UnitClosure",
    "UnitParent",
    "UnitVersion",
]
