"""What may be sent in: the right sheet of the right time, and answers that fit it."""

from __future__ import annotations

from fractions import Fraction

from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.text import date_vi
from vungmanh.rulebook.book import Rule, RulebookView
from vungmanh.rulebook.scoring.answers import Answers, listed
from vungmanh.rulebook.scoring.lines import Line, PointSource
from vungmanh.rulebook.scoring.measured import Measured
from vungmanh.rulebook.scoring.sheet import score_sheet
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.sheets import (
    MeetingSheet,
    RegularMeetingSheet,
    ThematicMeetingSheet,
)

#: The key of the sheet for each kind of meeting, by the codes of ObligationKind.
KEYS = {"regular": RegularMeetingSheet.key, "thematic": ThematicMeetingSheet.key}

#: Parts of a point that may be typed: two decimals.
FINEST = 100


def sheet_key(kind: str) -> str:
    """The key of the sheets for a kind of meeting. Raises InputError for what is never scored."""
    if kind not in KEYS:
        raise InputError(
            "Chỉ chấm điểm buổi sinh hoạt thường kỳ và buổi sinh hoạt chuyên đề.",
            field="kind",
            code="kind-not-scored",
        )
    return KEYS[kind]


def sheet_rule(view: RulebookView, kind: str, sent: str = "") -> Rule:
    """The sheet in force for a kind of meeting; `sent` is the id of the sheet a form was made of.

    Raises NotNow where there is none, and InputError when another sheet was filled in: of another
    kind, of another time, of another place, or of none that is known.
    """
    key = sheet_key(kind)
    if not view.has(key):
        raise NotNow(
            f"Ngày {date_vi(view.day)} chưa có bảng điểm cho loại buổi họp này, nên chưa chấm được."
            " Xem các bảng điểm ở phần Căn cứ.",
            code="no-sheet",
        )
    rule = view.rule(key)
    if sent and sent != rule.id:
        raise _another(view, rule, sent)
    return rule


def _another(view: RulebookView, rule: Rule, sent: str) -> InputError:
    found = next((one for one in view.book.rules if one.id == sent), None)
    remedy = f"Mở lại phiếu để lấy bảng đúng: “{rule.title}”. Điểm đã ghi vẫn còn để chép sang."
    if found is None or not isinstance(found.value, MeetingSheet):
        code, said = "unknown-sheet", "Hệ thống không có bảng điểm ghi trên phiếu này."
    elif found.key != rule.key:
        code, said = "sheet-of-another-kind", f"Phiếu dùng “{found.title}”, của loại buổi họp khác."
    elif not found.holds_on(view.day):
        until = f" (hết hiệu lực {date_vi(found.valid_to)})" if found.valid_to else ""
        code, said = "sheet-of-another-time", f"Phiếu dùng bảng điểm của thời gian khác{until}."
    else:
        code, said = "sheet-of-another-place", f"“{found.title}” không áp dụng cho chi bộ này."
    return InputError(f"{said} {remedy}", field="sheet", code=code)


def check_answers(
    sheet: MeetingSheet, facts: Measured, answers: Answers, *, computed_may_be_typed: bool = False
) -> None:
    """Raise InputError at the first answer that does not fit, in the order of the sheet.

    `computed_may_be_typed`: for what was filled in without a network, where the scorer could not
    know that the system can tell; the computed points stand, the typed ones are kept beside them.
    """
    scored = score_sheet(sheet, facts, answers)
    known = {one.code for one in scored.lines} | {one.veto.code for one in scored.vetoes}
    unknown = answers.codes - known
    if unknown:
        raise InputError(
            f"Bảng điểm không có dòng {listed(unknown)}. Mở lại phiếu để lấy đúng bảng điểm.",
            field=min(unknown),
            code="unknown-criterion",
        )
    for line in scored.lines:
        _check_absent(line, answers)
        points = answers.points.get(line.code)
        if points is not None:
            _check_line(line, points, computed_may_be_typed=computed_may_be_typed)


def _check_absent(line: Line, answers: Answers) -> None:
    if (
        line.code in answers.not_here
        and not line.may_be_absent
        and line.source
        not in {
            PointSource.ABSENT,
            PointSource.GRANTED,
        }
    ):
        raise InputError(
            f"Dòng {line.code} có áp dụng cho buổi này. Chọn điểm, hoặc để trống nếu chưa chấm.",
            field=line.code,
            code="criterion-applies",
        )


def _check_line(line: Line, points: Fraction, *, computed_may_be_typed: bool) -> None:
    if line.source is PointSource.NO_POINTS:
        raise _refused(line, "no-points", "bảng không đặt điểm cho dòng này; để trống.")
    if line.source in {PointSource.ABSENT, PointSource.GRANTED}:
        raise _refused(line, "not-applying", f"{line.why} Để trống dòng này.")
    if not line.may_be_typed and not computed_may_be_typed:
        raise _refused(
            line,
            "computed-criterion",
            f"máy đã tính. {line.why} Để trống dòng này; nếu số liệu sai, sửa ở biên bản hoặc sổ"
            " việc.",
        )
    most = max(line.most, line.criterion.points or Fraction(0))
    if not 0 <= points <= most:
        sentence = f"ghi từ 0 đến {plain(most)} điểm, không phải {plain(points)}."
        raise _refused(line, "score-out-of-band", sentence)
    choices = line.choices or ()
    if line.may_be_typed and line.choices is not None and points not in choices:
        said = ", ".join(plain(one) for one in choices)
        sentence = f"{plain(points)} điểm không phải một mức. Chọn: {said}."
        raise _refused(line, "score-of-no-level", sentence)
    if (points * FINEST).denominator != 1 and points not in choices:
        raise _refused(line, "score-too-fine", "ghi nhiều nhất hai chữ số lẻ.")


def _refused(line: Line, code: str, sentence: str) -> InputError:
    return InputError(f"Dòng {line.code}: {sentence}", field=line.code, code=code)
