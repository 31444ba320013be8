"""Lists of members from Excel beside the register: told, accepted one by one, done and undone."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.models import Admission, Membership, MembershipCount, NamesSwitch, Person
from vungmanh.org.queries import members_of
from vungmanh.outputs.members.actions import (
    carry_out,
    choose,
    choose_blanks,
    choose_field,
    forget_old_lists,
    prepare_list,
    take_back,
    throw_away,
)
from vungmanh.outputs.members.export import export_full, export_masked
from vungmanh.outputs.members.models import MemberLine, MemberList
from vungmanh.outputs.members.reads import fields_differing, list_of, state_counts, totals_of

CELL, NEXT, THIRD = CELLS[QUAN_MAU]
TODAY = dt.date(2026, 11, 1)
SINCE = dt.date(2026, 10, 1)
HEADS = ["TT", "Mã ĐV", "Họ và tên", "Ngày tháng năm sinh", "Ngày vào Đảng", "Diện", "Chi bộ"]


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast(first=dt.date(2019, 1, 1))
    for unit in (CELL, NEXT):  # the third works with counts
        NamesSwitch.objects.create(unit_id=made[unit], from_day=dt.date(2019, 1, 1), document="QĐ")
    return made


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer(cast)


def viewer(cast: Cast, unit: str = QUAN_MAU, role: Role = Role.COMMITTEE_OFFICE) -> Viewer:
    return viewer_for(cast.user(f"{role}.{unit}", role, unit), on=TODAY, role=role)


def book(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS, merge: str = "") -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(
        data, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}
    ) as made:
        sheet = made.add_worksheet("DS")
        sheet.write(0, 0, "DANH SÁCH ĐẢNG VIÊN")
        for number, row in enumerate([heads, *rows], start=2):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
        if merge:
            sheet.merge_range(merge, rows[0][-1])
    return data.getvalue()


def read(by: Viewer, rows: Sequence[Sequence[Any]], **more: Any) -> MemberList:
    made = (
        {}
        if "data" in more
        else {"data": book(rows, **{k: more.pop(k) for k in ("heads", "merge") if k in more})}
    )
    said = {"name": "ds.xlsx", "from_day": SINCE, "status": MembershipStatus.OFFICIAL, "at": AT}
    return prepare_list(**{**said, **made, **more}, by=by)


def known(row: Membership, **fields: Any) -> Person:
    person = row.person
    for name, value in fields.items():
        setattr(person, name, value)
    person.save()
    return person


def reasons(found: MemberList) -> list[str]:
    return [line.reason for line in found.lines.filter(state="refused")]


def register() -> list[Any]:
    return [
        sorted(map(str, Membership.objects.values_list("unit", "person__name", "valid", "status"))),
        sorted(
            map(str, Person.objects.values_list("name", "name_fold", "born_on", "external_key"))
        ),
        sorted(
            map(str, MembershipCount.objects.exclude(count=0).values_list("unit", "valid", "count"))
        ),
    ]


def test_a_list_is_compared_accepted_one_by_one_carried_out_and_undone(
    cast: Cast, office: Viewer
) -> None:
    known(listed(cast[CELL], "Nông Thử Hòa"), external_key="00123", born_on=dt.date(1980, 3, 4))
    blank = known(listed(cast[CELL], "Vi Thử Lan"))
    listed(cast[CELL], "Lý Thử Vắng")
    before, counted = register(), members_of(cast[CELL], TODAY)
    rows = [
        [1, "00123", "NÔNG THỬ HOÀ", dt.date(1980, 3, 4), "", "Chính thức", CELL],
        [2, "00456", unicodedata.normalize("NFD", "Vi Thử Lan"), "05/06/1985", 2001, "Dự bị", CELL],
        [3, "00789", "Hứa Thử Mới", "7.8.1990", "09-10-2015", "", "CB " + CELL.split(" ", 2)[2]],
    ]
    found = read(office, rows)
    assert state_counts(found) == {"new": 1, "different": 2, "missing": 1}
    same, other = found.lines.filter(state="different")
    assert same.differs == ["name"]  # spelled otherwise: told, not overwritten
    assert other.differs == ["external_key", "born_on", "status"]
    assert "chỉ ghi năm" in other.reason
    assert register() == before
    for taken in (True, False):
        many = {"list_id": found.pk, "is_taken": taken, "by": office, "at": AT}
        assert choose_field(field="born_on", **many) == 1
        assert fields_differing(found, office, TODAY) == {
            "name": (1, 0), "external_key": (1, 0), "born_on": (1, int(taken)), "status": (1, 0),
        }  # fmt: skip
    with pytest.raises(InputError):
        choose_field(list_id=found.pk, field="joined_on", is_taken=True, by=office, at=AT)
    assert choose_blanks(list_id=found.pk, by=office, at=AT) == 2
    other.refresh_from_db()
    assert other.taken == ["external_key", "born_on"]
    choose(
        list_id=found.pk, taken={other.pk: [*other.taken, "status", "made up"]}, by=office, at=AT
    )
    assert totals_of(found, office, TODAY)[0].rows == 3
    done = carry_out(list_id=found.pk, by=office, at=AT)
    assert done == {"people": 1, "fields": 3}
    blank.refresh_from_db()
    assert (blank.external_key, blank.born_on) == ("00456", dt.date(1985, 6, 5))
    new = Person.objects.get(external_key="00789")
    assert (new.name_fold, new.born_on) == ("hua thu moi", dt.date(1990, 8, 7))
    now = members_of(cast[CELL], TODAY)
    assert now[MembershipStatus.OFFICIAL] == counted[MembershipStatus.OFFICIAL] - 1
    assert sum(now.values()) == sum(counted.values())  # four names among nine who are counted
    assert not MemberLine.objects.exclude(said={}).exists()  # no word of anybody stays
    assert "Hứa" not in str(list_of(office, found.pk).journal)
    again = read(office, [[1, "00123", "Nông Thử Hòa", "", "", "", CELL], *rows[1:]])
    assert state_counts(again) == {"same": 3, "missing": 1}
    throw_away(list_id=again.pk, by=office, at=AT)
    path = Admission.objects.create(
        unit_id=cast[CELL], person=new, begun_on="2019-01-05", state="official"
    )
    why = {"list_id": found.pk, "reason": "nhầm tệp", "by": office, "at": AT}
    with pytest.raises(NotNow) as told:
        take_back(**why)
    assert told.value.code == "rests-on-it"
    path.delete()
    take_back(**why)
    assert register() == before


def test_every_bad_row_is_told_with_its_cell_and_remedy_and_at_most_its_name_is_kept(
    cast: Cast, office: Viewer
) -> None:
    listed(cast[NEXT], "Mã Thử Bên").person
    moved = known(listed(cast[NEXT], "Mã Thử Chuyển"), external_key="77")
    twin = known(listed(cast[CELL], "Bế Thử Trùng"), external_key="88")
    rows = [
        [1, "", "Nông Một", "31/02/1980", "", "", CELL],
        [2, "", "Nông Hai", "03/02/2030", "", "", CELL],
        [3, "", "Nông Ba", "03/02/2009", "01/09/2025", "", CELL],
        [4, "", "Nông Bốn", "", "", "đảng viên tốt", CELL],
        [5, "", "Nông Năm", "", "", "", "Chi bộ Không Có"],
        [6, "", "Nông Sáu", "", "", "", THIRD],
        [7, "99", "Nông Bảy", "", "", "", CELL],
        [8, "99", "Nông Tám", "", "", "", CELL],
        [9, "77", "Mã Thử Chuyển", "", "", "", CELL],
        [10, "11", "Bế Thử Trùng", "", "", "", CELL],
        [11, "12", "", "", "", "", CELL],
        [12, "", "Nông Mười", "=1/0", "", "", CELL],
        [13, "", "Nông Gộp", "", "", "", CELLS[LANG_THU][0]],
    ]
    found = read(office, rows)
    told = reasons(found)
    assert len(told) == len(rows)
    for number, words in enumerate(
        (
            "D4: Ngày sinh “31/02/1980” không có trong lịch", "D5: Ngày sinh là 03/02/2030, chưa",
            "mới 16 tuổi, cần đủ 18", "F7: Diện “đảng viên tốt” chưa rõ", "Không tìm thấy “Chi",
            "chưa bật ghi theo tên", "Nhiều dòng cùng một mã: DS!10; DS!11", "Nhiều dòng cùng một",
            "Chuyển sinh hoạt", "thêm chữ để phân biệt", "chưa có họ tên", "D15:", "Không tìm thấy",
        )
    ):  # fmt: skip
        assert words in told[number], (number, told[number])
    assert "-QĐ/TW" in told[2]  # the rule that says so
    kept = str(list(MemberLine.objects.values_list("said", "reason", "place")))
    for one in ("Nông Năm", "Nông Sáu", "Nông Gộp", "2009"):
        assert one not in kept  # of places without names nothing, of the others the name
    assert "Nông Bảy" in kept
    with pytest.raises(NotNow):
        carry_out(list_id=found.pk, by=office, at=AT)
    assert {moved.pk, twin.pk} <= set(Person.objects.values_list("pk", flat=True))
    merged = read(office, [["Hứa Một", CELL], ["Hứa Hai", ""]], heads=["Họ tên", "Chi bộ"],
                  merge="B4:B5")  # fmt: skip
    assert state_counts(merged) == {"new": 2, "missing": 1}  # a cell merged over its members
    for bad, code in (
        (book([[1, 2]], heads=["1", "2"]), "no-headings"), (book([]), "no-rows"),
    ):  # fmt: skip
        with pytest.raises(InputError) as refused:
            read(office, [], data=bad)
        assert refused.value.code == code


def test_what_stops_a_list_names_its_row_and_no_sheet_is_passed_over(
    cast: Cast, office: Viewer
) -> None:
    here = known(listed(cast[CELL], "Nông Thử Hòa"), external_key="00123")
    other = known(listed(cast[CELL], "Vi Thử Lan"), external_key="00456")
    ours = ["Khóa dòng của chương trình", *HEADS]
    mixed = read(office, [[str(here.pk), 1, "00456", here.name, "", "", "", CELL]], heads=ours)
    assert reasons(mixed) == ["Mã ở dòng này đang là của người khác. Xem lại mã."]
    rounded = read(office, [[1, 1234567890123456, here.name, "", "", "", CELL]])
    assert "Excel đã làm tròn" in reasons(rounded)[0]
    found = read(office, [[1, "00123", here.name, dt.date(1980, 3, 4), "", "", CELL]])
    line = found.lines.get(state="different")
    choose(list_id=found.pk, taken={line.pk: ["born_on"]}, by=office, at=AT)
    line.refresh_from_db()
    line.differs, line.taken, line.said = ["name"], ["name"], {"name": other.name}
    line.save()
    with pytest.raises(NotNow, match=line.place):
        carry_out(list_id=found.pk, by=office, at=AT)
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as made:
        for name in ("Nà Mẫu", "Đồi Mẫu"):
            made.add_worksheet(name).write_row(0, 0, HEADS)
    with pytest.raises(InputError) as refused:
        read(office, [], data=data.getvalue())
    assert refused.value.code == "two-lists"


def test_columns_are_put_right_by_whoever_brings_the_file_and_known_the_next_time(
    cast: Cast, office: Viewer
) -> None:
    heads, rows = ["Số", "Đồng chí", "Thôn xóm"], [["1", "Hứa Thử Mới", CELL]]
    first = read(office, rows, heads=heads)
    assert "Chưa rõ cột nào là họ tên" in first.problem
    assert [one for one, _ in first.columns] == heads
    said = {"Đồng chí": "name", "Thôn xóm": "unit", "Số": ""}
    second = read(office, rows, heads=heads, columns=said, instead_of=first.pk)
    assert state_counts(second) == {"new": 1}
    assert not MemberList.objects.filter(pk=first.pk).exists()
    assert state_counts(read(office, rows, heads=heads)) == {"new": 1}
    later = AT + dt.timedelta(days=4)
    assert forget_old_lists(at=later) == 2
    assert not MemberLine.objects.exists()


def test_a_list_is_its_bringers_alone_and_goes_stale_when_the_register_moves(
    cast: Cast, office: Viewer
) -> None:
    found = read(office, [[1, "", "Hứa Thử Mới", "", "", "", CELL]])
    for other, refusal in (
        (viewer(cast, LANG_THU), NotFound), (viewer(cast, CELL, Role.CELL_SECRETARY), NotAllowed),
        (viewer(cast, QUAN_MAU, Role.PROVINCIAL_ANALYST), NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            carry_out(list_id=found.pk, by=other, at=AT)
    listed(cast[NEXT], "Người Khác")  # another cell: not of this list
    listed(cast[CELL], "Người Đến Sau")
    with pytest.raises(Conflict):
        carry_out(list_id=found.pk, by=office, at=AT)


def test_an_export_is_masked_read_again_changes_nothing_and_in_full_is_kept_in_the_ledger(
    cast: Cast, office: Viewer
) -> None:
    person = known(
        listed(cast[CELL], "=HYPERLINK(1) Lan"), external_key="0012345678",
        born_on=dt.date(1980, 3, 4), joined_on=dt.date(2005, 6, 7),
    )  # fmt: skip
    other = known(listed(cast[NEXT], "Vi Thử Dự", status="probationary"))
    listed(cast[THIRD], "Người Nơi Khác")  # names are off there
    for one in (person, other):
        one.name_fold = fold(one.name)
        one.save()
    masked = export_masked(office, TODAY)
    text = "".join(
        zipfile.ZipFile(io.BytesIO(masked)).read(part).decode()
        for part in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
    )
    assert "<f>" not in text
    for hidden in ("0012345678", "04/03/1980", "07/06/2005", "Người Nơi Khác"):
        assert hidden not in text
    assert "•••678" in text
    same = state_counts(read(office, [], data=masked))
    assert same == {"same": 2}
    with pytest.raises(InputError):
        export_full(purpose="", by=office, at=AT)
    full = export_full(purpose="chuyển số liệu lên cấp trên", by=office, at=AT)
    assert state_counts(read(office, [], data=full)) == {"same": 2}
    kept = Event.objects.get(verb="person.revealed", subject=f"person:{person.pk}")
    assert kept.data["fields"] == ["born_on", "external_key", "joined_on"]
    assert Event.objects.get(verb="members.exported").data["people"] == 2
    with pytest.raises(NotAllowed):
        export_masked(viewer(cast, CELL, Role.CELL_SECRETARY), TODAY)


def test_five_thousand_rows_are_read_and_carried_out_in_a_bounded_number_of_queries(
    cast: Cast, office: Viewer, django_assert_max_num_queries: Any
) -> None:
    rows = [[n, f"K{n:05d}", f"Nông Thử {n}", "", "", "", (CELL, NEXT)[n % 2]] for n in range(5000)]
    with django_assert_max_num_queries(60):
        found = read(office, rows)
    assert state_counts(found) == {"new": 5000}
    with django_assert_max_num_queries(80):
        carry_out(list_id=found.pk, by=office, at=AT)
    assert members_of(cast[CELL], TODAY)[MembershipStatus.OFFICIAL] == 2500
