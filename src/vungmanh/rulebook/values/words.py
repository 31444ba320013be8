"""The words that scoring sheets and grade conditions are written with."""

from __future__ import annotations

from vungmanh.core.vocabulary import Vocabulary


class CriterionMeasure(Vocabulary):
    """What a criterion of a scoring sheet counts."""

    MINUTES = "minutes", "Số phút họp"
    ATTENDANCE = "attendance", "Tỷ lệ dự họp"
    SPEAKERS = "speakers", "Tỷ lệ phát biểu"
    TASKS = "tasks", "Tỷ lệ việc hoàn thành"
    SHARE = "share", "Tỷ lệ khác"
    COUNT = "count", "Số lần"
    YES_NO = "yes_no", "Có hoặc không"
    LEVELS = "levels", "Chọn một mức"
    JUDGED = "judged", "Người chấm cho điểm"


class CriterionWhen(Vocabulary):
    """When a criterion of a scoring sheet applies."""

    ALWAYS = "always", "Mọi kỳ"
    THEMATIC_MONTH = "thematic_month", "Chỉ tháng có chuyên đề"
    ORDINARY_MONTH = "ordinary_month", "Chỉ tháng không có chuyên đề"
    MEMBERS_AT_LEAST = "members_at_least", "Chỉ chi bộ từ mấy đảng viên"
    HAS_COMMITTEE = "has_committee", "Chỉ chi bộ có chi ủy"


class AbsentCriterion(Vocabulary):
    """What becomes of the points of a criterion that does not apply."""

    LOST = "lost", "Mất điểm"
    GRANTED = "granted", "Cho đủ điểm"


class CriterionSource(Vocabulary):
    """Where the answer to a criterion comes from."""

    OBSERVED = "observed", "Người chấm thấy tại buổi họp"
    RECORDS = "records", "Tính từ sổ sách"
    SELF_DECLARED = "self_declared", "Chi bộ tự khai"


class SheetRescale(Vocabulary):
    """Whether points that do not apply are spread over the others."""

    NONE = "none", "Không quy đổi"
    PROPORTIONAL = "proportional", "Quy đổi theo tỷ lệ"
    NOT_STATED = "not_stated", "Văn bản không nêu"


class SheetScorer(Vocabulary):
    """Who scores a meeting."""

    CELL_COMMITTEE = "cell_committee", "Chi ủy, bí thư"
    MEMBERS_VOTE = "members_vote", "Đảng viên biểu quyết"
    SUPERIOR = "superior", "Cấp ủy viên cấp trên dự họp"


class QuotaBase(Vocabulary):
    """Of whom the quota of the best grade is a share (decisions.md 22)."""

    GOOD_OR_BETTER = "good_or_better", "Số từ hoàn thành tốt trở lên"
    GOOD_ONLY = "good_only", "Số hoàn thành tốt"


class ConditionFor(Vocabulary):
    """Whom a condition of a grade is for."""

    EVERYONE = "everyone", "Mọi đối tượng"
    PARTY_ORGANISATION = "party_organisation", "Đảng bộ"
    CELL = "cell", "Chi bộ"
    LEADERSHIP = "leadership", "Tập thể lãnh đạo"


class RatedLevel(Vocabulary):
    """On which level a rated organisation stands, where a rule tells them apart."""

    BELOW_BASE = "below_base", "Chi bộ thuộc đảng ủy cơ sở"
    BASE = "base", "Tổ chức cơ sở đảng"


class GradeOrder(Vocabulary):
    """What is rated before what."""

    LOWER_FIRST = "lower_first", "Cấp dưới trước, cấp trên sau"
    GOVERNMENT_FIRST = "government_first", "Chính quyền, đoàn thể trước, tổ chức đảng sau"
    COLLECTIVE_FIRST = "collective_first", "Tập thể trước, cá nhân sau"
    LEADERSHIP_FIRST = "leadership_first", "Tập thể lãnh đạo trước, đảng viên sau"
    HEAD_LAST = "head_last", "Người đứng đầu sau đơn vị"


class DecidingBody(Vocabulary):
    """What decides a yearly grade."""

    BASE_COMMITTEE = "base_committee", "Đảng ủy cơ sở"
    UPPER_STANDING = "upper_standing", "Ban thường vụ cấp ủy cấp trên trực tiếp"
    CENTRAL = "central", "Trung ương"


class CoverageState(Vocabulary):
    """How far something that the field rules is modelled."""

    MODELLED = "modelled", "Đã mô hình hóa"
    PARTLY = "partly", "Mới một phần"
    PENDING = "pending", "Chưa làm"
