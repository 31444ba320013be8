"""The words of cadres and members: appointments, rotations, training, admissions, transfers."""

from __future__ import annotations

from vungmanh.core.vocabulary import Vocabulary


class AppointmentWay(Vocabulary):
    """How somebody came into a post."""

    ELECTED = "elected", "Bầu cử"
    APPOINTED = "appointed", "Chỉ định"
    ROTATED_DOWN = "rotated_down", "Luân chuyển từ trên xuống"
    ROTATED_UP = "rotated_up", "Luân chuyển từ dưới lên"
    ROTATED_SIDEWAYS = "rotated_sideways", "Luân chuyển ngang"
    ACTING = "acting", "Giao phụ trách, điều hành"


class RotationState(Vocabulary):
    """Where a rotation stands."""

    DECIDED = "decided", "Đã quyết định, chưa đến ngày"
    AWAY = "away", "Đang luân chuyển"
    RETURNED = "returned", "Đã về"
    STAYED = "stayed", "Ở lại nơi đến"
    CANCELLED = "cancelled", "Đã hủy quyết định"


class PostConcern(Vocabulary):
    """What about the posts of a unit asks to be looked at; a fact of the unit, of no person."""

    VACANT = "vacant", "Khuyết bí thư"
    TERM_OVER = "term_over", "Quá nhiệm kỳ, chưa ghi đại hội mới"
    TERM_DUE = "term_due", "Sắp hết nhiệm kỳ"
    ACTING = "acting", "Đang giao người phụ trách"
    PLANNED_END = "planned_end", "Đến hoặc quá ngày dự kiến thôi giữ"
    CONCURRENT = "concurrent", "Một người giữ nhiều chức danh hơn mức nêu"


class CourseKind(Vocabulary):
    """What a course of a yearly plan is."""

    TRAINING = "training", "Bồi dưỡng nghiệp vụ"
    POLITICAL = "political", "Giáo dục chính trị"
    THEMATIC = "thematic", "Học tập chuyên đề của chi bộ"


class LessonState(Vocabulary):
    """Where a course stands."""

    PLANNED = "planned", "Trong kế hoạch"
    HELD = "held", "Đã mở"
    DROPPED = "dropped", "Không mở, có lý do"


class TrainingPlanState(Vocabulary):
    """Where the yearly plan of a committee stands."""

    DRAFT = "draft", "Đang soạn"
    APPROVED = "approved", "Đã ban hành"


class AdmissionState(Vocabulary):
    """Where somebody stands on the way into the Party."""

    OPEN = "open", "Đang làm hồ sơ"
    ADMITTED = "admitted", "Đã kết nạp, đang dự bị"
    OFFICIAL = "official", "Đã công nhận chính thức"
    STOPPED = "stopped", "Thôi xem xét"


class AdmissionStepKind(Vocabulary):
    """One step of an admission, in order."""

    DOSSIER = "dossier", "Lập xong hồ sơ"
    CELL_RESOLUTION = "cell_resolution", "Chi bộ ra nghị quyết đề nghị kết nạp"
    DECISION = "decision", "Cấp có thẩm quyền quyết định kết nạp"
    RECEIVED = "received", "Chi bộ nhận quyết định"
    CEREMONY = "ceremony", "Tổ chức lễ kết nạp"
    EXTENDED = "extended", "Kéo dài thời gian dự bị"
    CELL_OFFICIAL = "cell_official", "Chi bộ xét đảng viên chính thức"
    OFFICIAL_DECISION = "official_decision", "Quyết định công nhận chính thức"


class StallReason(Vocabulary):
    """Why an admission does not move."""

    VERIFYING = "verifying", "Chờ thẩm tra lý lịch"
    COURSE = "course", "Chờ lớp bồi dưỡng nhận thức về Đảng"
    AWAY = "away", "Người được xem xét đi làm ăn xa"
    INTRODUCER = "introducer", "Chưa có hoặc phải thay người giới thiệu"
    CELL = "cell", "Chi bộ chưa họp xét"
    UPPER = "upper", "Chờ cấp trên"
    OTHER = "other", "Lý do khác"


class TransferKind(Vocabulary):
    """Whether somebody moves for good or for a while."""

    OFFICIAL = "official", "Chuyển sinh hoạt chính thức"
    TEMPORARY = "temporary", "Chuyển sinh hoạt tạm thời"
    RETURN = "return", "Trở về nơi sinh hoạt chính thức"


class TransferState(Vocabulary):
    """Where a transfer stands; until it is accepted the sending unit counts the member."""

    SENT = "sent", "Đã giới thiệu, chờ nơi nhận"
    ACCEPTED = "accepted", "Nơi nhận đã tiếp nhận"
    REFUSED = "refused", "Nơi nhận trả lại, có lý do"
    WITHDRAWN = "withdrawn", "Nơi đi đã rút"


class MembershipEnd(Vocabulary):
    """Why a membership of a unit ended."""

    MOVED = "moved", "Chuyển đi"
    STATUS = "status", "Đổi diện"
    DIED = "died", "Từ trần"
    LEFT = "left", "Xin ra khỏi Đảng"
    STRUCK = "struck", "Xóa tên"
    EXPELLED = "expelled", "Khai trừ"
    REFORM = "reform", "Tổ chức sắp xếp lại"
    OTHER = "other", "Lý do khác"


class PairOutcome(Vocabulary):
    """What a person said of two entries that may be one."""

    MERGED = "merged", "Là một người, đã gộp"
    DIFFERENT = "different", "Là hai người"


class Aggregate(Vocabulary):
    """What members are counted by, as each unit reports it; never kept of a person."""

    SEX = "sex", "Giới tính"
    AGE = "age", "Nhóm tuổi"
    ETHNICITY = "ethnicity", "Dân tộc"
    EDUCATION = "education", "Trình độ"
    OCCUPATION = "occupation", "Nghề nghiệp"


class MemberChange(Vocabulary):
    """Why a unit has more or fewer members than before; `UNTOLD` is what no record explains."""

    ADMITTED = "admitted", "Kết nạp"
    ARRIVED = "arrived", "Chuyển đến"
    LISTED = "listed", "Bổ sung danh sách"
    SENT = "sent", "Chuyển đi"
    DIED = "died", "Từ trần"
    LEFT = "left", "Xin ra khỏi Đảng"
    STRUCK = "struck", "Xóa tên"
    EXPELLED = "expelled", "Khai trừ"
    REFORM = "reform", "Sắp xếp tổ chức"
    UNTOLD = "untold", "Chưa nêu nguyên nhân"
