"""The rules of posts, members, sizes and training in plain Vietnamese."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, cast

from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.values.base import Value
from vungmanh.rulebook.values.doubts import Doubtful
from vungmanh.rulebook.values.members import BadgeRule, ScreeningRule, StrikeOffGround
from vungmanh.rulebook.values.posts import PostsOfKind, PostTerm
from vungmanh.rulebook.values.training import ObligatoryTraining, TrainingDays

Lines = list[tuple[str, str]]
UNSAID = "văn bản không nêu"

#: A number or a yes of these rules, as a reader asks for it. Days are working days.
LABELS = {
    "single": "Chức danh chỉ một người giữ",
    "committee_from": "Bầu chi ủy từ mấy đảng viên chính thức",
    "committee_least": "Số chi ủy viên ít nhất",
    "committee_most": "Số chi ủy viên nhiều nhất",
    "reform_may_differ": "Nhiệm kỳ đầu sau sáp nhập, chia tách có thể khác",
    "upper_kinds": "Loại là cấp trên",
    "base_kinds": "Loại là cơ sở",
    "extra_upper_percent": "Cấp ủy viên thêm nhiều nhất, cấp trên (%)",
    "extra_base_percent": "Cấp ủy viên thêm nhiều nhất, cơ sở (%)",
    "moved_share": "Chuyển một lần hơn phần này thì phải được cấp trên một cấp đồng ý",
    "reform_frees_move": "Trừ khi do sáp nhập, chia tách",
    "filled_on_proposal": "Cấp trên chỉ định khi khuyết, theo đề nghị của chi bộ",
    "leaves_on_retirement": "Thôi tham gia cấp ủy từ ngày nghỉ hưu",
    "report_days": "Báo cáo sau đại hội (ngày làm việc)",
    "approval_days": "Chuẩn y sau đại hội (ngày làm việc)",
    "ballots": "Bầu bí thư không được sau mấy lần thì cấp trên chỉ định",
    "least_months": "Luân chuyển ít nhất (tháng)",
    "years_left": "Còn công tác ít nhất (năm)",
    "most_terms": "Người đứng đầu ở một nơi nhiều nhất (nhiệm kỳ liền)",
    "directions": "Các hướng luân chuyển",
    "adds_no_post": "Không thêm chức danh để nhận người",
    "planned_only": "Chỉ cán bộ trong quy hoạch",
    "heads_not_local": "Người đứng đầu không là người địa phương",
    "heads": "Người đứng đầu là",
    "most_posts": "Một người giữ nhiều nhất (chức danh)",
    "most_as_secretary": "Làm bí thư nhiều nhất (nơi)",
    "least_age": "Tuổi ít nhất khi chi bộ xét",
    "most_age": "Tuổi nhiều nhất khi chi bộ xét",
    "older_by": "Cao tuổi hơn thì",
    "schooling": "Trình độ học vấn",
    "lower_in_special_areas": "Vùng đặc biệt có thể thấp hơn",
    "introducer_months": "Người giới thiệu cùng công tác ít nhất (tháng)",
    "dossier_months": "Hồ sơ quá hạn phải làm lại sau (tháng)",
    "decided_by": "Ai quyết định",
    "decision_days": "Quyết định kết nạp trong (ngày làm việc)",
    "decision_more_days": "Được kéo dài thêm (ngày làm việc)",
    "ceremony_days": "Lễ kết nạp trong (ngày làm việc)",
    "ceremony_from": "Lễ kết nạp tính từ",
    "probation_months": "Thời gian dự bị (tháng)",
    "probation_from": "Thời gian dự bị tính từ",
    "extension_months": "Kéo dài dự bị nhiều nhất (tháng)",
    "official_days": "Chi bộ xét chính thức trong (ngày làm việc)",
    "official_decision_days": "Quyết định công nhận trong (ngày làm việc)",
    "official_decision_more_days": "Quyết định công nhận được kéo dài thêm (ngày làm việc)",
    "official_from_end": "Chính thức tính từ ngày hết dự bị, dù xét muộn",
    "readmission_months": "Kết nạp lại sau khi ra khỏi Đảng ít nhất (tháng)",
    "readmission_once": "Chỉ kết nạp lại một lần",
    "arrive_days": "Chuyển chính thức trong (ngày làm việc)",
    "card_days": "Xuất trình thẻ trong (ngày làm việc)",
    "late_months": "Chậm quá (tháng) không lý do thì nơi nhận xóa tên",
    "temporary_least_months": "Tạm thời ít nhất (tháng)",
    "temporary_most_months": "Tạm thời dưới (tháng)",
    "study_most_months": "Học tập nhiều nhất (tháng)",
    "votes_at_stay": "Được biểu quyết ở nơi tạm thời",
    "counted_at_home": "Vẫn tính ở nơi sinh hoạt chính thức",
    "cell_from": "Lập chi bộ tạm thời từ mấy đảng viên chính thức",
    "not_under_inspection": "Không chuyển khi đang bị kiểm tra",
    "dissolved_days": "Thu hồ sơ, con dấu khi giải thể trong (ngày làm việc)",
    "most_months": "Một lần miễn nhiều nhất (tháng)",
    "remind_days": "Nhắc trước khi hết hạn (ngày)",
    "open_by_age": "Miễn vì tuổi, sức khỏe có thể không ghi ngày hết",
    "early_months": "Trao sớm nhiều nhất (tháng)",
    "early_long_from": "Mốc được trao sớm hơn nữa, từ (năm)",
    "early_long_months": "Từ mốc ấy trao sớm nhiều nhất (tháng)",
    "dossier_days": "Hồ sơ nộp trước đợt trao (ngày làm việc)",
    "complaint_days": "Khiếu nại trong (ngày làm việc)",
    "plan_month": "Chi bộ lập kế hoạch trong tháng",
    "lists_month": "Cấp trên xong danh sách trong tháng",
    "organisation_from": "Lập tổ chức từ mấy đảng viên chính thức",
    "base_committee_from": "Lập đảng bộ cơ sở từ mấy đảng viên",
    "base_exceptions": "Ít hơn vẫn được lập khi cấp trên đồng ý",
    "group_from": "Chia tổ đảng từ mấy đảng viên",
    "villages_only_cells": "Thôn, tổ dân phố chỉ lập chi bộ dưới đảng ủy xã",
    "delegated_from": "Giao quyền cấp trên cơ sở từ mấy đảng viên",
    "delegated_special_from": "Giao quyền, trường hợp riêng, từ mấy đảng viên",
    "direct_upper_special_from": "Lập cấp trên trực tiếp ở nơi đặc thù từ mấy đảng viên",
}


def people_lines(value: Value) -> Lines:
    """Each field of these rules, then what is less sure than the rule as a whole."""
    names = [field.name for field in dataclasses.fields(cast(Any, value))]
    lines = [*_special_lines(value)]
    lines += [(LABELS[name], said(getattr(value, name))) for name in names if name in LABELS]
    return [*lines, *(_doubt_lines(value) if isinstance(value, Doubtful) else [])]


def said(content: object) -> str:
    """One number, word or yes, as a reader says it."""
    if content is None or content == "":
        return UNSAID
    if isinstance(content, bool):
        return "có" if content else "không"
    if isinstance(content, Vocabulary):
        return content.label
    if isinstance(content, Fraction):
        return f"{content.numerator}/{content.denominator}"
    if isinstance(content, tuple):
        return _joined(content) or UNSAID
    return number_vi(content) if isinstance(content, int) else str(content)


def _joined(words: Iterable[Vocabulary]) -> str:
    return "; ".join(one.label for one in words)


def _special_lines(value: Value) -> Lines:
    """The lists of a value, one line each."""
    match value:
        case PostsOfKind():
            lines = [(_joined(one.kinds), _joined(one.posts)) for one in value.kinds]
        case PostTerm():
            lines = [
                (_joined(one.kinds), f"{number_vi(one.months)} tháng")
                for one in (*value.lengths, *value.cell_lengths)
            ]
        case BadgeRule():
            lines = _badge_lines(value)
        case ScreeningRule():
            lines = [(one.text, _measured(one)) for one in value.grounds]
        case ObligatoryTraining():
            lines = _course_lines(value)
        case TrainingDays():
            lines = [(_joined(one.posts), f"{number_vi(one.days)} ngày") for one in value.quotas]
        case _:
            lines = []
    return lines


def _measured(ground: StrikeOffGround) -> str:
    label = ground.measure.label
    return label if ground.at_least is None else f"{label}: từ {number_vi(ground.at_least)}"


def _badge_lines(value: BadgeRule) -> Lines:
    batches = "; ".join(f"{one.day}/{one.month}" for one in value.batches)
    return [
        ("Các mốc (năm tuổi Đảng)", ", ".join(str(one) for one in value.years) or UNSAID),
        ("Các đợt trao", batches or UNSAID),
        *(
            (f"Sau {one.form.label.lower()} phải chờ", f"{number_vi(one.months)} tháng")
            for one in value.after_discipline
        ),
    ]


def _course_lines(value: ObligatoryTraining) -> Lines:
    lines = []
    for one in value.courses:
        again = "một lần" if one.valid_months is None else f"{one.valid_months} tháng học lại"
        who = f"{_joined(one.posts)} của {_joined(one.kinds)}"
        lines.append((one.text, f"{who}: trong {one.within_months} tháng; {again}"))
    return lines


def _doubt_lines(value: Doubtful) -> Lines:
    lines = []
    for one in value.doubts:
        labels = "; ".join(LABELS.get(name, _WHOLE.get(name, name)) for name in one.fields)
        lines.append((f"{one.evidence.label} ({one.evidence.value})", f"{labels}. {one.why}"))
    return lines


_WHOLE = {
    "kinds": "Chức danh của từng loại",
    "lengths": "Độ dài nhiệm kỳ của đảng bộ, chi bộ cơ sở",
    "cell_lengths": "Độ dài nhiệm kỳ của chi bộ",
    "batches": "Các đợt trao",
    "after_discipline": "Thời gian chờ sau kỷ luật",
}
