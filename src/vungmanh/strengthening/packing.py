"""Tables and what is said about them as one file: a zip of Parquet tables beside `about.json`.

The same content always gives the same bytes, so that their hash names it. Any program that reads
Parquet can open the parts.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_ABOUT, _SUFFIX = "about.json", ".parquet"
_ZIP_DATE = (2026, 1, 1, 0, 0, 0)  # no clock in the bytes


def pack(tables: Mapping[str, pa.Table], about: Mapping[str, Any]) -> bytes:
    """The tables, in the order of their names, and `about` (plain JSON values) as bytes."""
    parts = {_ABOUT: json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1).encode()}
    parts |= {name + _SUFFIX: _parquet(tables[name]) for name in sorted(tables)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content)
    return target.getvalue()


def unpack(content: bytes) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """What `pack` was given. Text comes back as a dictionary of its words."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        about = json.loads(archive.read(_ABOUT))
        for name in archive.namelist():
            if name.endswith(_SUFFIX):
                file = pa.BufferReader(archive.read(name))
                words = [
                    column.name for column in pq.read_schema(file) if column.type == pa.string()
                ]
                file.seek(0)
                tables[name.removesuffix(_SUFFIX)] = pq.read_table(file, read_dictionary=words)
    return tables, about


def _parquet(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    target = io.BytesIO()
    # Without the schema of Arrow: what is a dictionary in memory is plain text to every reader.
    pq.write_table(table, target, compression="zstd", version="2.6", store_schema=False)
    return target.getvalue()
