from vungmanh.org.models.findings import IntegrityFinding, IntegrityRun
from vungmanh.org.models.own_rules import OwnRule
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

__all__ = [
    "AdmissionCount",
    "Ancestry",
    "Appointment",
    "IntegrityFinding",
    "IntegrityRun",
    "Lineage",
    "MembershipCount",
    "OwnRule",
    "Reform",
    "Unit",
    "UnitClosure",
    "UnitParent",
    "UnitVersion",
]
