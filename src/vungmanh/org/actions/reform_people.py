"""Who goes to which part of a unit that is split: said by a person, for everybody on the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.vocabulary import ReformState
from vungmanh.org.models import Membership, Reform
from vungmanh.org.queries import held_unit
from vungmanh.org.reform.load import load_structure
from vungmanh.org.reform.queries import DRAFT, reform_visible
from vungmanh.org.reform.steps import Split, steps_from_json, steps_to_json

NAMES = "org.person.view"


@transaction.atomic
def allot_people(
    *, reform_id: UUID, unit_id: UUID, who: Mapping[UUID, str], by: Viewer, at: dt.datetime
) -> Reform:
    """Write into a draft to which part each person of a unit goes: unit id, or "#ref".

    Whoever keeps the names of the unit says it, whoever drafted the rest: an analyst reads no
    names. Raises NotFound where the draft splits no such unit, NotNow once it is carried out,
    InputError for a part that is none of its own or a person left out.
    """
    check_can(by, DRAFT)
    check_can(by, NAMES)
    draft = reform_visible(by, reform_id, lock=True)
    if draft.state == ReformState.COMMITTED:
        raise NotNow("Việc sắp xếp đã thực hiện nên không sửa được.", code="reform-committed")
    held_unit(by, unit_id, by.on)
    steps = list(steps_from_json(draft.steps))
    place = next(
        (n for n, one in enumerate(steps) if isinstance(one, Split) and one.unit == str(unit_id)),
        None,
    )
    if place is None:
        raise NotFound("Dự thảo này không chia tách đơn vị ấy.")
    split = steps[place]
    assert isinstance(split, Split)
    people = people_of(unit_id, draft.effective_on)
    targets = {part.target for part in split.parts}
    for person in people:
        if who.get(person) not in targets:
            raise InputError(
                "Chọn phần nhận cho từng người trong danh sách.", field=str(person), code="no-part"
            )
    parts = tuple(
        replace(part, people=tuple(str(one) for one in people if who[one] == part.target))
        for part in split.parts
    )
    steps[place] = replace(split, parts=parts)
    draft.steps = steps_to_json(steps)
    draft.basis = load_structure(tuple(steps), draft.effective_on).basis
    draft.save()
    record("reform.people_allotted", by=by.user, at=at, subject=f"reform:{draft.pk}",
           data={"unit": str(unit_id), "people": len(people)})  # fmt: skip
    return draft


def people_of(unit_id: UUID, on: dt.date) -> list[UUID]:
    """Everybody on the list of a unit on a day, each once."""
    rows = Membership.objects.filter(unit_id=unit_id, valid__contains=on)
    return list(dict.fromkeys(rows.order_by("person_id").values_list("person_id", flat=True)))
