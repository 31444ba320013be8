"""A post, a term and a rotation, for the tests of pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.cadre.models import Rotation, Term
from vungmanh.org.models import Appointment


def placed(unit: UUID, above: UUID) -> dict[str, object]:
    """Parameters that lead to an appointment, a term and a rotation of a unit."""
    day = dt.date(2019, 3, 1)
    post = {"unit_id": unit, "post": "deputy_secretary"}
    days = (day, None)
    row = Appointment.objects.filter(**post).first() or Appointment.objects.create(
        **post, holder_name="Phó Bí Thư Thử", valid=days, way="appointed", document="QĐ 1"
    )
    kept = {"began_on": day, "document": "QĐ 1"}
    term, _ = Term.objects.get_or_create(
        unit_id=unit, **kept, defaults={"due_on": dt.date(2024, 3, 1), "ordinal": 3}
    )
    rotation, _ = Rotation.objects.get_or_create(
        from_unit_id=above, to_unit_id=unit, **kept,
        defaults={
            "holder_name": "Người Luân Chuyển", "way": "rotated_down", "from_post": "secretary",
            "to_post": "secretary", "aim": "Giúp chi bộ", "return_on": dt.date(2022, 3, 1),
            "state": "away",
        },
    )  # fmt: skip
    return {"appointment_id": row.pk, "term_id": term.pk, "rotation_id": rotation.pk}
