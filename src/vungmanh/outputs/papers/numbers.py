"""Numbers of papers: by type, from 1 in each congress term of the committee that issues them."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.org.models import Unit
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.issuing import check_may_issue
from vungmanh.outputs.papers.layout import LONGEST_NAME, layout_on, plain
from vungmanh.rulebook.values.papers import NumberRestart, PaperBody, PaperFamily, PaperType

NUMBER = "outputs.paper.number"
_TERM = re.compile(r"(\d{4})-(\d{4})")
LONGEST_TERM = 10  # years


@transaction.atomic
def take_number(
    *, unit_id: UUID, kind: PaperType, body: PaperBody, on: dt.date, about: str, term: str = "",
    subject: str = "", family: PaperFamily = PaperFamily.PARTY, by: Viewer, at: dt.datetime,
) -> PaperNumber:  # fmt: skip
    """The next number of a type. The same `subject` again gets the number it has.

    `term` is the congress term ("2025-2030") on which the day lies; State papers count by year. A
    number of a transaction that fails is taken by the next one: there are no gaps. Raises NotFound
    for a unit out of reach, RuleBroken for a type the body may not issue, InputError.
    """
    check_can(by, NUMBER)
    beside_register()
    visible_unit(by, unit_id, by.on)
    check_may_issue(body, kind, on=on)
    about = _clean(kind, on, about, family, at)
    term = _term(term, on, family)
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)  # one after the other
    of_type = PaperNumber.objects.filter(unit_id=unit_id, family=family, type=kind)
    known = of_type.filter(subject=subject).first() if subject else None
    if known is not None:
        return known
    last = of_type.filter(term=term).aggregate(last=Max("number"))["last"] or 0
    taken = PaperNumber.objects.create(
        unit_id=unit_id, family=family, type=kind, term=term, number=last + 1, on=on, about=about,
        subject=subject, by=by.user, at=at,
    )  # fmt: skip
    record(
        "paper.numbered",
        by=by.user,
        at=at,
        subject=f"paper_number:{taken.pk}",
        data={"unit": str(unit_id), "type": kind, "term": term, "number": taken.number,
              "on": on.isoformat(), "about": about, "for": subject},
    )  # fmt: skip
    return taken


def _clean(kind: PaperType, on: dt.date, about: str, family: PaperFamily, at: dt.datetime) -> str:
    if not layout_on(on, family).layout.letters(kind):
        raise InputError(
            f"{kind.label} không đánh số. Chọn loại văn bản khác hoặc in không có số.",
            field="type",
            code="paper-has-no-number",
        )
    if on > localdate(at):
        raise InputError("Ngày của văn bản ở sau hôm nay. Ghi lại ngày.", field="on")
    said = " ".join(plain(about).split())
    if not said or len(said) > LONGEST_NAME:
        raise InputError(
            f"Ghi trích yếu của văn bản, nhiều nhất {LONGEST_NAME} ký tự.", field="about"
        )
    return said


def _term(term: str, on: dt.date, family: PaperFamily) -> str:
    if layout_on(on, family).layout.restarts is NumberRestart.YEAR:
        return str(on.year)
    found = _TERM.fullmatch(term.strip())
    first, last = (int(year) for year in found.groups()) if found else (0, 0)
    if not first < last <= first + LONGEST_TERM or not first <= on.year <= last:
        raise InputError(
            "Ghi nhiệm kỳ đại hội có ngày của văn bản, dạng 2025-2030.",
            field="term",
            code="paper-term",
        )
    return term.strip()
