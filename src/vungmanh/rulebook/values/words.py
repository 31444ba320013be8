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


class FactName(Vocabulary):
    """What the records of a unit can say about its year. Counts are of the rating year."""

    MEETINGS_HELD = "meetings_held", "Kỳ họp đã họp"
    MEETINGS_DUE = "meetings_due", "Kỳ họp phải họp"
    MEETINGS_UNREPORTED = "meetings_unreported", "Kỳ họp chưa có báo cáo"
    THEMATIC_HELD = "thematic_held", "Kỳ sinh hoạt chuyên đề đã họp"
    ATTENDANCE = "attendance", "Tỷ lệ đảng viên dự họp"
    TASKS_DUE = "tasks_due", "Nhiệm vụ đến hạn trong năm"
    TASKS_DONE = "tasks_done", "Nhiệm vụ đã xong"
    TASKS_ON_TIME = "tasks_on_time", "Nhiệm vụ xong đúng hạn"
    TASKS_LATE = "tasks_late", "Nhiệm vụ xong muộn"
    TASKS_BEYOND = "tasks_beyond", "Nhiệm vụ vượt yêu cầu"
    TASKS_CARRIED = "tasks_carried", "Nhiệm vụ quá hạn chưa xong"
    ADMISSIONS = "admissions", "Đảng viên kết nạp trong năm"
    SECRETARY_VACANT = "secretary_vacant", "Số ngày khuyết bí thư"
    SUBORDINATES_RATED = "subordinates_rated", "Tổ chức trực thuộc được xếp loại"
    SUBORDINATES_GOOD = "subordinates_good", "Tổ chức trực thuộc hoàn thành tốt trở lên"
    SUBORDINATES_COMPLETED = (
        "subordinates_completed",
        "Tổ chức trực thuộc hoàn thành nhiệm vụ trở lên",
    )
    MEMBERS_RATED = "members_rated", "Đảng viên được xếp loại"
    MEMBERS_GOOD = "members_good", "Đảng viên hoàn thành tốt trở lên"
    MEMBERS_COMPLETED = "members_completed", "Đảng viên hoàn thành nhiệm vụ trở lên"
    DISCIPLINE_OF_UNIT = "discipline_of_unit", "Tổ chức bị kỷ luật trong năm"
    DISCIPLINE_OF_MEMBERS = "discipline_of_members", "Đảng viên bị kỷ luật trong năm"
    DISCIPLINE_OF_LEADERS = (
        "discipline_of_leaders",
        "Thành viên tập thể lãnh đạo bị kỷ luật từ cảnh cáo trở lên",
    )
    DISCIPLINE_BELOW = (
        "discipline_below",
        "Đơn vị trực thuộc hoặc lãnh đạo bị kỷ luật trong năm",
    )
    OPEN_FLAGS = "open_flags", "Dấu hiệu yếu đang còn mở"
    FLAGS_CONFIRMED = "flags_confirmed", "Dấu hiệu yếu đã kết luận là đúng, chưa hết"
    FLAGS_BELOW = "flags_below", "Dấu hiệu yếu đang mở của đơn vị bên dưới"
    INSPECTIONS_REFUTED = "inspections_refuted", "Kỳ họp kiểm tra thấy khác báo cáo"
    SHORTCOMINGS_FOUND = "shortcomings_found", "Hạn chế đã nêu ở kỳ trước"
    SHORTCOMINGS_REMEDIED = "shortcomings_remedied", "Hạn chế đã khắc phục xong"
    GOVERNMENT_LOWEST = "government_lowest", "Chính quyền cùng cấp bị xếp loại thấp nhất"
    GOVERNMENT_GRADE = "government_grade", "Bậc xếp loại của chính quyền cùng cấp (1 là cao nhất)"
    MASS_ORGANISATIONS_LOWEST = (
        "mass_organisations_lowest",
        "Số tổ chức Mặt trận, đoàn thể bị xếp loại thấp nhất",
    )
    MASS_ORGANISATIONS_GOOD = (
        "mass_organisations_good",
        "Số tổ chức Mặt trận, đoàn thể hoàn thành tốt trở lên",
    )


class FactCompare(Vocabulary):
    """How a fact of the year answers a condition of a grade; shares are of the fact's `of`."""

    SHARE_AT_LEAST = "share_at_least", "Tỷ lệ ít nhất"
    SHARE_AT_MOST = "share_at_most", "Tỷ lệ không quá"
    REST_MORE_THAN = "rest_more_than", "Tỷ lệ phần còn lại hơn"
    AT_LEAST = "at_least", "Ít nhất"
    AT_MOST = "at_most", "Không quá"
    IS_TRUE = "is_true", "Có"


class RecordPower(Vocabulary):
    """What records alone can say of a condition; the rest is for a person to say."""

    DECIDES = "decides", "Sổ sách trả lời được"
    CAN_BREAK = "can_break", "Sổ sách chỉ cho thấy là không đạt"
    CAN_MEET = "can_meet", "Sổ sách chỉ cho thấy là đạt"


class SheetWay(Vocabulary):
    """How the criteria of a year's sheet are answered."""

    POINTS = "points", "Chấm điểm"
    LEVELS = "levels", "Chọn một trong bốn mức"


class CriterionLevel(Vocabulary):
    """The four levels of a criterion of the years 2018 to 2024, best first."""

    XUAT_SAC = "xuat_sac", "Xuất sắc"
    TOT = "tot", "Tốt"
    TRUNG_BINH = "trung_binh", "Trung bình"
    KEM = "kem", "Kém"


class SheetPart(Vocabulary):
    """What a group of criteria of a year's sheet is about; conditions of grades name it."""

    PARTY_BUILDING = "party_building", "Xây dựng Đảng"
    TASK_RESULT = "task_result", "Kết quả nhiệm vụ"
    OTHER = "other", "Nội dung khác"
