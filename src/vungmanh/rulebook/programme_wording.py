"""The rules of programmes of strengthening in plain Vietnamese."""

from __future__ import annotations

from vungmanh.core.text import number_vi
from vungmanh.rulebook.values.programmes import (
    CauseCatalogue,
    ExitRule,
    ExpectedPaths,
    FileReviews,
    MeasureCatalogue,
    OversightAttendance,
    ProgrammeGates,
    SelectionRule,
    SupportLabel,
    VisitFrequency,
)

Lines = list[tuple[str, str]]
_YEARS = {0: "hằng năm", -1: "năm cuối"}
_HALF = -2


def selection_lines(value: SelectionRule) -> Lines:
    """Who may be chosen, then the limits."""
    area = "không giới hạn" if value.most_in_area is None else number_vi(value.most_in_area)
    return [
        ("Trạng thái được xét", "; ".join(one.label for one in value.statuses)),
        ("Số lần xét liền nhau", number_vi(value.bad_periods)),
        ("Không chọn lại trong (năm)", number_vi(value.not_again_years)),
        ("Nhiều nhất ở một địa bàn", area),
        ("Chia đều theo địa bàn", "có" if value.spread_over_areas else "không"),
        ("Phần sức dành cho nơi không báo cáo (%)", number_vi(value.silent_percent)),
        ("Hạn xác minh từ ngày quyết định (ngày)", number_vi(value.verify_days)),
        ("Hạn kiến nghị từ ngày quyết định (ngày)", number_vi(value.appeal_days)),
        ("Vùng sát ngưỡng", value.grey.label),
    ]


def gate_lines(value: ProgrammeGates) -> Lines:
    """Each gate: when, who, what is asked."""
    lines = []
    for gate in value.gates:
        year = _YEARS.get(gate.year, f"năm thứ {gate.year}")
        day = f"{gate.day}/{gate.month} {year}"
        if gate.year == _HALF:
            day = f"ngày {gate.day} của tháng hết nửa kỳ"
        levels = ", ".join(kind.label for kind in gate.levels)
        lines.append((f"{gate.kind.label}, {day}", f"{levels}: {gate.asks}"))
    return lines


def cause_lines(value: CauseCatalogue) -> Lines:
    """Each cause with the codes it goes with, and where it was read."""
    lines = []
    for one in value.causes:
        measures = ", ".join(one.measures)
        said = "chỉ ghi văn bản đã kết luận" if one.pointer_only else f"biện pháp: {measures}"
        if one.asks_second_look:
            said += "; xác minh tại chỗ hoặc có ý kiến thứ hai rồi mới trình"
        lines.append((one.text, f"{said}. Nguồn: {one.source}"))
    return lines


def measure_lines(value: MeasureCatalogue) -> Lines:
    """Each measure with its proof and how well it is known to help."""
    return [
        (one.text, f"căn cứ đã làm: {one.proof.label}. {one.tier.label}. Nguồn: {one.source}")
        for one in value.measures
    ]


def path_lines(value: ExpectedPaths) -> Lines:
    """The aim, the slack, then each path."""
    lines = [
        ("Đích: tỷ lệ kỳ đã họp (%)", number_vi(value.aim_percent)),
        ("Chậm hơn lộ trình quá (% quãng đường)", number_vi(value.slack_percent)),
        ("Số tháng liền chậm thì kiểm điểm", number_vi(value.periods)),
    ]
    for path in value.paths:
        steps = "; ".join(f"{one.months} tháng: {one.percent} %" for one in path.points)
        lines.append((path.cause or "Nguyên nhân khác", steps))
    return lines


def exit_lines(value: ExitRule) -> Lines:
    """Each criterion, then for how long and with what evidence."""
    lines = [
        (one.check.label, "phải có" if one.minimum is None else f"từ {number_vi(one.minimum)}")
        for one in value.criteria
    ]
    return [
        *lines,
        ("Đạt liền (tháng)", number_vi(value.months)),
        ("Căn cứ của người không trực tiếp củng cố", f"ít nhất {number_vi(value.independent)}"),
        ("Giữ vững (tháng)", number_vi(value.hold_months)),
        ("Gỡ nhãn sau khi ra (tháng)", number_vi(value.label_months)),
    ]


def attendance_lines(value: OversightAttendance) -> Lines:
    """The quota of each level, then the rest."""
    lines = [
        (f"Cấp ủy viên {one.committee.label}", f"{number_vi(one.a_year)} lần một năm")
        for one in value.quotas
    ]
    every = "dự mọi kỳ" if value.every_in_support else "theo số lần chung"
    return [
        *lines,
        ("Nơi đang củng cố", every),
        ("Một người phụ trách nhiều nhất (chi bộ)", number_vi(value.most_cells)),
    ]


def visit_lines(value: VisitFrequency) -> Lines:
    """Visits a year by status, and the share drawn."""
    lines = [(one.status.label, f"{number_vi(one.a_year)} lần một năm") for one in value.by_status]
    return [*lines, ("Bốc thăm thêm (% số còn lại)", number_vi(value.random_percent))]


def label_lines(value: SupportLabel) -> Lines:
    """What a unit is called while it is helped, and while it holds."""
    return [("Khi đang củng cố", value.text), ("Khi giữ vững", value.holding)]


def review_lines(value: FileReviews) -> Lines:
    """When files are reviewed, and who does not review what he answers for."""
    own = "được" if value.owner_may_review else "không"
    return [
        ("Kiểm điểm giữa năm", f"tháng {value.mid_year_month}"),
        ("Kiểm điểm cuối năm", f"tháng {value.year_end_month}"),
        ("Nơi chuyển biến chậm: hạn kiểm điểm (ngày)", number_vi(value.due_days)),
        ("Người chịu trách nhiệm một biện pháp tự kiểm điểm", own),
    ]
