"""Every dossier of a province's year as Word, and one alone: how long, how many queries.

    VUNGMANH_DATABASE_URL=postgresql://… python bench/grading_papers.py
        [--dossiers 700] [--limit 180] [--markdown docs/bench/grading_papers.md]

In the demonstration the cycles of last year of the province and of its communes are opened,
answered, heard, proposed and decided with invented figures, in a transaction that is taken back.
Then all dossiers are written as `vungmanh grading-papers` writes them; of the province's own cycle
also the tables as Excel, and the zip turn by turn as the page makes it. Base: bare documents, drawn
from what was gathered already. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from vungmanh.config.database import open_database

ONE_SECONDS = 1.0
BEST, GOOD, DONE = "xuat_sac", "tot", "hoan_thanh"
WORDS = "Đạt chỉ tiêu đầu năm; còn hai việc kéo dài sang năm sau, đã ghi rõ người làm và hạn xong."


@dataclass
class Figures:
    """What was measured: seconds of the clock and of this process, queries, bytes."""

    rows: list[tuple[str, float, float, str]] = field(default_factory=list)
    own: int = 0  # dossiers of the first cycle
    cycles: int = 0

    def measure(self, name: str, step: Callable[[], Any], told: Callable[[Any], str]) -> Any:
        began, busy = time.perf_counter(), time.process_time()
        result = step()
        took = time.perf_counter() - began, time.process_time() - busy
        self.rows.append((name, *took, told(result)))
        print(f"{name}: {took[0]:.2f} s ({took[1]:.2f} s of this process), {told(result)}")
        return result

    def seconds(self, name: str) -> float:
        return next(clock for row, clock, _busy, _told in self.rows if row == name)


def cycles_with(wanted: int, at: dt.datetime) -> tuple[list[Any], Any]:
    """Cycles of last year, the province's and those of its communes, until they have as many
    dossiers as wanted, each told to its end; and the analyst who reads them."""
    from vungmanh.access.models import User
    from vungmanh.access.viewer import Grant, viewer_for
    from vungmanh.core.errors import NotNow
    from vungmanh.core.vocabulary import Reach, Role
    from vungmanh.evaluation.actions.cycles import open_cycle
    from vungmanh.evaluation.models import Cycle, Dossier
    from vungmanh.org.models import UnitVersion

    by = viewer_for(User.objects.get(username="chuyenvien"), on=at.date())
    year, cycles, count = at.year - 1, [], 0
    communes = UnitVersion.objects.filter(
        valid__contains=dt.date(year, 12, 31), kind="dang_bo_xa"
    ).order_by("name_key", "unit_id")
    rated = set(Cycle.objects.filter(year=year).values_list("unit_id", flat=True))
    for unit_id in [by.unit_id, *communes.values_list("unit_id", flat=True)]:
        if unit_id in rated or count >= wanted:
            continue
        grants = (Grant(Role.COMMITTEE_OFFICE, unit_id, Reach.UNIT_AND_BELOW),)
        office = replace(by, role=Role.COMMITTEE_OFFICE, grants=grants)
        try:
            cycle = open_cycle(unit_id=unit_id, year=year, by=office, at=at)
        except NotNow:
            continue
        found = list(cycle.dossiers.select_related("cycle").order_by("subject", "name", "pk"))
        kept, rest = found[: wanted - count], found[wanted - count :]
        Dossier.objects.filter(pk__in=[one.pk for one in rest]).update(
            removed_at=at, removed_reason="Ngoài phép đo."
        )
        _to_the_end(cycle, kept, by.user, at)
        cycles.append(cycle)
        count += len(kept)
    return cycles, by


def _to_the_end(cycle: Any, dossiers: list[Any], user: Any, at: dt.datetime) -> None:
    from vungmanh.evaluation.models import Dossier
    from vungmanh.strengthening.year_grading import decision_basis, dossier_findings
    from vungmanh.strengthening.year_quota import candidates_of

    findings = dossier_findings(dossiers, at=at)
    for number, one in enumerate(dossiers):
        _told(one, findings[one.pk].sheet, number)
    Dossier.objects.bulk_update(
        dossiers, ["answers", "self_grade", "self_points", "proposed_grade", "grade", "state"]
    )
    _entries(dossiers, user, at)
    findings = dossier_findings(dossiers, at=at)
    basis = decision_basis(dossiers, findings, candidates_of(cycle, at=at))
    _decisions(dossiers, basis, user, at)


def _told(dossier: Any, sheet: Any, number: int) -> None:
    from vungmanh.rulebook.values.words import SheetWay

    if sheet is not None and sheet.way is SheetWay.POINTS:
        dossier.answers = {one.code: str(int((one.points or 0) * 4 / 5)) for one in sheet.criteria}
    elif sheet is not None:
        dossier.answers = {one.code: "tot" for one in sheet.criteria}
    grade = (BEST, GOOD, GOOD, DONE)[number % 4]
    dossier.self_grade = dossier.proposed_grade = grade
    dossier.grade = GOOD if grade == BEST and number % 8 else grade
    dossier.self_points, dossier.state = 80 + number % 17, "decided"


def _entries(dossiers: list[Any], user: Any, at: dt.datetime) -> None:
    from vungmanh.evaluation.models import DossierEntry

    acts = ("write", "rate_self", "open_opinions", "give_opinion", "give_opinion", "verify",
            "propose", "decide")  # fmt: skip
    DossierEntry.objects.bulk_create(
        DossierEntry(
            dossier=one, version=1, number=number, act=act, state=one.state, grade=one.self_grade,
            body=f"Nơi cho ý kiến {number}" if act == "give_opinion" else "", reason=WORDS, by=user,
            content={"part": "answers", "changed": one.answers} if act == "write" else {}, at=at,
        )
        for one in dossiers
        for number, act in enumerate(acts, start=1)
    )  # fmt: skip


def _decisions(dossiers: list[Any], basis: Any, user: Any, at: dt.datetime) -> None:
    from vungmanh.evaluation.actions.deciding import kept_inputs
    from vungmanh.evaluation.canonical import canonical
    from vungmanh.evaluation.models import GradeDecision

    inputs = kept_inputs(basis.inputs)
    GradeDecision.objects.bulk_create(
        GradeDecision(
            dossier=one, version=1, number=1, grade=one.grade, rules=one.cycle.rules,
            rulebook=one.cycle.rulebook, inputs=inputs, result=canonical(basis.result(one)),
            document="15-QĐ/TU", document_date=at.date(), decided_on=at.date(), reason=WORDS,
            by=user, at=at,
        )
        for one in dossiers
    )  # fmt: skip


def measured(wanted: int, at: dt.datetime) -> tuple[Figures, int]:
    """Every figure, and how many dossiers there were."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from vungmanh.config.commands.grading_papers import write_papers
    from vungmanh.org.own_rules import steady
    from vungmanh.outputs.gradings import bundle, folder
    from vungmanh.outputs.gradings.dossier import dossier_from, paper_of_dossier
    from vungmanh.outputs.gradings.matter import gathered
    from vungmanh.outputs.gradings.tables import cycle_tables
    from vungmanh.outputs.gradings.workbook import cycle_workbook
    from vungmanh.outputs.papers.word import as_word

    cycles, by = cycles_with(wanted, at)
    cycle = cycles[0]
    figures, quiet = Figures(), Console(file=io.StringIO())
    dossiers = folder.dossiers_of(cycle, by)
    as_word(paper_of_dossier(dossiers[0], by, at=at))  # libraries and rules are loaded

    def all_written(out: Path) -> tuple[int, int]:
        return write_papers(quiet, cycles, by, out, notices=False, pdf=False, at=at)

    def base() -> int:
        papers = [dossier_from(one) for one in gathered(dossiers[:50], by, at=at)]
        began = time.perf_counter()
        sizes = [len(as_word(paper)) for paper in papers]
        figures.rows.append((BASE, time.perf_counter() - began, 0, f"{sum(sizes) // 50:,} bytes"))
        return len(sizes)

    def zipped(where: Path) -> int:
        begun = bundle.begin_bundle(where, cycle, by, at=at)
        turns = 0
        with steady():
            while not begun.is_ready:
                bundle.go_on(begun, cycle, by)
                turns += 1
        return turns

    with tempfile.TemporaryDirectory() as place:
        where = Path(place)
        figures.measure(ONE, lambda: as_word(paper_of_dossier(dossiers[-1], by, at=at)),
                        lambda data: f"{len(data):,} bytes")  # fmt: skip
        with steady():
            base()
            with CaptureQueriesContext(connection) as queries:
                figures.measure(ALL, lambda: all_written(where / "a"),
                                lambda counts: f"{counts[0]} files")  # fmt: skip
        print(f"queries: {len(queries)}")
        figures.measure(AGAIN, lambda: all_written(where / "a"), lambda counts: f"{counts[1]} same")
        figures.measure(ZIP, lambda: zipped(where / "zips"), lambda turns: f"{turns} turns")
        with steady():
            figures.measure(EXCEL, lambda: cycle_workbook(cycle_tables(cycle, by, at=at)),
                            lambda data: f"{len(data):,} bytes")  # fmt: skip
    figures.rows.append((QUERIES, 0, 0, f"{len(queries)}"))
    figures.own, figures.cycles = len(dossiers), len(cycles)
    count = sum(len(folder.dossiers_of(one, by)) for one in cycles)
    return figures, count


ONE, ALL, AGAIN = "one dossier, gathered and drawn", "all of them to a folder", "the same again"
BASE, ZIP, EXCEL = "50 bare documents", "the zip of the page, turn by turn", "the tables as Excel"
QUERIES = "queries of all"


def page(figures: Figures, count: int, limit: float, load: str) -> str:
    """The figures as a page."""
    base = figures.seconds(BASE) / 50
    whole, queries = figures.seconds(ALL), figures.rows[-1][3]

    def line(name: str, bound: str, against: str) -> str:
        _name, clock, busy, told = next(row for row in figures.rows if row[0] == name)
        return f"| {name} | {bound} | {clock:.1f} s | {busy:.1f} s | {told} | {against} |"

    per = [
        line(ONE, f"{ONE_SECONDS:g} s", f"{figures.seconds(ONE) / base:.1f} documents"),
        line(ALL, f"{limit:g} s", f"{whole / count / base:.2f} × a bare document each"),
        line(AGAIN, "–", f"{figures.seconds(AGAIN) / count / base:.2f} ×"),
        line(ZIP, "–", f"{figures.seconds(ZIP) / figures.own / base:.2f} ×"),
        line(EXCEL, "–", f"{figures.seconds(EXCEL) / figures.own / base:.2f} ×"),
    ]
    table = "\n".join(per)
    return f"""# The papers of a year's rating: how fast

For whoever changes how dossiers are gathered or drawn. Made by the command below, kept honest by \
`tests/contract/test_grading_folder.py`; never edited by hand.

```
PYTHONPATH=src .venv/bin/python bench/grading_papers.py --dossiers {count} \
--markdown docs/bench/grading_papers.md
```

{count} dossiers of {figures.cycles} cycles of the demonstration, each answered, with two opinions \
and a decision; zip and tables of the province's own cycle, {figures.own} dossiers; {load}.
*Clock* is what a waiting person sees, *processor* what this process used of one core; the database
is a process of its own. Base: a bare document, drawn from what was gathered already, takes
{base * 1000:.0f} ms.

| what | limit | clock | processor | made | against the base |
| --- | --- | --- | --- | --- | --- |
{table}

Writing them asked the database {queries} times: {int(queries) / count:.2f} a dossier. One dossier \
alone asks for its whole year by itself, so that it costs more than its share of many.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=700)
    parser.add_argument("--limit", type=float, default=180.0)
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    before = os.getloadavg()[0]
    with open_database(migrated=False):
        from django.db import transaction
        from django.utils import timezone

        with transaction.atomic():
            figures, count = measured(given.dossiers, timezone.now())
            transaction.set_rollback(True)
    after = os.getloadavg()[0]
    day = f"{dt.date.today():%-d %B %Y}"  # noqa: DTZ011 - the day on this machine
    load = (
        f"{day}, {os.cpu_count()} cores under a load of {before:.1f} before and {after:.1f} after"
    )
    if given.markdown:
        given.markdown.write_text(page(figures, count, given.limit, load), encoding="utf-8")
    per_limit = given.limit * count / given.dossiers
    missed = figures.seconds(ALL) > per_limit or figures.seconds(ONE) > ONE_SECONDS
    print(f"{count} dossiers, {load}; limits {'missed' if missed else 'kept'}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
