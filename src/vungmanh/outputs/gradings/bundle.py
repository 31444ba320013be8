"""All dossiers of a cycle in one zip, made in turns so that a page can show how far it has come.

Kept in a folder of the installation, one for each account, role and cycle, and let go of after a
day: the next who asks, or the night, clears it away. What is finished stands on the disk, so that a
turn that broke off is taken up again. The zip carries no time: the same papers, the same bytes.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict
from vungmanh.evaluation.models import Cycle
from vungmanh.outputs.gradings.folder import (
    PaperFile,
    dossiers_of,
    files_of,
    made,
    ready_folder,
    write_file,
)

KEPT = dt.timedelta(days=1)
A_TURN = 20  # papers before the page answers again
_PLAN, _ZIP = "plan.json", "papers.zip"
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """A zip on its way. `at`: the moment whose figures the papers show."""

    folder: Path
    files: tuple[PaperFile, ...]
    at: dt.datetime

    @property
    def zip(self) -> Path:
        return self.folder / _ZIP

    @property
    def is_ready(self) -> bool:
        return self.zip.is_file()

    @property
    def total(self) -> int:
        return len(self.files)

    @property
    def done(self) -> int:
        return self.total if self.is_ready else self.total - len(self.left())

    @property
    def kept_until(self) -> dt.datetime:
        return self.at + KEPT

    def left(self) -> list[PaperFile]:
        """The papers not made yet."""
        return [one for one in self.files if not (self.folder / one.name).is_file()]


def bundle_of(base: Path, cycle: Cycle, viewer: Viewer, *, at: dt.datetime) -> Bundle | None:
    """What this viewer, in this role, has begun of a cycle; None when nothing or too long ago."""
    folder = base / _key(cycle, viewer)
    try:
        plan = json.loads((folder / _PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    files = tuple(PaperFile(UUID(one[0]), False, one[1]) for one in plan["files"])
    found = Bundle(folder, files, dt.datetime.fromisoformat(plan["at"]))
    return found if found.at <= at < found.kept_until else None


def begin_bundle(base: Path, cycle: Cycle, viewer: Viewer, *, at: dt.datetime) -> Bundle:
    """Note which papers are to be made, in the place of what was begun before."""
    clear_bundles(base, at=at)
    folder = base / _key(cycle, viewer)
    ready_folder(base).chmod(0o700)
    files = tuple(files_of(dossiers_of(cycle, viewer)))
    plan = {"at": at.isoformat(), "files": [[str(one.dossier_id), one.name] for one in files]}
    with _alone(base, folder.name):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        write_file(folder / _PLAN, json.dumps(plan).encode())
    return Bundle(folder, files, at)


def go_on(bundle: Bundle, cycle: Cycle, viewer: Viewer) -> None:
    """Make the next papers, and the zip after the last. Does nothing beside another turn.

    Raises Conflict when a dossier has left the cycle or one's sight since it was begun.
    """
    with _alone(bundle.folder.parent, bundle.folder.name, wait=False) as is_alone:
        if not is_alone or bundle.is_ready:
            return
        turn = bundle.left()[:A_TURN]
        asked = {one.dossier_id for one in turn}
        dossiers = [one for one in dossiers_of(cycle, viewer) if one.pk in asked]
        if {one.pk for one in dossiers} != asked:
            shutil.rmtree(bundle.folder, ignore_errors=True)
            raise Conflict(
                "Hồ sơ của kỳ vừa thay đổi trong lúc tạo tệp. Bấm tạo lại từ đầu.",
                code="cycle-changed",
            )
        for file, data in made(dossiers, turn, viewer, at=bundle.at):
            write_file(bundle.folder / file.name, data)
        if not bundle.left():
            _pack(bundle)


def drop_bundle(bundle: Bundle) -> None:
    """Let go of it."""
    with _alone(bundle.folder.parent, bundle.folder.name):
        shutil.rmtree(bundle.folder, ignore_errors=True)


def clear_bundles(base: Path, *, at: dt.datetime) -> None:
    """Take away what was begun longer ago than it is kept."""
    for folder in base.glob("*/") if base.is_dir() else ():
        if _begun(folder) + KEPT <= at:
            shutil.rmtree(folder, ignore_errors=True)
            (base / f"{folder.name}.lock").unlink(missing_ok=True)


def _begun(folder: Path) -> dt.datetime:
    try:
        plan = json.loads((folder / _PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:  # broken off while it was begun
        return dt.datetime.fromtimestamp(folder.stat().st_mtime, dt.UTC)
    return dt.datetime.fromisoformat(plan["at"])


def _pack(bundle: Bundle) -> None:
    part = bundle.folder / f"{_ZIP}.part"
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as target:  # a .docx is packed already
        for name in sorted(one.name for one in bundle.files):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = 0
            target.writestr(entry, (bundle.folder / name).read_bytes())
    part.replace(bundle.zip)
    for one in bundle.files:
        (bundle.folder / one.name).unlink(missing_ok=True)


def _key(cycle: Cycle, viewer: Viewer) -> str:
    """Another role of the same account reads other opinions: it has a folder of its own."""
    hat = viewer.hat.code if viewer.hat else ""
    return hashlib.sha256(f"{cycle.pk} {viewer.user.pk} {hat}".encode()).hexdigest()[:32]


@contextmanager
def _alone(base: Path, name: str, *, wait: bool = True) -> Iterator[bool]:
    """Whether nobody else is at this folder, in this process or another, until the block ends."""
    with (base / f"{name}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
