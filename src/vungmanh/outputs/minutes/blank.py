"""The form to print for cells that write on paper: the fields of a record, with room to write.

It asks in the order in which the page asks, so that whoever types it in later never has to look
for the place.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.core.periods import last_day
from vungmanh.meetings.roll import roll_of
from vungmanh.meetings.tasks import open_tasks
from vungmanh.org.queries import members_of
from vungmanh.outputs.minutes.gather import GIVEN_WIDTHS, ROLL_WIDTHS, about_of, heading_of
from vungmanh.outputs.papers.document import (
    WITHHELD,
    Heading,
    Line,
    Paper,
    Part,
    Prose,
    Room,
    Signature,
    Table,
)

MOST_ROWS, FEWEST_ROWS = 60, 8
_TASK_WIDTHS = (8, 42, 20, 30)


def blank_paper(
    unit_id: UUID, kind: str, month: dt.date, *, on: dt.date, with_names: bool = False
) -> Paper:
    """For the meeting of a month, with the list and the open tasks as they stand on `on`.

    `with_names`: for who may read the list of the cell; else with empty rows.
    """
    day = min(on, last_day(month))
    return Paper(
        **heading_of(unit_id, day),
        symbol="BB",
        on=None,
        title="Bản ghi kỳ họp",
        about=about_of(kind, month),
        parts=(
            *_head(),
            *_roll(unit_id, day, with_names=with_names),
            *_tasks(unit_id, day),
            *_body(),
        ),
        signatures=(Signature("Thư ký"), Signature("Chủ trì")),
        foot="Ghi xong, chụp trang này gửi văn phòng đảng ủy nhập thay, hoặc tự nhập trên máy. Để "
        "trống nghĩa là không ghi, không phải là số không.",
    )


def _head() -> list[Part]:
    labels = ("Ngày họp", "Bắt đầu lúc", "Kết thúc lúc", "Địa điểm", "Chủ trì", "Thư ký",
              "Khách mời", "Cấp ủy viên cấp trên dự (có, không; họ tên)")  # fmt: skip
    return [Heading("I- Thời gian, thành phần"), *(Line(label) for label in labels)]


def _roll(unit_id: UUID, day: dt.date, *, with_names: bool) -> list[Part]:
    """By name where the committee works with names; else as many empty rows as members."""
    people = [one.name for one in roll_of(unit_id, day) if one.is_called] if with_names else []
    count = sum(members_of(unit_id, day).values())
    rows = max(FEWEST_ROWS, min(len(people) or count, MOST_ROWS))
    names = [*people, *[""] * (rows - len(people))]
    filled = tuple((str(n), name, "", "") for n, name in enumerate(names, start=1))
    heads = ("TT", "Họ và tên", "Có mặt, vắng", "Lý do vắng")
    sums = ("Có mặt", "Trong đó chính thức", "Vắng có lý do", "Vắng không lý do",
            "Được miễn mà vẫn dự")  # fmt: skip
    return [
        Heading("II- Điểm danh"),
        Table("", heads, filled, ROLL_WIDTHS, tall=True),
        *(Line(label) for label in sums),
    ]


def _tasks(unit_id: UUID, day: dt.date) -> list[Part]:
    found = open_tasks([unit_id], day)
    rows = tuple((str(n), one.title, one.owner, "") for n, one in enumerate(found, start=1))
    empty = tuple((str(n), "", "", "") for n in range(len(rows) + 1, len(rows) + 4))
    heads = ("TT", "Việc", "Ai làm", "Kết quả")
    return [
        Heading("III- Việc của kỳ trước"),
        Table("", heads, rows + empty, _TASK_WIDTHS, tall=True),
    ]


def _body() -> list[Part]:
    given = tuple((str(n), "", "", "", "") for n in range(1, 6))
    heads = ("TT", "Việc được giao", "Ai làm", "Hạn", "Kết quả phải có")
    return [
        Heading("IV- Thảo luận, kết luận"),
        Line("Số đảng viên phát biểu"),
        Line("Số phút tự phê bình và phê bình"),
        Room(10),
        Line("Kết luận"),
        Room(5),
        Line(f"{WITHHELD} (ghi nơi cất, không ghi nội dung)"),
        Table("Việc giao tại kỳ họp", heads, given, GIVEN_WIDTHS, tall=True),
        Line("Biểu quyết nghị quyết, số phiếu tán thành"),
        Line("Số phiếu không tán thành"),
        Prose(("Biên bản được đọc lại trước chi bộ.",)),
    ]
