"""A paper in the register of a unit, and the addresses of the papers of a rating."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.outputs.models import PaperNumber

#: Pages that one side alone opens: who holds the role elsewhere is refused.
FOR_ONE_SIDE = {
    "resolution_send", "cycle_decide", "cycle_manage", "cycle_many", "cycle_numbers",
    "cycle_number", "dossier_numbers", "dossier_number", "programme_act", "selection_act",
    "oversight_act", "oversight_paper_number", "programme_report_number", "programme_plan_number",
    "selection_paper_number", "visit_minutes_number",
}  # fmt: skip
#: Papers of what has not come to the point of having any: refused until it has.
NOT_YET = {"oversight_paper", "oversight_paper_docx", "oversight_paper_number"}


def numbered(unit: UUID) -> dict[str, object]:
    """The parameters that lead to papers: a numbered one of the unit, and one of each kind."""
    one, _ = PaperNumber.objects.get_or_create(
        unit_id=unit, family="party", type="resolution", term="2017-2020", number=1, defaults={
            "document": "01-NQ/CB", "on": dt.date(2019, 12, 5), "about": "nạo vét mương",
            "search": "01-nq/cb nao vet muong", "body": "cell", "at": AT,
        },
    )  # fmt: skip
    return {"number_id": one.pk, "paper": "to-trinh", "dossier_paper": "thong-bao"}
