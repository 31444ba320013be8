"""Results of a command into a folder: nothing of others is replaced, all files come or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vungmanh.core.errors import InputError

#: How a text begins that a spreadsheet would take for a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def check_free(out: Path, names: Sequence[str], stamp: str) -> None:
    """Raise InputError where `out` is a file, or holds `names` that no run with `stamp` wrote."""
    if out.exists() and not out.is_dir():
        raise InputError(
            f"{out} là một tệp, không phải thư mục. Chọn một thư mục để ghi.",
            field="out",
            code="out-not-a-folder",
        )
    foreign = [name for name in names if (out / name).exists() and not (out / stamp).exists()]
    if foreign:
        raise InputError(
            f"Thư mục {out} đã có {', '.join(foreign)} không do lệnh này ghi. Chọn thư mục khác, "
            "hoặc chuyển các tệp ấy đi.",
            field="out",
            code="out-has-foreign-files",
        )


@contextmanager
def all_or_none(out: Path, names: Sequence[str], stamp: str) -> Iterator[Path]:
    """A folder to write `names` in; they appear in `out` together when the block ends well."""
    out.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".vungmanh-", dir=out.parent))
    try:
        yield place
        out.mkdir(exist_ok=True)
        (out / stamp).touch()
        for name in names:
            (place / name).replace(out / name)
    finally:
        shutil.rmtree(place, ignore_errors=True)
