"""A dossier with nothing in it yet, made without opening a whole cycle."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.procedure import rules_of_year

ON = dt.date(2019, 12, 31)


def dossier_of(unit: UUID, above: UUID) -> Dossier:
    """The dossier of 2019 of a village cell, in the cycle of the committee above it."""
    rules = rules_of_year(2019, ON)
    cycle, _ = Cycle.objects.get_or_create(
        unit_id=above, year=2019, defaults={
            "name": "Kỳ thử", "regime": rules.regime, "on": ON, "rules": dict(rules.ids),
            "rulebook": rules.rulebook, "bodies": ["Ban Tổ chức"], "state": "open",
            "opened_at": AT,
        },
    )  # fmt: skip
    return Dossier.objects.get_or_create(
        cycle=cycle, unit_id=unit, subject="organisation", defaults={
            "name": "Chi bộ thử", "group": "village", "tier": "chi_bo", "state": "waiting",
            "changed_at": AT,
        },
    )[0]  # fmt: skip


def rated(unit: UUID, above: UUID) -> dict[str, object]:
    """The parameters that lead to that dossier and its cycle."""
    dossier = dossier_of(unit, above)
    return {"cycle_id": dossier.cycle_id, "dossier_id": dossier.pk}
