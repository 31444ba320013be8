"""The demonstration's scheme 2016–2020: from the list of chosen organisations to its summing up.

The simulated province chose organisations in those years and helped them in one of four ways. Here
that is told by the acts that people use, in the order of time: programme, selections by the
committees of then, a file for each with causes, measures and visits, leaving by terms that were
fixed at entry, reports at the gates. Whether a unit may leave is found from its own records.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.analysis.simulate import Province
from vungmanh.analysis.simulate.scheme import SCHEME_YEARS, Help
from vungmanh.config import demo_support_words as words
from vungmanh.config.demo_support_files import FileStory, end_measures, tell_first_year
from vungmanh.config.demo_support_leaving import (
    end_with_the_unit,
    review_half_year,
    turn_of_year,
)
from vungmanh.config.demo_support_people import (
    Committee,
    Hands,
    lock_accounts,
    make_committees,
)
from vungmanh.core.programme_words import GateKind
from vungmanh.core.vocabulary import Structure, UnitKind
from vungmanh.org.actions.own_rules import Paper, adopt_rule, draft_rule
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.own_rules import steady
from vungmanh.rulebook.values.programmes import ExitRule, GreyZone, ProgrammeGates
from vungmanh.strengthening.actions.choosing import override, run_selection, submit_selection
from vungmanh.strengthening.actions.deciding_selection import decide_and_open
from vungmanh.strengthening.actions.gate_reports import file_gate_report
from vungmanh.strengthening.actions.programme_endings import close_programme
from vungmanh.strengthening.actions.programmes import (
    ProgrammeText,
    TargetText,
    approve_programme,
    draft_programme,
    set_targets,
    submit_programme,
)
from vungmanh.strengthening.choosing import Asked, units_chosen
from vungmanh.strengthening.models import Assessment, Programme, Selection, SupportFile
from vungmanh.strengthening.programme_figures import measured

CHOOSING = (UnitKind.DANG_BO_HUYEN, UnitKind.DANG_BO_CAP_TREN)
FIRST, LAST = SCHEME_YEARS.start, SCHEME_YEARS.stop - 1
_LAID_DOWN, _DRAFTED, _SUBMITTED, _APPROVED = (dt.date(FIRST, 1, day) for day in (4, 6, 8, 12))
_SUMMED_UP = dt.date(LAST, 11, 20)
_FOLLOWED_UNTIL = 2025  # the last January in which the committees of then look at open files
_NEVER_TOLD = (GateKind.MID_TERM, 6)  # the gate and the committee
_NUMBERS = range(12, 59)  # of decisions
_LATE = 5  # of the reports at a gate, every so many


@steady()
def lay_down_terms(*, province: Province, analyst: User) -> bool:
    """The province's own rules of those years, before anybody is assessed; False without a scheme.

    Who left then was told by what the records of each month say: the template asks for an
    assessment of every month, and those years are assessed in December only.
    """
    if not province.truth["chosen"]["unit"]:
        return False
    who = Hands().hand(analyst, _LAID_DOWN)
    for key, title, text, number, note in (
        (ExitRule.key, words.EXIT_TITLE, words.EXIT_TEXT, "01-QĐ/TU", words.EXIT_NOTE),
        (ProgrammeGates.key, words.GATES_TITLE, words.GATES_TEXT, "02-QĐ/TU", words.GATES_NOTE),
    ):
        rule = draft_rule(key=key, title=title, text=text, **who)
        paper = Paper(
            issuer="Tỉnh ủy Mẫu", type="Quyết định", number=f"{number} (giả định)",
            issued_on=dt.date(FIRST, 1, 2), valid_from=dt.date(FIRST, 1, 2),
            valid_to=dt.date(LAST + 1, 1, 1), note=note,
        )  # fmt: skip
        adopt_rule(own_rule_id=rule.pk, paper=paper, **who)
    return True


@steady()
def write_demo_support(
    *, province: Province, people: Mapping[str, User], today: dt.date
) -> Programme | None:
    """The whole scheme, after the Decembers were assessed. None where nobody was chosen."""
    chosen = _chosen(province)
    if not chosen:
        return None
    hands, known = Hands(), list(User.objects.values_list("pk", flat=True))
    kinds = UnitVersion.objects.filter(
        kind__in=CHOOSING, valid__contains=_DRAFTED, unit__versions=F("pk")
    )
    committees = make_committees(list(kinds.order_by("name_key").distinct()))
    programme = _programme(people, hands)
    stories: list[FileStory] = []
    for year in range(FIRST, _FOLLOWED_UNTIL + 1):
        for story in stories:
            turn_of_year(story, year, hands)
        for unit_id, help in chosen.get(year, ()):
            story = _chosen_one(programme, (year, unit_id, help), committees, hands)
            story.number = len(stories) + 1
            stories.append(story)
            tell_first_year(story, hands)
        if year <= LAST:
            for story in stories:
                review_half_year(story, year, hands)
            for story in stories:
                if story.year == year:
                    end_measures(story, hands)
            _report(programme, year, committees, hands)
        if year == LAST:
            board = hands.hand(people["thuongvu"], _SUMMED_UP)
            close_programme(programme_id=programme.pk, closed_on=_SUMMED_UP, **board)
    end_with_the_unit(stories, hands, today)
    lock_accounts(known)
    programme.refresh_from_db()
    return programme


def _chosen(province: Province) -> dict[int, list[tuple[UUID, Help]]]:
    """Who was chosen in each year and how it was helped; the effects are not read."""
    table = province.truth["chosen"]
    found: dict[int, list[tuple[UUID, Help]]] = defaultdict(list)
    for unit, day, help in zip(table["unit"], table["started_on"], table["help"], strict=True):
        found[day.year].append((UUID(str(unit)), Help(help)))
    return found


def _programme(people: Mapping[str, User], hands: Hands) -> Programme:
    """Drafted by the analyst of the province, decided by its standing committee."""
    drafted = hands.hand(people["chuyenvien"], _DRAFTED)
    analyst: Viewer = drafted["by"]
    assert analyst.unit_id is not None
    said = ProgrammeText(
        title=words.TITLE, first_year=FIRST, last_year=LAST, weaknesses=words.WEAKNESSES,
        levels=dict.fromkeys(CHOOSING, 1), measures=words.MEASURES,
    )  # fmt: skip
    made = draft_programme(unit_id=analyst.unit_id, said=said, **drafted)
    set_targets(programme_id=made.pk, revision=made.revision, targets=_targets(analyst), **drafted)
    submit_programme(programme_id=made.pk, **hands.hand(people["chuyenvien"], _SUBMITTED))
    return approve_programme(
        programme_id=made.pk, number=words.NUMBER, decided_on=_APPROVED,
        **hands.hand(people["thuongvu"], _APPROVED),
    )  # fmt: skip


def _targets(analyst: Viewer) -> list[TargetText]:
    """Each begins where the records stood when the programme began."""
    month, due = dt.date(FIRST - 1, 12, 1), dt.date(LAST, 12, 31)
    aims = {
        "hop-du-ky": ("Tỷ lệ kỳ sinh hoạt chi bộ đã họp, trong các kỳ đã báo cáo (%)", 97, True),
        "day-du-bao-cao": ("Tỷ lệ kỳ sinh hoạt có báo cáo (%)", 99, True),
        "chi-bo-khong-dat": ("Số chi bộ có lý do nặng", 60, False),
    }
    known = measured(
        aims, None, Structure.THEN, by=analyst, period=month, as_of=dt.date(FIRST - 1, 12, 31)
    )
    found = [
        TargetText(
            text=text, aim_value=Decimal(aim), due_on=due, indicator=code, is_rise=rises,
            base_value=round(Decimal(known[code].value), 1) if code in known else None,
            base_month=month if code in known else None,
        )
        for code, (text, aim, rises) in aims.items()
    ]  # fmt: skip
    return [*found, TargetText(text=words.EVERYWHERE, aim_value=Decimal(100), due_on=due)]


def _chosen_one(
    programme: Programme, whom: tuple[int, UUID, Help], committees: Mapping[UUID, Committee],
    hands: Hands,
) -> FileStory:  # fmt: skip
    """One committee chooses one organisation: by the rule, or by name with its reason."""
    year, unit_id, help = whom
    run_on, decided = dt.date(year, 1, 16), dt.date(year, 1, 20)
    above = UnitClosure.objects.filter(descendant_id=unit_id, valid__contains=run_on)
    place = above.get(ancestor_id__in=committees).ancestor_id
    committee = committees[place]
    made = run_selection(
        programme_id=programme.pk, unit_id=place, year=year, month=dt.date(year - 1, 12, 1),
        asked=Asked(1, grey=GreyZone.NONE), **hands.hand(committee.office, run_on),
    )  # fmt: skip
    submit_selection(selection_id=made.pk, **hands.hand(committee.office, run_on))
    _by_name(made, unit_id, hands.hand(committee.board, decided))
    decide_and_open(
        selection_id=made.pk, decided_on=decided,
        number=f"{_NUMBERS[unit_id.int % len(_NUMBERS)]}-QĐ/HU (giả định)",
        **hands.hand(committee.board, decided),
    )  # fmt: skip
    file = SupportFile.objects.get(choice__selection=made)
    return FileStory(file.pk, unit_id, year, help, committee, number=0)


def _by_name(made: Selection, unit_id: UUID, board: dict[str, object]) -> None:
    """What the rule proposes gives way where the committee meant another."""
    proposed = units_chosen(made.result)
    for one in proposed:
        if one != unit_id:
            _otherwise(made, one, False, words.LEFT_OUT, board)
    if unit_id not in proposed:
        row = Assessment.objects.get(run__month=made.month, unit_id=unit_id)
        reason = words.TAKEN_IN.format(
            year=made.month.year, held=row.held, due=row.due, no_report=row.no_report
        )
        _otherwise(made, unit_id, True, reason, board)


def _otherwise(
    made: Selection, unit_id: UUID, is_in: bool, reason: str, board: dict[str, object]
) -> None:
    override(selection_id=made.pk, unit_id=unit_id, is_in=is_in, reason=reason, **board)  # type: ignore[arg-type]


def _report(
    programme: Programme, year: int, committees: Mapping[UUID, Committee], hands: Hands
) -> None:
    """What each committee told at the gates of a year; some late, one never."""
    for gate in programme.gates.filter(due_on__year=year).order_by("due_on"):
        for number, committee in enumerate(committees.values(), start=1):
            if (gate.kind, number) == _NEVER_TOLD:
                continue
            late = (number + year) % _LATE == 0
            on = gate.due_on + dt.timedelta(days=9 if late else -(number % 6))
            file_gate_report(
                gate_id=gate.pk, unit_id=committee.unit_id, text=words.REPORTED[gate.kind],
                document=f"{number * 7}-BC/HU (giả định)", **hands.hand(committee.office, on),
            )  # fmt: skip
