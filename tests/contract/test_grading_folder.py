"""Papers of many dossiers: the same as one by one, in a bounded number of queries, whole or not."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rich.console import Console

from tests.cast import LANG_THU, PROVINCE, Cast, make_cast
from tests.contract.rating_story import (
    CELL,
    GOOD,
    NOW,
    OTHER_CELL,
    YEAR,
    analyst,
    brought_to,
    dossier_of,
    office,
    opened,
    secretary,
)
from vungmanh.config.commands.grading_papers import cycles_of, viewer_of, write_papers
from vungmanh.config.steps import counted
from vungmanh.core.errors import InputError, NotAllowed, NotFound
from vungmanh.core.text import slug
from vungmanh.core.vocabulary import DossierState, DossierSubject, Role
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.models import UnitVersion
from vungmanh.org.own_rules import steady
from vungmanh.outputs.gradings import folder
from vungmanh.outputs.gradings.dossier import dossier_from, paper_of_dossier, paper_of_result
from vungmanh.outputs.gradings.matter import gathered
from vungmanh.outputs.papers.word import as_word

pytestmark = pytest.mark.django_db
LONG = "Chi bộ " + "thôn Đồi Mẫu rất dài " * 14  # 300 letters


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=NOW.date().replace(year=YEAR, month=1, day=1))


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    """Three cells: one decided, one proposed, one waiting."""
    made = opened(cast)
    for name, state in ((CELL, DossierState.DECIDED), (OTHER_CELL, DossierState.PROPOSED)):
        by = office(cast)
        brought_to(state, dossier_of(made, cast, name), secretary(cast, name), by, by)
    return made


def run(cycle: Cycle, viewer: Any, out: Path, **more: Any) -> tuple[tuple[int, int], str]:
    console = Console(file=io.StringIO(), width=200)
    options = {"notices": False, "pdf": False, "at": NOW, **more}
    counts = write_papers(console, [cycle], viewer, out, **options)
    return counts, console.file.getvalue()  # type: ignore[attr-defined]


def files_in(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.*")}


# --- the same papers, in few queries -------------------------------------------------------------


def test_papers_of_many_are_the_papers_of_each(cast: Cast, cycle: Cycle) -> None:
    viewer = office(cast)
    dossiers = folder.dossiers_of(cycle, viewer)
    files = folder.files_of(dossiers, notices=True)
    found = dict(folder.made(dossiers, files, viewer, at=NOW))
    assert len(found) == 2 * len(dossiers) == 6
    by_id = {one.pk: one for one in dossiers}
    for file, data in found.items():
        make = paper_of_result if file.is_notice else paper_of_dossier
        assert data == as_word(make(by_id[file.dossier_id], viewer, at=NOW)), file.name


def test_the_number_of_queries_does_not_grow_with_the_dossiers(cast: Cast, cycle: Cycle) -> None:
    viewer = office(cast)
    Dossier.objects.filter(cycle=cycle).exclude(name=CELL).update(self_grade=GOOD)
    dossiers = folder.dossiers_of(cycle, viewer)
    first = [one for one in dossiers if one.name == CELL]  # decided: it asks for the most
    counts = []
    for asked in (first, dossiers):
        with steady(), CaptureQueriesContext(connection) as queries:
            papers = [dossier_from(one) for one in gathered(asked, viewer, at=NOW)]
        assert len(papers) == len(asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_dossiers_are_gathered_some_at_a_time(
    cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = office(cast)
    dossiers = folder.dossiers_of(cycle, viewer)
    files = folder.files_of(dossiers)
    whole = list(folder.made(dossiers, files, viewer, at=NOW))
    monkeypatch.setattr(folder, "AT_ONCE", 1)
    assert list(folder.made(dossiers, files, viewer, at=NOW)) == whole


# --- names ---------------------------------------------------------------------------------------


def test_a_name_tells_unit_code_and_year(cast: Cast, cycle: Cycle) -> None:
    UnitVersion.objects.filter(unit_id=cast[CELL]).update(official_code="99.201/07")
    names = {one.name for one in folder.files_of(folder.dossiers_of(cycle, office(cast)))}
    assert "ho-so-chi-bo-thon-na-mau-99-201-07-2019.docx" in names
    assert "ho-so-chi-bo-thon-doi-mau-2019.docx" in names


def test_namesakes_are_told_apart_and_long_names_cut(cast: Cast, cycle: Cycle) -> None:
    dossiers = folder.dossiers_of(cycle, office(cast))
    for one in dossiers[:2]:
        one.name = LONG
    leading = Dossier(
        cycle=cycle, unit_id=dossiers[0].unit_id, name=LONG, subject=DossierSubject.LEADERSHIP
    )
    files = folder.files_of([*dossiers, leading])
    names = [one.name for one in files]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) < 130
    assert all(re.fullmatch(r"[a-z0-9-]+\.docx", name) for name in names)
    assert names == [one.name for one in folder.files_of([*dossiers, leading])]
    assert sum("tap-the-lanh-dao" in name for name in names) == 1


def test_a_slug_is_cut_between_words() -> None:
    assert slug("Đảng bộ xã Quan Mẫu", most=12) == "dang-bo-xa"
    assert slug("Đảng bộ") == "dang-bo"
    assert slug("x" * 300, most=20) == "x" * 20


# --- written whole, and again --------------------------------------------------------------------


def test_a_second_run_finds_the_same_bytes_and_writes_nothing(
    cast: Cast, cycle: Cycle, tmp_path: Path
) -> None:
    viewer = office(cast)
    counts, said = run(cycle, viewer, tmp_path, notices=True)
    assert counts == (6, 0)
    assert "6/6" in said
    first = files_in(tmp_path)
    assert len(first) == 6
    assert {name.split("/")[0] for name in first} == {"dang-bo-xa-quan-mau-2019"}
    assert run(cycle, viewer, tmp_path, notices=True)[0] == (0, 6)
    assert files_in(tmp_path) == first
    text = docx.Document(io.BytesIO(next(iter(first.values())))).tables[0].rows[0].cells[0].text
    assert "ĐẢNG ỦY XÃ QUAN MẪU" in text


def test_what_breaks_off_leaves_whole_files_only(
    cast: Cast, cycle: Cycle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bytes] = []

    def breaks(paper: Any) -> bytes:
        if drawn:
            raise KeyboardInterrupt
        drawn.append(as_word(paper))
        return drawn[0]

    monkeypatch.setattr("vungmanh.outputs.papers.word.as_word", breaks)
    with pytest.raises(KeyboardInterrupt):
        run(cycle, office(cast), tmp_path)
    assert list(files_in(tmp_path).values()) == drawn
    monkeypatch.undo()
    assert run(cycle, office(cast), tmp_path)[0] == (2, 1)


def test_a_file_that_cannot_be_put_in_its_place_leaves_no_rest(tmp_path: Path) -> None:
    (tmp_path / "ho-so.docx").mkdir()
    with pytest.raises(IsADirectoryError):
        folder.write_file(tmp_path / "ho-so.docx", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["ho-so.docx"]


def test_pdf_comes_with_its_own_ending(cast: Cast, cycle: Cycle, tmp_path: Path) -> None:
    Dossier.objects.filter(cycle=cycle).exclude(name=CELL).update(
        removed_at=NOW, removed_reason="Thử."
    )
    assert run(cycle, office(cast), tmp_path, pdf=True)[0] == (1, 0)
    ((name, data),) = files_in(tmp_path).items()
    assert name.endswith(".pdf")
    assert data.startswith(b"%PDF")


# --- who, which, where ---------------------------------------------------------------------------


def test_who_decides_and_the_province_write_cycles_nobody_else_does(
    cast: Cast, cycle: Cycle
) -> None:
    assert cycles_of(office(cast), YEAR) == [cycle]
    assert cycles_of(analyst(cast), YEAR) == [cycle]
    assert cycles_of(analyst(cast), YEAR, "dang bo xa quan mau") == [cycle]
    assert cycles_of(analyst(cast), YEAR, str(cycle.pk)) == [cycle]
    with pytest.raises(NotFound, match="2019 không có kỳ"):
        cycles_of(office(cast, LANG_THU), YEAR)
    cast.user("bithu", Role.CELL_SECRETARY, CELL)
    with pytest.raises(NotAllowed, match="không có vai trò được xem cả kỳ"):
        viewer_of("bithu")
    cast.user("chuyenvien", Role.PROVINCIAL_ANALYST, PROVINCE)
    assert viewer_of("chuyenvien").role is Role.PROVINCIAL_ANALYST


def test_a_refusal_says_which_year_which_committee_which_folder(
    cast: Cast, cycle: Cycle, tmp_path: Path
) -> None:
    viewer = analyst(cast)
    with pytest.raises(NotFound, match="Năm 2031 không có kỳ"):
        cycles_of(viewer, 2031)
    with pytest.raises(NotFound, match="Có kỳ của: Đảng bộ xã Quan Mẫu"):
        cycles_of(viewer, YEAR, "Đảng bộ xã Khác")
    (tmp_path / "tep").write_text("x")
    for out in (tmp_path / "tep", tmp_path / "tep/con"):
        with pytest.raises(InputError, match="Không ghi được vào thư mục"):
            run(cycle, viewer, out)


def test_namesakes_among_committees_are_asked_about(cast: Cast, cycle: Cycle) -> None:
    opened(cast, LANG_THU)
    Cycle.objects.update(name="Đảng bộ xã Trùng Mẫu")
    with pytest.raises(InputError, match=str(cycle.pk)):
        cycles_of(analyst(cast), YEAR, "Đảng bộ xã Trùng Mẫu")
    found = cycles_of(analyst(cast), YEAR)
    assert len(set(folder.folder_names(found).values())) == len(found) == 2


# --- progress ------------------------------------------------------------------------------------


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_says_how_many_of_how_many_and_the_time_left(
    terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 1000, 20))
    monkeypatch.setattr("vungmanh.config.steps.time.monotonic", lambda: next(clock))
    console = Console(file=io.StringIO(), width=120, force_terminal=terminal)
    with counted(console, "Ghi", 3) as advance:
        for _ in range(3):
            advance()
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "3/3" in said
    if not terminal:
        assert "1/3, còn khoảng 40 giây" in said
        assert "2/3, còn khoảng 20 giây" in said
