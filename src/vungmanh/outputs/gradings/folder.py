"""Papers of many dossiers as files: what each is called, its bytes, and writing it whole.

A name tells the unit and its code, is plain letters for every disk, and stays the same each time:
namesakes carry the end of their unit's id. The same dossiers on the same day are the same bytes.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.text import name_key, slug
from vungmanh.core.vocabulary import DossierSubject
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.reads import dossiers_visible
from vungmanh.org.models import UnitVersion
from vungmanh.outputs.gradings.dossier import dossier_from, notice_from
from vungmanh.outputs.gradings.matter import gathered
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.word import as_word

AT_ONCE = 50  # dossiers gathered together: memory stays small however many there are
LONGEST = 80  # letters of a unit's name in a file's
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}

Draw = Callable[[Paper], bytes]


@dataclass(frozen=True)
class PaperFile:
    """One paper to make: the dossier's own, or the notice of its result."""

    dossier_id: UUID
    is_notice: bool
    name: str


def dossiers_of(cycle: Cycle, viewer: Viewer) -> list[Dossier]:
    """The dossiers of a cycle in sight, in the order of their names."""
    found = dossiers_visible(viewer).filter(cycle=cycle).select_related("cycle")
    return sorted(found.order_by("id"), key=lambda one: (one.subject, name_key(one.name)))


def files_of(
    dossiers: Sequence[Dossier], *, notices: bool = False, ending: str = "docx"
) -> list[PaperFile]:
    """The files of these dossiers, every name once; one query for each day of a cycle."""
    stems = _stems(dossiers)
    kinds = (("ho-so", False), ("thong-bao", True)) if notices else (("ho-so", False),)
    return [
        PaperFile(one.pk, is_notice, f"{kind}-{stems[one.pk]}.{ending}")
        for one in dossiers
        for kind, is_notice in kinds
    ]


def folder_names(cycles: Sequence[Cycle]) -> dict[UUID, str]:
    """A folder for each cycle; committees of one name carry the end of their unit's id."""
    plain = {one.pk: f"{slug(one.name, most=LONGEST)}-{one.year}" for one in cycles}
    return _told_apart(plain, {one.pk: one.unit_id for one in cycles})


def made(
    dossiers: Sequence[Dossier],
    files: Iterable[PaperFile],
    viewer: Viewer,
    *,
    at: dt.datetime,
    draw: Draw = as_word,
) -> Iterator[tuple[PaperFile, bytes]]:
    """Each file with its bytes, dossier by dossier. A bounded number of queries for every
    `AT_ONCE`, inside `org.own_rules.steady` (a page is, a command says so)."""
    wanted: dict[UUID, list[PaperFile]] = defaultdict(list)
    for file in files:
        wanted[file.dossier_id].append(file)
    asked = [one for one in dossiers if one.pk in wanted]
    with_findings = any(not file.is_notice for of in wanted.values() for file in of)
    for start in range(0, len(asked), AT_ONCE):
        chunk = asked[start : start + AT_ONCE]
        for matter in gathered(chunk, viewer, at=at, with_findings=with_findings):
            for file in wanted[matter.dossier.pk]:
                paper = notice_from(matter) if file.is_notice else dossier_from(matter)
                yield file, draw(paper)


def write_file(path: Path, data: bytes) -> bool:
    """Write a file whole or not at all; False where the same bytes stand there already."""
    if path.is_file() and path.read_bytes() == data:
        return False
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return True


def ready_folder(folder: Path) -> Path:
    """The folder, made where it is not there. Raises InputError where nothing can be written."""
    probe = folder / f".{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise
        raise InputError(
            f"Không ghi được vào thư mục {folder}. Chọn thư mục khác, hoặc xin quyền ghi.",
            field="out",
            code="folder-not-writable",
        ) from error
    return folder


def _stems(dossiers: Sequence[Dossier]) -> dict[UUID, str]:
    codes = _codes(dossiers)
    plain = {}
    for one in dossiers:
        leads = "tap-the-lanh-dao" if one.subject == DossierSubject.LEADERSHIP else ""
        words = (slug(one.name, most=LONGEST), codes.get(one.unit_id, ""), leads)
        plain[one.pk] = "-".join([*(word for word in words if word), str(one.cycle.year)])
    return _told_apart(plain, {one.pk: one.unit_id for one in dossiers})


def _codes(dossiers: Sequence[Dossier]) -> dict[UUID, str]:
    """The official code of each unit on the day of its cycle."""
    days: dict[dt.date, set[UUID]] = defaultdict(set)
    for one in dossiers:
        days[one.cycle.on].add(one.unit_id)
    codes: dict[UUID, str] = {}
    for day, units in days.items():
        rows = UnitVersion.objects.filter(unit_id__in=units, valid__contains=day)
        for unit_id, code in rows.values_list("unit_id", "official_code"):
            codes[unit_id] = slug(code)
    return codes


def _told_apart(plain: dict[UUID, str], units: dict[UUID, UUID]) -> dict[UUID, str]:
    many = Counter(plain.values())
    return {
        key: f"{name}-{units[key].hex[-8:]}" if many[name] > 1 else name
        for key, name in plain.items()
    }
