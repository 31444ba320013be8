"""The figures of the catalogue, from a cycle or from a unit on a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Sum

from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.text import name_key
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus
from vungmanh.evaluation.models import Cycle, Dossier, GradeDecision
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.evaluation.reads import dossiers_visible
from vungmanh.org.models import AdmissionCount, MembershipCount, UnitClosure, UnitVersion
from vungmanh.org.queries import versions_visible
from vungmanh.outputs.forms.values import Value
from vungmanh.outputs.gradings.sender import committee_of
from vungmanh.outputs.supplied.catalogue import BRANCHES, PLACES, STAGES, STATUSES, SUBJECTS
from vungmanh.rulebook import load_rulebook

Figures = Mapping[str, Value | tuple[Value, ...]]
_STATUS = {"chinh_thuc": MembershipStatus.OFFICIAL, "du_bi": MembershipStatus.PROBATIONARY}


def cycle_figures(cycle: Cycle, viewer: Viewer, *, on: dt.date) -> Figures:
    """Counts and lists of a cycle, of the dossiers in sight. The caller has made sure that the
    viewer is of the committee: proposals stand among them."""
    labels = {one.code: one.label for one in load_rulebook().grade_scale(cycle.year).grades}
    found: dict[str, Value | tuple[Value, ...]] = {
        "nam": cycle.year, "cap_quyet_dinh": committee_of(cycle.name)[0], "ngay": on,
    }  # fmt: skip
    seen = dossiers_visible(viewer).filter(cycle=cycle).order_by("id")
    rated = sorted(seen, key=lambda one: name_key(one.name))
    papers = _papers(rated)
    for subject, (value, _whose) in SUBJECTS.items():
        own = [one for one in rated if one.subject == value]
        found[f"{subject}.so"] = len(own)
        for stage in STAGES:
            counts = Counter(_grade(one, stage) for one in own)
            found[f"{subject}.{stage}.chua"] = counts[""]
            # A scale of fewer grades leaves the cells of the others as the template has them.
            found |= {f"{subject}.{stage}.{place}": None for place in PLACES}
            for place, code in zip(PLACES, labels, strict=False):
                found[f"{subject}.{stage}.{place}"] = counts[code]
            found[f"{subject}.cot.{stage}"] = tuple(labels.get(_grade(one, stage)) for one in own)
        found[f"{subject}.cot.tt"] = tuple(range(1, len(own) + 1))
        found[f"{subject}.cot.ten"] = tuple(one.name for one in own)
        found[f"{subject}.cot.van_ban"] = tuple(papers.get(one.pk) for one in own)
    return found


def _grade(one: Dossier, stage: str) -> str:
    """Nothing decided for what is decided anew: that grade stands, and is not of this list."""
    if stage == "tu_xep":
        return str(one.self_grade)
    if stage == "de_xuat":
        return str(one.proposed_grade)
    return "" if one.state in UNDECIDED else str(one.grade)


def _papers(rated: Sequence[Dossier]) -> dict[object, str]:
    """The document of the last decision on each that stands decided."""
    decided = [one.pk for one in rated if one.state not in UNDECIDED]
    rows = GradeDecision.objects.filter(dossier_id__in=decided).order_by("number")
    said = rows.values_list("dossier_id", "document", "document_date")
    return {
        key: f"{words} ngày {day:%d/%m/%Y}" if day else words for key, words, day in said if words
    }


def unit_figures(version: UnitVersion, viewer: Viewer, *, year: int) -> Figures:
    """Organisations below a unit and members in its cells, at the end of the year or today."""
    day = min(dt.date(year, 12, 31), viewer.on)
    below = UnitClosure.objects.filter(ancestor_id=version.unit_id, valid__contains=day)
    inside = versions_visible(viewer, day).filter(unit_id__in=below.values("descendant_id"))
    kinds = Counter(inside.order_by().values_list("kind", flat=True))
    meeting = inside.filter(kind__in=[kind.value for kind in CELL_KINDS]).order_by()
    cells = meeting.values("unit_id")
    counted = MembershipCount.objects.filter(unit_id__in=cells, valid__contains=day)
    members = dict(
        counted.order_by().values("status").annotate(all=Sum("count")).values_list("status", "all")
    )
    months = (dt.date(year, 1, 1), day)
    admitted = AdmissionCount.objects.filter(unit_id__in=cells, month__range=months)
    found: dict[str, Value | tuple[Value, ...]] = {
        "ten": version.name,
        "cap_tren": _above(version, day),
        "nam": year,
        "ngay": day,
        "dang_vien.tong": sum(members.values()) if members else None,
        "ket_nap": admitted.aggregate(all=Sum("count"))["all"],
    }
    found |= {f"so.{kind.value}": kinds[kind.value] for kind in BRANCHES}
    # A status that nobody counted is not known, and never a nought.
    found |= {f"dang_vien.{code}": members.get(_STATUS[code].value) for code in STATUSES}
    return found


def _above(version: UnitVersion, day: dt.date) -> str | None:
    """Reads past the wall: what the committee above is called is no secret to those below."""
    with lowered():
        links = UnitClosure.objects.filter(
            descendant_id=version.unit_id, depth=1, valid__contains=day
        )
        above = UnitVersion.objects.filter(
            unit_id__in=links.values("ancestor_id"), valid__contains=day
        ).first()
    return above.name if above else None
