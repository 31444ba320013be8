"""Who is barred from an act although role, side and state would let him.

Who strengthened a unit does not rate it (decisions.md 11): whoever was in charge of the unit, of a
unit below it or of one it came from, on a day of the rating year. A role held for the whole
committee puts nobody in charge of one unit. Delegation goes round none of this: both who acts and
whoever lent the role are asked about.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import DossierAct, Role
from vungmanh.evaluation.models import Dossier, DossierEntry
from vungmanh.org.models import Ancestry, UnitClosure

A = DossierAct
RATING: Final = (
    A.GIVE_OPINION,
    A.VERIFY,
    A.PROPOSE,
    A.DECIDE,
    A.ANSWER_COMPLAINT,
    A.ANSWER_APPEAL,
)
#: Acts said before that open or shut others.
_TELLING: Final = (A.RATE_SELF, A.ANSWER_COMPLAINT, A.ANSWER_APPEAL)
NOT_BY_WHO_FILED: Final = (A.VERIFY, A.PROPOSE, A.DECIDE, A.ANSWER_COMPLAINT, A.ANSWER_APPEAL)


@dataclass(frozen=True)
class Bar:
    """Why this person may not do an act. `who`: the person is barred; else it is not yet time."""

    code: str
    message: str
    who: bool = True


STRENGTHENED: Final = Bar(
    "strengthened-it",
    "Trong năm xếp loại đồng chí (hoặc người ủy quyền cho đồng chí) được phân công phụ trách tổ "
    "chức này hay chi bộ bên dưới, nên không tham gia xếp loại; nhờ đồng chí khác.",
)
FILED: Final = Bar(
    "filed-it",
    "Đồng chí (hoặc người ủy quyền cho đồng chí) đã nộp bản tự xếp loại này nên không thẩm định, "
    "đề xuất hay quyết định; nhờ đồng chí khác.",
)
COMPLAIN_FIRST: Final = Bar(
    "complain-first",
    "Kiến nghị với cấp quyết định trước; có trả lời mà vẫn chưa đồng ý thì mới gửi lên cấp trên.",
    who=False,
)
COMPLAINED: Final = Bar(
    "complained-already",
    "Kiến nghị về kết quả này đã được trả lời; nếu vẫn chưa đồng ý thì kiến nghị lên cấp trên.",
    who=False,
)
APPEALED: Final = Bar(
    "appealed-already",
    "Cấp trên đã trả lời kiến nghị về kết quả này. Có tình tiết mới thì đề nghị mở lại hồ sơ.",
    who=False,
)


def bars_for(viewer: Viewer, dossier: Dossier) -> dict[DossierAct, Bar]:
    """The acts that are shut to this viewer, each with why."""
    return bars_of(viewer, [dossier])[dossier.pk]


def bars_of(viewer: Viewer, dossiers: Sequence[Dossier]) -> Mapping[UUID, dict[DossierAct, Bar]]:
    """As `bars_for`, of many; as many queries for seventy as for one."""
    persons = _persons(viewer)
    said: dict[UUID, list[DossierEntry]] = defaultdict(list)
    asked = {dossier.pk: dossier.version for dossier in dossiers}
    entries = DossierEntry.objects.filter(dossier_id__in=asked, act__in=_TELLING)
    for entry in entries.order_by("dossier_id", "number"):
        if entry.version == asked[entry.dossier_id]:
            said[entry.dossier_id].append(entry)
    own = strengthened(persons, dossiers)
    return {one.pk: _bars(persons, said[one.pk], one.pk in own) for one in dossiers}


def _bars(persons: set[UUID], said: Sequence[DossierEntry], is_own: bool) -> dict[DossierAct, Bar]:
    bars: dict[DossierAct, Bar] = {}
    filed = [entry for entry in said if entry.act == A.RATE_SELF]
    if filed and persons & {filed[-1].by_id, filed[-1].on_behalf_id}:
        bars |= dict.fromkeys(NOT_BY_WHO_FILED, FILED)
    if is_own:
        bars |= dict.fromkeys(RATING, STRENGTHENED)
    acts = {entry.act for entry in said}
    if A.ANSWER_COMPLAINT in acts:
        bars[A.COMPLAIN] = COMPLAINED
    else:
        bars[A.APPEAL] = COMPLAIN_FIRST
    if A.ANSWER_APPEAL in acts:
        bars[A.COMPLAIN] = bars[A.APPEAL] = APPEALED
    return bars


def _persons(viewer: Viewer) -> set[UUID]:
    """Who acts and, in a borrowed role, for whom."""
    lender = viewer.on_behalf_of
    return {viewer.user.pk, lender.pk} if lender else {viewer.user.pk}


def strengthened(persons: set[UUID], dossiers: Sequence[Dossier]) -> set[UUID]:
    """The dossiers of units that any of the persons was in charge of, or of one within, in the
    year; also where that unit has since become part of the one that is rated."""
    found: set[UUID] = set()
    for year in {dossier.cycle.year for dossier in dossiers}:
        days = DateRange(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
        charged = list(
            RoleGrant.objects.filter(
                role=Role.OVERSEER, user_id__in=persons, valid__overlap=days
            ).values_list("unit_id", flat=True)
        )
        if not charged:
            continue
        above = UnitClosure.objects.filter(descendant_id__in=charged, valid__overlap=days)
        units = set(above.order_by().values_list("ancestor_id", flat=True))
        heirs = Ancestry.objects.filter(predecessor_id__in=units)
        units |= set(heirs.values_list("successor_id", flat=True))
        found |= {one.pk for one in dossiers if one.cycle.year == year and one.unit_id in units}
    return found
