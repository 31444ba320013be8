"""A layout and limits that the province wrote itself go before those that come with the program."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from docx.shared import Mm

from tests.cast import AT, make_cast
from tests.unit.outputs.paper_samples import LATER, SENDER, STANDING
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import RuleBroken
from vungmanh.core.vocabulary import Role
from vungmanh.org.actions.own_rules import Paper, adopt_rule, draft_rule
from vungmanh.org.own_rules import text_of
from vungmanh.outputs.papers.document import Prose
from vungmanh.outputs.papers.issuing import check_may_issue
from vungmanh.outputs.papers.kinds.sender import paper_of
from vungmanh.outputs.papers.layout import layout_on
from vungmanh.outputs.papers.word import as_word
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.papers import (
    PaperBody,
    PaperFamily,
    PaperLimits,
    PaperType,
    PartyPaperLayout,
)

pytestmark = pytest.mark.django_db
FROM = dt.date(2026, 10, 1)
DOCUMENT = Paper("Văn phòng Tỉnh ủy tỉnh Mẫu", "Hướng dẫn", "3-HD/VPTU", FROM, FROM)


@pytest.fixture
def analyst() -> Viewer:
    day = dt.date(2019, 12, 1)
    cast = make_cast(first=day, last=day)
    return viewer_for(cast.user("pt", Role.PROVINCIAL_ANALYST), on=AT.date())


def adopt(by: Viewer, key: str, text: str) -> None:
    own = draft_rule(key=key, title="Thể thức của tỉnh", text=text, by=by, at=AT)
    adopt_rule(own_rule_id=own.pk, paper=DOCUMENT, by=by, at=AT)


def margins(day: dt.date) -> tuple[int, int]:
    """Left and right of a decision of that day as Word has them, in millimetres."""
    sender = SENDER.__class__(**{**vars(SENDER), "day": day, "on": day})
    made = paper_of(
        sender, PaperType.DECISION, about="thử", parts=(Prose(("Một câu.",)),), closing=STANDING
    )
    section = docx.Document(io.BytesIO(as_word(made))).sections[0]
    return round(section.left_margin / Mm(1)), round(section.right_margin / Mm(1))


def test_a_layout_of_the_province_changes_the_margins_from_its_day(analyst: Viewer) -> None:
    rule = load_rulebook().on(LATER).rule(PartyPaperLayout.key)
    text = (
        text_of(rule).replace("left_mm: 30", "left_mm: 35").replace("right_mm: 15", "right_mm: 20")
    )
    assert margins(LATER) == (30, 15)
    adopt(analyst, PartyPaperLayout.key, text)
    assert margins(LATER) == (35, 20)
    assert margins(FROM - dt.timedelta(days=1)) == (30, 15)
    assert layout_on(LATER, PaperFamily.STATE).layout.left_mm == 30
    assert layout_on(LATER).rule.document.number == "3-HD/VPTU"
    assert layout_on(dt.date(2015, 1, 1)).is_stand_in  # before the first that anybody wrote


def test_limits_of_the_province_refuse_what_the_general_ones_allow(analyst: Viewer) -> None:
    check_may_issue(PaperBody.CELL, PaperType.SCHEME, on=LATER)
    adopt(analyst, PaperLimits.key, "limits:\n  - {body: cell, types: [scheme]}\n")
    with pytest.raises(RuleBroken, match="Chi bộ không được ban hành đề án"):
        check_may_issue(PaperBody.CELL, PaperType.SCHEME, on=LATER)
    check_may_issue(PaperBody.CELL, PaperType.SCHEME, on=FROM - dt.timedelta(days=1))
