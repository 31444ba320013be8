"""What is written down of one meeting: the fields of its record, and what can be wrong with them.

A record is a flat dictionary of JSON values, the same on a phone, on a page and in the database. A
field that is absent or null was not said, which is never zero. Source of the fields: the minutes
and roll-call forms read in domain.md §2.5. Pure: no clock, no database.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vungmanh.core.periods import month_label
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import ReportState, Vocabulary

#: The version of this form. A phone may still send the one before.
FORM: Final = 1

Facts = Mapping[str, Any]
LONGEST_LINE, LONGEST_TEXT, MOST_PEOPLE, MOST_MINUTES = 200, 30_000, 2000, 600
LONGEST_ROLL = 500
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


class FieldKind(Vocabulary):
    CHOICE = "choice", "Một trong các lựa chọn"
    DAY = "day", "Ngày"
    TIME = "time", "Giờ"
    LINE = "line", "Một dòng chữ"
    TEXT = "text", "Đoạn văn"
    COUNT = "count", "Số người"
    MINUTES = "minutes", "Số phút"
    YES_NO = "yes_no", "Có hoặc không"
    ROLL = "roll", "Điểm danh theo tên"


@dataclass(frozen=True)
class Field:
    """One field of the record; `only_held`: it has a meaning only where the meeting was held."""

    name: str
    kind: FieldKind
    label: str
    help: str = ""
    only_held: bool = True


FIELDS: Final = {
    one.name: one
    for one in (
        Field("outcome", FieldKind.CHOICE, "Tháng này chi bộ có họp không", only_held=False),
        Field("not_held_reason", FieldKind.LINE, "Vì sao không họp", only_held=False),
        Field("held_on", FieldKind.DAY, "Ngày họp"),
        Field("starts", FieldKind.TIME, "Bắt đầu lúc"),
        Field("ends", FieldKind.TIME, "Kết thúc lúc"),
        Field("place", FieldKind.LINE, "Nơi họp"),
        Field("chair", FieldKind.LINE, "Chủ trì"),
        Field("clerk", FieldKind.LINE, "Thư ký"),
        Field("present", FieldKind.COUNT, "Đảng viên có mặt"),
        Field("present_official", FieldKind.COUNT, "Trong đó đảng viên chính thức"),
        Field("excused", FieldKind.COUNT, "Vắng có lý do"),
        Field("excused_reasons", FieldKind.LINE, "Lý do vắng"),
        Field("unexcused", FieldKind.COUNT, "Vắng không lý do"),
        Field(
            "exempt_present",
            FieldKind.COUNT,
            "Đảng viên được miễn sinh hoạt mà có mặt",
            "Người được miễn mà đến họp thì được tính vào số biểu quyết.",
        ),
        Field("guests", FieldKind.LINE, "Khách mời"),
        Field("superior_present", FieldKind.YES_NO, "Cấp ủy viên cấp trên có dự"),
        Field("speakers", FieldKind.COUNT, "Số đảng viên phát biểu"),
        Field("criticism_minutes", FieldKind.MINUTES, "Số phút tự phê bình và phê bình"),
        Field("discussion", FieldKind.TEXT, "Nội dung thảo luận"),
        Field("conclusion", FieldKind.TEXT, "Kết luận"),
        Field("withheld", FieldKind.YES_NO, "Có phần không nhập máy"),
        Field(
            "withheld_note",
            FieldKind.LINE,
            "Phần không nhập máy cất ở đâu",
            "Ghi số trang và nơi cất bản giấy, không ghi nội dung.",
        ),
        Field("vote_for", FieldKind.COUNT, "Số phiếu tán thành nghị quyết"),
        Field("vote_against", FieldKind.COUNT, "Số phiếu không tán thành"),
        Field("roll", FieldKind.ROLL, "Điểm danh theo tên"),
    )
}

#: What the roll says of one member by name.
ROLL_MARKS: Final = {
    "present": "Có mặt",
    "excused": "Vắng có lý do",
    "unexcused": "Vắng không lý do",
    "exempt": "Được miễn",
    "away": "Sinh hoạt tạm thời nơi khác",
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field. `code` is ASCII kebab case; `message` says what to do."""

    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Setting:
    """What a record is judged against: the month it answers, the life of the cell, the register.

    `members`: official and probationary members on the day, exempt ones left out; None where the
    register says nothing. `today` is the day on the server.
    """

    month: dt.date
    today: dt.date
    lived_from: dt.date | None = None
    lived_to: dt.date | None = None  # the day after its last
    members: int | None = None
    exempt: int | None = None
    first_month: dt.date | None = None  # of a meeting owed once a quarter: the first of its months
    last_month: dt.date | None = None  # of a meeting that may be made up: the last month for it
    names: Mapping[str, str] | None = None  # the roll of the day by id, where names are on


def clean(name: str, value: object) -> Any:
    """One value as it is kept. Raises ValueError with a Vietnamese sentence when it cannot be.

    Raises KeyError for a name that is no field.
    """
    kind = FIELDS[name].kind
    if value is None or value == "":
        return None
    return _CLEANERS[kind](value)


def _choice(value: object) -> str:
    if value not in (ReportState.HELD, ReportState.NOT_HELD):
        raise ValueError("Chọn “có họp” hoặc “không họp”.")
    return str(value)


def _day(value: object) -> str:
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError("Ngày này không có trong lịch; ghi lại ngày, tháng, năm.") from None


def _time(value: object) -> str:
    text = str(value)[:5]
    if not _TIME.fullmatch(text):
        raise ValueError("Ghi giờ và phút, ví dụ 19:30.")
    return text


def _text(limit: int) -> Any:
    def clean_text(value: object) -> str | None:
        if not isinstance(value, str):
            raise ValueError("Ghi bằng chữ.")
        text = _INVISIBLE.sub("", nfc(value).replace("\r\n", "\n")).strip()
        if len(text) > limit:
            raise ValueError(
                f"Dài quá {limit} chữ cái; rút gọn hoặc đính kèm bản chụp phần còn lại."
            )
        return text or None

    return clean_text


def _count(most: int, what: str) -> Any:
    def clean_count(value: object) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", text):
            raise ValueError(f"Ghi {what} bằng chữ số, ví dụ 12.")
        if int(text) > most:
            raise ValueError(f"Số này quá lớn; nhiều nhất là {most}.")
        return int(text)

    return clean_count


def _yes_no(value: object) -> bool:
    known = {"true": True, "có": True, "1": True, "on": True}
    known |= {"false": False, "không": False, "0": False}
    answer = known.get(str(value).strip().lower())
    if answer is None:
        raise ValueError("Chọn có hoặc không.")
    return answer


def _roll(value: object) -> dict[str, dict[str, str]]:
    if not isinstance(value, Mapping) or len(value) > LONGEST_ROLL:
        raise ValueError("Danh sách điểm danh không đọc được; mở lại buổi họp và điểm danh lại.")
    rows: dict[str, dict[str, str]] = {}
    for who, said in value.items():
        mark = said.get("status") if isinstance(said, Mapping) else None
        if not isinstance(mark, str) or mark not in ROLL_MARKS:
            raise ValueError("Mỗi người chọn một trong: " + ", ".join(ROLL_MARKS.values()) + ".")
        reason = _text(LONGEST_LINE)(said.get("reason") or "")
        rows[str(who)] = {"status": mark, **({"reason": reason} if reason else {})}
    return dict(sorted(rows.items()))


_CLEANERS: Final = {
    FieldKind.CHOICE: _choice,
    FieldKind.DAY: _day,
    FieldKind.TIME: _time,
    FieldKind.LINE: _text(LONGEST_LINE),
    FieldKind.TEXT: _text(LONGEST_TEXT),
    FieldKind.COUNT: _count(MOST_PEOPLE, "số người"),
    FieldKind.MINUTES: _count(MOST_MINUTES, "số phút"),
    FieldKind.YES_NO: _yes_no,
    FieldKind.ROLL: _roll,
}


def minutes_of(facts: Facts) -> int | None:
    """How long the meeting lasted, in minutes; over midnight counts as the next day."""
    starts, ends = facts.get("starts"), facts.get("ends")
    if not starts or not ends:
        return None
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (starts, ends))
    return (last - first) % (24 * 60) or None


def counts_of_roll(facts: Facts) -> dict[str, int]:
    """Present, excused, unexcused and exempt as the roll by name adds up; empty without a roll."""
    marks = [said["status"] for said in (facts.get("roll") or {}).values()]
    if not marks:
        return {}
    return {name: marks.count(name) for name in ("present", "excused", "unexcused")}


def problems(facts: Facts, setting: Setting, *, filing: bool = False) -> list[Problem]:
    """What cannot be right in a record, field by field; `filing` also asks for what is due.

    A draft may be incomplete but not impossible.
    """
    found = [*_about_outcome(facts, filing=filing)]
    of_the_day = _about_day(facts, setting)
    found += of_the_day
    found += _about_length(facts)
    if not of_the_day:  # who was there is judged by the membership of a day that can be
        found += _about_people(facts, setting)
    found += _about_votes(facts)
    if filing and facts.get("outcome") != ReportState.NOT_HELD:
        found += _missing(facts, setting)
    return found


def _about_outcome(facts: Facts, *, filing: bool) -> list[Problem]:
    outcome = facts.get("outcome")
    if outcome is None and filing:
        return [Problem("outcome", "not-said", "Chọn “có họp” hoặc “không họp” trước khi nộp.")]
    if outcome == ReportState.NOT_HELD and filing and not facts.get("not_held_reason"):
        sentence = "Ghi vì sao tháng này không họp, một câu là đủ."
        return [Problem("not_held_reason", "not-said", sentence)]
    return []


def _about_day(facts: Facts, setting: Setting) -> list[Problem]:
    if not facts.get("held_on"):
        return []
    day = dt.date.fromisoformat(facts["held_on"])
    first, last = setting.first_month or setting.month, setting.last_month or setting.month

    def no(code: str, sentence: str) -> list[Problem]:
        return [Problem("held_on", code, sentence)]

    if day > setting.today:
        return no(
            "day-to-come",
            f"Ngày họp {date_vi(day)} chưa đến (hôm nay là {date_vi(setting.today)}). "
            "Xem lại ngày, tháng, năm; đồng hồ của máy có thể sai.",
        )
    if setting.lived_from and day < setting.lived_from:
        return no(
            "before-the-cell",
            f"Chi bộ được lập ngày {date_vi(setting.lived_from)}, sau ngày họp ghi ở đây. "
            "Xem lại ngày họp.",
        )
    if setting.lived_to and day >= setting.lived_to:
        return no(
            "after-the-cell",
            f"Chi bộ đã kết thúc hoạt động từ {date_vi(setting.lived_to)}, trước ngày họp ghi ở "
            "đây. Xem lại ngày họp.",
        )
    if not first <= day.replace(day=1) <= last:
        return no(
            "other-month",
            f"Ngày họp {date_vi(day)} không thuộc kỳ đang ghi ({_span(first, last)}). "
            "Sửa ngày họp, hoặc mở đúng tháng rồi ghi.",
        )
    return []


def _about_length(facts: Facts) -> list[Problem]:
    lasted = minutes_of(facts)
    if lasted is None or lasted <= MOST_MINUTES:
        return []
    return [
        Problem(
            "ends",
            "ends-before-it-starts",
            f"Bắt đầu {facts['starts']} mà kết thúc {facts['ends']}: sửa một trong hai giờ.",
        )
    ]


def plan_problem(day: str, setting: Setting) -> Problem | None:
    """What is wrong with the day on which a meeting is to be held."""
    try:
        planned = dt.date.fromisoformat(day)
    except ValueError:
        return Problem("planned_on", "bad-value", "Ngày này không có trong lịch; ghi lại.")
    first, last = setting.first_month or setting.month, setting.last_month or setting.month
    if first <= planned.replace(day=1) <= last:
        return None
    return Problem(
        "planned_on",
        "other-month",
        f"Ngày {date_vi(planned)} không thuộc kỳ đang chuẩn bị ({_span(first, last)}). Sửa ngày, "
        "hoặc mở đúng tháng; muốn hoãn sang tháng sau thì xin cấp trên.",
    )


def _span(first: dt.date, last: dt.date) -> str:
    if first == last:
        return month_label(first)
    return f"{month_label(first)} đến {month_label(last)}"


def _about_people(facts: Facts, setting: Setting) -> list[Problem]:
    found = []
    members = setting.members
    present, official = facts.get("present"), facts.get("present_official")
    if members is not None:
        most = members + (facts.get("exempt_present") or 0)
        if present is not None and present > most:
            found.append(
                Problem(
                    "present",
                    "more-than-members",
                    f"Có mặt {present} mà chi bộ chỉ có {members} đảng viên phải sinh hoạt vào ngày"
                    " họp. Sửa số có mặt; nếu danh sách đảng viên sai, báo văn phòng đảng ủy.",
                )
            )
        counted = [facts.get(name) for name in ("present", "excused", "unexcused")]
        total = sum(number or 0 for number in counted)
        if not found and total > most:
            found.append(
                Problem(
                    "excused",
                    "more-than-members",
                    f"Có mặt và vắng cộng lại là {total}, nhiều hơn {members} đảng viên phải sinh "
                    "hoạt. Sửa số có mặt hoặc số vắng.",
                )
            )
    if present is not None and official is not None and official > present:
        sentence = f"Chính thức có mặt {official} nhiều hơn tất cả có mặt {present}. Sửa một số."
        found.append(Problem("present_official", "more-than-present", sentence))
    speakers = facts.get("speakers")
    if present is not None and speakers is not None and speakers > present:
        sentence = f"Phát biểu {speakers} người mà có mặt {present}. Sửa một trong hai số."
        found.append(Problem("speakers", "more-than-present", sentence))
    exempt = facts.get("exempt_present")
    if setting.exempt is not None and exempt is not None and exempt > setting.exempt:
        sentence = f"Chi bộ chỉ có {setting.exempt} đảng viên được miễn sinh hoạt. Sửa số này."
        found.append(Problem("exempt_present", "more-than-exempt", sentence))
    found += [
        Problem(
            name,
            "other-than-the-roll",
            f"{FIELDS[name].label}: ghi {facts[name]}, bảng điểm danh cộng lại là {number}. "
            "Sửa bảng điểm danh hoặc số này.",
        )
        for name, number in counts_of_roll(facts).items()
        if facts.get(name) not in (None, number)
    ]
    if setting.names is None and facts.get("roll"):
        found.append(
            Problem(
                "roll",
                "names-off",
                "Cấp ủy chưa cho dùng danh sách tên ở chi bộ này. Ghi số có mặt, số vắng.",
            )
        )
    unknown = set(facts.get("roll") or {}) - set(setting.names or {})
    if setting.names is not None and unknown:
        found.append(
            Problem(
                "roll",
                "not-on-the-roll",
                f"{len(unknown)} người trong bảng điểm danh không có trong danh sách của ngày họp. "
                "Tải lại danh sách rồi xem lại.",
            )
        )
    return found


def _about_votes(facts: Facts) -> list[Problem]:
    present, voted = facts.get("present"), facts.get("vote_for")
    against = facts.get("vote_against") or 0
    if present is not None and voted is not None and voted + against > present:
        sentence = f"Số phiếu {voted + against} nhiều hơn số có mặt {present}. Sửa số phiếu."
        return [Problem("vote_for", "more-than-present", sentence)]
    return []


def _missing(facts: Facts, setting: Setting) -> list[Problem]:
    by_name = bool(setting.names)
    asked = {
        "held_on": "Ghi ngày họp.",
        "present": "Điểm danh theo tên: chọn cho từng người; người chưa ghi thì bấm “đều có mặt”."
        if by_name
        else "Ghi số đảng viên có mặt.",
    }
    return [
        Problem(name, "not-said", sentence)
        for name, sentence in asked.items()
        if facts.get(name) is None
    ]
