"""Reading dropped files into a preview: what each line would do, and why not. Writes no report."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.periods import month_of
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.actions.obligations import first_month_of_ledger
from vungmanh.meetings.models import Obligation
from vungmanh.org.bulk import copy_rows
from vungmanh.outputs.imports.directories import directory_of
from vungmanh.outputs.imports.matching import Line, Matcher
from vungmanh.outputs.imports.records import (
    COMPARED,
    STAGED_COLUMNS,
    STAGED_TABLE,
    as_json,
    merged,
)
from vungmanh.outputs.models import BatchState, ImportBatch, ImportFile
from vungmanh.outputs.workbooks.cells import legible
from vungmanh.outputs.workbooks.read import read_workbook

_CHUNK = 5_000
MAX_FILES = 200


@dataclass(frozen=True)
class DroppedFile:
    """One dropped file. `read` gives its bytes; only one file is held in memory at a time."""

    name: str
    read: Callable[[], bytes]


@transaction.atomic
def prepare_import(
    *,
    files: Iterable[DroppedFile],
    by: Viewer,
    at: dt.datetime,
    progress: Callable[[str], None] = lambda name: None,
) -> ImportBatch:
    """Read the files into a batch in state PREVIEW, one line each row.

    A file that cannot be read is refused whole with one sentence and does not stop the others.
    Raises NotAllowed, or InputError when there is no file or there are too many.
    """
    check_can(by, "meetings.report.import")
    dropped = list(files)
    if not dropped:
        raise InputError("Chưa chọn tệp nào. Chọn tệp rồi bấm lại.", field="files")
    if len(dropped) > MAX_FILES:
        raise InputError(
            f"Chọn nhiều nhất {MAX_FILES} tệp một lần. Chia thành vài lần nạp.", field="files"
        )
    batch = ImportBatch.objects.create(by=by.user, at=at, state=BatchState.PREVIEW)
    matcher = Matcher(
        lambda month: directory_of(by, month),
        first_month_of_ledger(),
        last_month_due(at),
        timezone.localdate(at),
    )
    with connection.cursor() as cursor:
        cursor.execute(STAGED_TABLE)
        for number, given in enumerate(dropped, start=1):
            progress(given.name)
            _stage_file(batch, number, given, matcher)
        _refuse_contradictions(cursor)
        _write_lines(cursor, batch)
        cursor.execute("DROP TABLE staged")
    record(
        "import.prepared",
        by=by.user,
        at=at,
        subject=f"import:{batch.pk}",
        data={"files": len(dropped)},
    )
    return batch


def last_month_due(at: dt.datetime) -> dt.date:
    """The latest month that may be reported: this month where the user is, or the last one in the
    ledger."""
    this = month_of(timezone.localdate(at))
    due = Obligation.objects.filter(kind=ObligationKind.REGULAR).order_by("-month")
    last = due.values_list("month", flat=True).first()
    return max(this, last) if last else this


def _stage_file(batch: ImportBatch, number: int, given: DroppedFile, matcher: Matcher) -> None:
    """Put the lines of one file into `staged`, or its refusal on the file."""
    data = given.read()
    name = legible(given.name)[-255:]
    file = ImportFile.objects.create(
        batch=batch, number=number, name=name, sha256=hashlib.sha256(data).hexdigest()
    )
    try:
        result = read_workbook(data, name)
        del data  # the workbook holds its own copy
        file.layout = result.layout
        if not _stage_lines(file, matcher.lines(result)):
            raise InputError("Tệp không có dòng nào của chi bộ. Kiểm tra lại đúng tệp chưa.")
    except InputError as error:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM staged WHERE file_id = %s", [file.pk])
        file.refusal = error.message[:500]
    file.save()


def _stage_lines(file: ImportFile, lines: Iterator[Line]) -> int:
    """Copy the lines in chunks: a file of 200,000 rows is never held whole. Returns how many."""
    numbered = enumerate(lines, start=1)
    count = 0
    while chunk := list(islice(numbered, _CHUNK)):
        copy_rows("staged", ("file_id", *STAGED_COLUMNS), _staged(file.pk, chunk))
        count += len(chunk)
    return count


def _staged(file: int, chunk: Iterable[tuple[int, Line]]) -> Iterator[list[Any]]:
    for number, line in chunk:
        row = line.row
        values = {**row.values, "state": row.state}
        yield [
            file,
            number,
            row.place[:80],
            row.label[:200],
            line.unit,
            row.month,
            line.reason[:500],
            line.warning[:500],
            *(values.get(name) for name in COMPARED),
        ]


def _refuse_contradictions(cursor: Any) -> None:
    """Refuse lines that differ about the same cell and month; drop what is said twice alike."""
    said = ", ".join(COMPARED)
    cursor.execute("ALTER TABLE staged ADD COLUMN again boolean NOT NULL DEFAULT false")
    cursor.execute(
        f"""
        WITH spoken AS (
          SELECT ctid AS row, row_number() OVER ordered AS nth, count(*) OVER w AS times,
                 min(said) OVER w <> max(said) OVER w AS differ,
                 string_agg(place || ' (' || file || ')', '; ') OVER w AS places
          FROM (
            SELECT staged.ctid, staged.*, ROW({said})::text AS said, file.name AS file
            FROM staged JOIN outputs_importfile file ON file.id = staged.file_id
            WHERE reason = '' AND staged.unit_id IS NOT NULL AND staged.state IS NOT NULL
          ) lines
          WINDOW w AS (PARTITION BY unit_id, month),
                 ordered AS (PARTITION BY unit_id, month ORDER BY file_id, number)
        )
        UPDATE staged SET
          reason = CASE WHEN differ THEN left('Chi bộ này có ' || times || ' dòng khác nhau cho '
            'cùng một tháng: ' || places || '. Giữ một dòng đúng rồi nạp lại.', 500) ELSE '' END,
          again = NOT differ AND nth > 1
        FROM spoken WHERE staged.ctid = spoken.row AND times > 1
        """
    )


def _write_lines(cursor: Any, batch: ImportBatch) -> None:
    """Compare `staged` with what stands in the database and write the lines of the batch."""
    cursor.execute("ANALYZE staged")
    cursor.execute(
        f"""
        INSERT INTO outputs_importline
          (batch_id, file_id, number, place, label, unit_id, month, state, reason, before, after)
        SELECT %(batch)s, file_id, number, place, label, unit_id, month,
               CASE WHEN reason <> '' OR crowded OR overdone THEN 'refused'
                    WHEN again OR said IS NULL OR said = stood THEN 'same'
                    WHEN recorded THEN 'refused'
                    WHEN stood IS NULL THEN 'new' ELSE 'changed' END,
               CASE WHEN reason <> '' THEN reason
                    WHEN crowded THEN %(crowded)s
                    WHEN overdone THEN %(overdone)s
                    WHEN again THEN %(again)s
                    WHEN said IS NULL THEN %(blank)s
                    WHEN recorded AND said <> stood THEN %(recorded)s
                    ELSE warning END,
               CASE WHEN reason = '' AND said <> stood
                    THEN stood || jsonb_build_object('filed_on', filed_on, 'source', source) END,
               CASE WHEN reason = '' AND NOT crowded AND NOT overdone
                    THEN said || jsonb_build_object('filed_on', filed_on) END
        FROM (
          SELECT line.*, report.filed_on, report.source,
                 EXISTS (SELECT FROM meetings_meeting record WHERE record.id = report.source)
                   AS recorded,
                 CASE WHEN report.id IS NOT NULL THEN {as_json("report")} END AS stood,
                 CASE WHEN line.state IS NOT NULL AND line.unit_id IS NOT NULL
                      THEN {as_json("merge")} END AS said,
                 line.state IS NOT NULL
                   AND coalesce(merge.present > merge.members, false) AS crowded,
                 line.state IS NOT NULL
                   AND coalesce(merge.tasks_on_time > coalesce(merge.tasks_due, -1), false)
                   AS overdone
          FROM staged line
          LEFT JOIN meetings_meetingreport report
            ON report.unit_id = line.unit_id AND report.month = line.month
               AND report.kind = %(kind)s
          CROSS JOIN LATERAL (SELECT {merged("line", "report")}) merge
        ) lines
        ORDER BY file_id, number
        """,
        {
            "batch": batch.pk,
            "kind": ObligationKind.REGULAR,
            "crowded": "Số có mặt nhiều hơn số đảng viên đã ghi của tháng này. "
            "Ghi thêm số đảng viên, hoặc sửa số có mặt.",
            "overdone": "Số việc xong đúng hạn nhiều hơn số việc đến hạn đã ghi của tháng này, "
            "hoặc chưa ghi số việc đến hạn. Ghi số việc đến hạn, hoặc sửa số việc xong đúng hạn.",
            "recorded": "Tháng này đã có bản ghi buổi họp trong hệ thống, tệp không ghi đè. Nếu "
            "bản ghi sai thì trả lại hoặc đính chính bản ghi đó.",
            "again": "Trùng hệt một dòng khác trong lần nạp này, chỉ ghi một lần.",
            "blank": "Để trống: chưa có báo cáo, không ghi gì.",
        },
    )
