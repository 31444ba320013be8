"""One act on many dossiers at once, as it is typed from the minutes of one meeting.

What is kept of each row is what its own page would keep; all of them are written or none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.vocabulary import DossierAct
from vungmanh.evaluation.actions.dossiers import opinion_said, proposed_said, verified_said
from vungmanh.evaluation.actions.hand import Hand, Points, Said, done_many, locked, locked_many
from vungmanh.evaluation.models import Dossier

A = DossierAct
#: The acts of a committee that a meeting does for many. A return has a reason of its own each time.
MANY: Final = (A.OPEN_OPINIONS, A.GIVE_OPINION, A.VERIFY, A.PROPOSE)


@dataclass(frozen=True)
class Row:
    """What is said of one dossier; which parts count depends on the act."""

    dossier_id: UUID
    grade: str = ""
    points: Points = None
    reason: str = ""


class RowsWrong(InputError):
    """Nothing was written. `rows` says of each dossier that was refused why."""

    def __init__(self, rows: Mapping[UUID, str], asked: int) -> None:
        super().__init__(
            f"Chưa ghi hồ sơ nào: {len(rows)} trong {asked} hồ sơ còn vướng. Sửa ở dòng ghi lỗi "
            "rồi ghi lại; điều đã chọn còn nguyên.",
            code="rows-wrong",
        )
        self.rows = dict(rows)


@transaction.atomic
def act_on_many(
    *, act: DossierAct, rows: Collection[Row], by: Viewer, at: dt.datetime, body: str = ""
) -> int:
    """Do the act on every row; `body` is whose opinion is given. How many were done.

    Raises RowsWrong where a row is refused, InputError (`no-rows`) where none is given, NotFound
    for a dossier out of sight.
    """
    if act not in MANY:
        raise ValueError(f"not an act for many: {act!r}")
    if not rows:
        raise InputError(
            "Chưa chọn hồ sơ nào. Chọn ở từng dòng rồi ghi; dòng để trống thì chưa ghi gì.",
            code="no-rows",
        )
    by_id = {row.dossier_id: row for row in rows}
    found = _locked(by_id, act, by)
    wrong, said = {}, {}
    for dossier in found:
        try:
            said[dossier.pk] = _said(dossier, act, by_id[dossier.pk], body)
        except (InputError, Conflict) as error:
            wrong[dossier.pk] = error.message
    if wrong:
        raise RowsWrong(wrong, len(by_id))
    if act is A.PROPOSE:
        for dossier in found:
            dossier.proposed_grade = said[dossier.pk].grade
    done_many(found, act, Hand(by, at), said)
    return len(found)


def _locked(rows: Collection[UUID], act: DossierAct, by: Viewer) -> list[Dossier]:
    """The dossiers, locked together; where one may not be done now, each that may not says why."""
    try:
        with transaction.atomic():
            return locked_many(rows, act, by)
    except (NotNow, NotAllowed):
        wrong = {}
        for dossier_id in sorted(rows):
            try:
                locked(dossier_id, act, by)
            except (NotNow, NotAllowed) as error:
                wrong[dossier_id] = error.message
        raise RowsWrong(wrong, len(rows)) from None


def _said(dossier: Dossier, act: DossierAct, row: Row, body: str) -> Said:
    """What is kept of one row, as its own page would keep it."""
    if act is A.GIVE_OPINION:
        return opinion_said(dossier, body, row.grade, row.reason)
    if act is A.VERIFY:
        return verified_said(dossier)
    if act is A.PROPOSE:
        return proposed_said(dossier, row.grade, row.points, row.reason)
    return Said()
