"""One act on many dossiers at once, as it is typed from the minutes of one meeting.

Each row goes through the act it would go through on its own page; all of them are written or none.
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
from vungmanh.evaluation.actions.dossiers import give_opinion, open_opinions, propose, verify
from vungmanh.evaluation.actions.hand import Points

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
    wrong = {}
    for row in sorted(rows, key=lambda row: row.dossier_id):  # locked in the order of all acts
        try:
            with transaction.atomic():
                _one(act, row, body, by, at)
        except (InputError, NotNow, NotAllowed, Conflict) as error:
            wrong[row.dossier_id] = error.message
    if wrong:
        raise RowsWrong(wrong, len(rows))
    return len(rows)


def _one(act: DossierAct, row: Row, body: str, by: Viewer, at: dt.datetime) -> None:
    key = row.dossier_id
    if act is A.OPEN_OPINIONS:
        open_opinions(dossier_id=key, by=by, at=at)
    elif act is A.GIVE_OPINION:
        give_opinion(dossier_id=key, body=body, grade=row.grade, reason=row.reason, by=by, at=at)
    elif act is A.VERIFY:
        verify(dossier_id=key, by=by, at=at)
    else:
        propose(dossier_id=key, grade=row.grade, points=row.points, reason=row.reason, by=by, at=at)
