"""The grades that stand in the cycles of one year and level, handed to `moderation`.

A committee is compared with those of its kind that rate the same year: all their dossiers are read
past the wall, and only sums of them are shown (decisions.md 6). Who asks has checked the cycle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef

from vungmanh.access.wall import lowered
from vungmanh.core.vocabulary import DossierSubject
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.models import UnitVersion
from vungmanh.strengthening.moderation import Moderation, moderate


def moderate_cycle(cycle: Cycle, *, at: dt.datetime) -> Moderation:
    """The cycle's committee among those of its level; as it stood when the cycle was closed."""
    with lowered():
        dossiers = list(
            Dossier.objects.filter(
                cycle__in=cycles_of_level(cycle),
                subject=DossierSubject.ORGANISATION,
                removed_at=None,
            ).values_list(
                "unit_id", "cycle_id", "cycle__unit_id", "proposed_grade", "self_grade", "group"
            )
        )
    dossiers.sort(key=lambda row: (row[1] == cycle.pk, row[1]))  # what stands here counts here
    return moderate(
        {unit: proposed or own for unit, _, _, proposed, own, _ in dossiers if proposed or own},
        {row[0]: row[2] for row in dossiers},
        year=cycle.year,
        at=cycle.closed_at or at,
        groups={row[0]: row[5] for row in dossiers},
    )


def cycles_of_level(cycle: Cycle) -> list[UUID]:
    """The cycles of the same year whose committee was of the same kind on their day."""
    kinds = UnitVersion.objects.filter(unit_id=cycle.unit_id, valid__contains=cycle.on)
    of_kind = UnitVersion.objects.filter(
        unit_id=OuterRef("unit_id"), valid__contains=OuterRef("on"), kind__in=kinds.values("kind")
    )
    found = Cycle.objects.filter(Exists(of_kind), year=cycle.year).order_by()
    return sorted({cycle.pk, *found.values_list("pk", flat=True)})


def standing_grade(dossier: Dossier) -> str:
    """The grade put to the vote: proposed, else one's own; empty where nobody said one."""
    return dossier.proposed_grade or dossier.self_grade


def organisations(dossiers: Iterable[Dossier]) -> list[Dossier]:
    """Those of organisations: the figures tell nothing of a leading collective alone."""
    return [one for one in dossiers if one.subject == DossierSubject.ORGANISATION]
