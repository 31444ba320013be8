"""Who sees an import, writes it and takes it back: who sees every unit it names."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, NotFound
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import MeetingReport
from vungmanh.org.models import Appointment, MembershipCount, UnitParent, UnitVersion
from vungmanh.outputs.imports.actions.commit import commit_import, discard_import, undo_import
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.imports.queries import batches_visible
from vungmanh.outputs.models import ImportBatch
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook

pytestmark = pytest.mark.django_db

MONTH = dt.date(2019, 11, 1)
LATER = AT + dt.timedelta(hours=1)
NA_MAU, BAN_THU = CELLS[QUAN_MAU][0], CELLS[LANG_THU][0]


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1), last=dt.date(2019, 10, 1))


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())


def preview(cast: Cast, viewer: Viewer, *cells: str) -> ImportBatch:
    """A preview of one workbook in which the cells held their meeting."""
    held = {"state": "held", "held_on": dt.date(2019, 11, 5), "members": 9, "present": 8}
    target = io.BytesIO()
    rows = [SheetRow(str(cast.units.get(cell, "")), cell, "", held) for cell in cells]
    write_filled_workbook(target, QUAN_MAU, MONTH, rows)
    file = DroppedFile("tệp.xlsx", target.getvalue)
    return prepare_import(files=[file], by=viewer, at=AT)


def move(cast: Cast, cell: str, above: str, *, on: dt.date) -> None:
    """Put a cell under another committee from a day on."""
    link = UnitParent.objects.get(unit_id=cast[cell])
    UnitParent.objects.filter(pk=link.pk).update(valid=DateRange(link.valid.lower, on))
    UnitParent.objects.create(unit_id=cast[cell], parent_id=cast[above], valid=DateRange(on, None))


def test_an_office_moved_elsewhere_loses_its_former_imports(cast: Cast, office: Viewer) -> None:
    batch = preview(cast, office, NA_MAU)
    office.user.grants.update(unit_id=cast[LANG_THU])
    elsewhere = viewer_for(office.user, on=AT.date())
    assert not batches_visible(elsewhere).exists()
    for act in (commit_import, undo_import, discard_import):
        with pytest.raises(NotFound):
            act(batch_id=batch.pk, by=elsewhere, at=LATER)
    assert not MeetingReport.objects.exists()


def test_a_month_in_which_a_cell_stood_elsewhere_is_not_ones_to_write(
    cast: Cast, analyst: Viewer, office: Viewer
) -> None:
    """The cell has come to this commune since; its November belongs to the former one."""
    move(cast, BAN_THU, QUAN_MAU, on=dt.date(2020, 1, 1))
    batch = preview(cast, analyst, BAN_THU)
    assert list(batches_visible(office)) == [batch]
    with pytest.raises(Conflict) as refused:
        commit_import(batch_id=batch.pk, by=office, at=LATER)
    assert refused.value.code == "import-scope"


def test_an_import_of_a_cell_since_dissolved_is_seen_where_the_cell_stood_last(
    cast: Cast, analyst: Viewer, office: Viewer
) -> None:
    batch = preview(cast, analyst, NA_MAU)
    life = DateRange(dt.date(2019, 1, 1), dt.date(2020, 1, 1))
    for model in (MembershipCount, Appointment, UnitParent, UnitVersion):
        model.objects.filter(unit_id=cast[NA_MAU]).update(valid=life)
    neighbour = viewer_for(cast.user("lang", Role.COMMITTEE_OFFICE, LANG_THU), on=AT.date())
    assert list(batches_visible(office)) == list(batches_visible(analyst)) == [batch]
    assert not batches_visible(neighbour).exists()


def test_a_batch_is_seen_by_who_sees_all_its_units_and_by_nobody_else(
    cast: Cast, analyst: Viewer, office: Viewer
) -> None:
    """Both the analyst and a colleague may take back what an office wrote; a neighbour may not."""
    neighbour = viewer_for(cast.user("lang", Role.COMMITTEE_OFFICE, LANG_THU), on=AT.date())
    colleague = viewer_for(cast.user("quan", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())
    ours = preview(cast, office, NA_MAU)
    both = preview(cast, analyst, NA_MAU, BAN_THU)
    assert set(batches_visible(analyst)) == {ours, both}
    assert list(batches_visible(colleague)) == list(batches_visible(office)) == [ours]
    assert not batches_visible(neighbour).exists()
    for act in (commit_import, undo_import, discard_import):
        for viewer, batch in ((neighbour, ours), (neighbour, both), (office, both)):
            with pytest.raises(NotFound):
                act(batch_id=batch.pk, by=viewer, at=LATER)
    assert commit_import(batch_id=ours.pk, by=office, at=LATER) == 1
    assert undo_import(batch_id=ours.pk, by=colleague, at=LATER).restored == 1


def test_a_batch_that_names_no_unit_is_its_makers_alone(
    cast: Cast, analyst: Viewer, office: Viewer
) -> None:
    batch = preview(cast, office, "Chi bộ Không Có")
    assert list(batches_visible(office)) == [batch]
    assert not batches_visible(analyst).exists()
