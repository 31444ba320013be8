"""The words every room shares: stable ASCII codes with their Vietnamese labels.

A code is stored and exchanged; a label is only shown. Codes never change once released.
Whether a kind *owes* something, or may sit under another, is dated data of the rulebook,
not a property of these words.
"""

from __future__ import annotations

from enum import StrEnum


class Vocabulary(StrEnum):
    """A string enum whose members carry a Vietnamese label."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Vocabulary:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class UnitKind(Vocabulary):
    """The form of an organisation. `chi_bo_co_so` is a cell that is itself an organisation."""

    DANG_BO_TINH = "dang_bo_tinh", "Đảng bộ tỉnh"
    DANG_BO_HUYEN = "dang_bo_huyen", "Đảng bộ huyện"
    DANG_BO_CAP_TREN = "dang_bo_cap_tren", "Đảng bộ cấp trên trực tiếp cơ sở"
    DANG_BO_XA = "dang_bo_xa", "Đảng bộ xã, phường"
    DANG_BO_CO_SO = "dang_bo_co_so", "Đảng bộ cơ sở"
    CHI_BO_CO_SO = "chi_bo_co_so", "Chi bộ cơ sở"
    CHI_BO = "chi_bo", "Chi bộ"


#: Kinds in which evidence arises (decisions.md 1): they meet and report.
CELL_KINDS = frozenset({UnitKind.CHI_BO, UnitKind.CHI_BO_CO_SO})


class Sector(Vocabulary):
    """Like kind: units are compared only within one sector."""

    COMMITTEE = "committee", "Cấp ủy cấp trên"
    COMMUNE = "commune", "Xã, phường"
    VILLAGE = "village", "Thôn, tổ dân phố"
    SCHOOL = "school", "Trường học"
    HEALTH = "health", "Y tế"
    AGENCY = "agency", "Cơ quan"
    ENTERPRISE = "enterprise", "Doanh nghiệp, hợp tác xã"


class LineageKind(Vocabulary):
    """What became of a unit that ended."""

    MERGE = "merge", "Sáp nhập"
    SPLIT = "split", "Chia tách"
    DISSOLVE = "dissolve", "Kết thúc hoạt động"


class ReformState(Vocabulary):
    """Where one decision about the register stands."""

    DRAFT = "draft", "Dự thảo"
    COMMITTED = "committed", "Đã thực hiện"
    UNDONE = "undone", "Đã hoàn tác"


class MembershipStatus(Vocabulary):
    OFFICIAL = "official", "Chính thức"
    PROBATIONARY = "probationary", "Dự bị"
    EXEMPT = "exempt", "Được miễn sinh hoạt"
    TEMPORARY_IN = "temporary_in", "Sinh hoạt tạm thời, chuyển đến"
    TEMPORARY_OUT = "temporary_out", "Sinh hoạt tạm thời, chuyển đi"
    SUSPENDED = "suspended", "Đình chỉ sinh hoạt"


class Post(Vocabulary):
    SECRETARY = "secretary", "Bí thư"
    DEPUTY_SECRETARY = "deputy_secretary", "Phó bí thư"
    STANDING_MEMBER = "standing_member", "Ủy viên ban thường vụ"
    COMMITTEE_MEMBER = "committee_member", "Cấp ủy viên"


class ReportState(Vocabulary):
    """What a report says of one obligation. *No report* is the absence of one, never a value."""

    HELD = "held", "Đã họp"
    NOT_HELD = "not_held", "Không họp"


class MonthState(Vocabulary):
    """What one month of one cell looks like, once obligation and report are put together."""

    HELD = "held", "Đã họp"
    NOT_HELD = "not_held", "Không họp"
    NO_REPORT = "no_report", "Chưa có báo cáo"
    EXCUSED = "excused", "Được miễn, có lý do"
    NOT_DUE = "not_due", "Chưa đến hạn"


class ObligationKind(Vocabulary):
    REGULAR = "regular", "Sinh hoạt thường kỳ"
    THEMATIC = "thematic", "Sinh hoạt chuyên đề"
    PLAN = "plan", "Kế hoạch năm, phân công đảng viên"
    REVIEW = "review", "Kiểm điểm năm"
    SCREENING = "screening", "Kế hoạch rà soát, sàng lọc"


class MeetingState(Vocabulary):
    """Where the record of one meeting stands (meetings.states)."""

    PREPARING = "preparing", "Đang chuẩn bị"
    ANNOUNCED = "announced", "Đã báo họp"
    RECORDING = "recording", "Đang ghi"
    FILED = "filed", "Đã nộp, chờ xác nhận"
    RETURNED = "returned", "Trả lại, chờ sửa"
    CONFIRMED = "confirmed", "Đã xác nhận"
    SEALED = "sealed", "Đã khóa"


class MeetingAct(Vocabulary):
    """What can be done with the record of a meeting."""

    PLAN = "plan", "Chuẩn bị"
    ANNOUNCE = "announce", "Báo họp"
    WRITE = "write", "Ghi"
    FILE = "file", "Nộp"
    RETRACT = "retract", "Rút lại để sửa"
    CONFIRM = "confirm", "Xác nhận"
    RETURN = "return", "Trả lại"
    SEAL = "seal", "Khóa"
    CORRECT = "correct", "Đính chính"


class FiledVia(Vocabulary):
    """By which way a record came in."""

    WEB = "web", "Trên máy"
    PHONE = "phone", "Trên điện thoại"
    PAPER = "paper", "Văn phòng nhập thay, từ bản giấy"


class Scorer(Vocabulary):
    """Which of the two sides scored a meeting, neither seeing the other's points."""

    SELF = "self", "Chi bộ tự chấm"
    SUPERIOR = "superior", "Cấp trên dự họp chấm"


class PhoneItemState(Vocabulary):
    """What became of one thing a phone said (docs/house/phones.md)."""

    ACCEPTED = "accepted", "Đã ghi"
    REFUSED = "refused", "Không ghi được"
    CONFLICT = "conflict", "Chờ chọn giữa hai giá trị"
    HELD = "held", "Đang giữ, chờ mục trước"
    QUARANTINED = "quarantined", "Đang giữ, chờ văn phòng"
    SUPERSEDED = "superseded", "Đã có người chọn"


class PhoneWay(Vocabulary):
    """How an item of a phone reached the server."""

    SENT = "sent", "Điện thoại gửi khi đã đăng nhập"
    DEPOSITED = "deposited", "Điện thoại gửi giữ khi chưa đăng nhập"
    FILE = "file", "Văn phòng nạp từ tệp bản sao"


class ResolutionKind(Vocabulary):
    """What a committee or a cell adopts, or guidance it sends down."""

    RESOLUTION = "resolution", "Nghị quyết"
    PLAN = "plan", "Kế hoạch"
    DIRECTIVE = "directive", "Văn bản chỉ đạo, hướng dẫn"


class ResolutionState(Vocabulary):
    """Every resolution has an end."""

    IN_FORCE = "in_force", "Đang thực hiện"
    DONE = "done", "Đã thực hiện xong"
    ENDED = "ended", "Thôi thực hiện, có lý do"


class TaskState(Vocabulary):
    """A task ends with its proof or with a reason. Overdue is no state: it follows from the day."""

    OPEN = "open", "Đang làm"
    DONE = "done", "Đã xong"
    DROPPED = "dropped", "Bỏ, có lý do"


class DutyReason(Vocabulary):
    """Why something was due in a month, or was not."""

    WHOLE_MONTH = "whole_month", "Hoạt động đủ tháng"
    INHERITED = "inherited", "Kế thừa kỳ của tổ chức cũ trong tháng sắp xếp"
    NOT_FOUNDED = "not_founded", "Chưa thành lập"
    FOUNDED_WITHIN = "founded_within", "Thành lập giữa tháng"
    ENDED_WITHIN = "ended_within", "Kết thúc giữa tháng"
    ENDED = "ended", "Đã kết thúc"
    OTHER_KIND = "other_kind", "Loại tổ chức này không phải làm"
    NO_RULE = "no_rule", "Chưa có quy định cho đủ tháng này"


class Relief(Vocabulary):
    """What a superior grants: an excuse takes the duty away, a postponement moves its term."""

    EXCUSED = "excused", "Miễn"
    POSTPONED = "postponed", "Hoãn"


class ReliefCause(Vocabulary):
    FLOOD = "flood", "Bão lũ, thiên tai"
    HARVEST = "harvest", "Mùa vụ"
    OTHER = "other", "Lý do khác"


class Status(Vocabulary):
    """Where an assessed unit stands (decisions.md 3 and 5)."""

    MUST_VERIFY = "must_verify", "Phải xác minh"  # reported under 70 %: the silence queue
    WEAK = "weak", "Cần củng cố"
    TO_VERIFY = "to_verify", "Cần xác minh"  # a count that unreported months could still save
    WATCH = "watch", "Cần theo dõi"
    NORMAL = "normal", "Bình thường"
    TOO_FEW = "too_few", "Chưa đủ kỳ"


class FlagFate(Vocabulary):
    """What a named person concluded about a flag once the unit had its say (decisions.md 6)."""

    CONFIRMED = "confirmed", "Đúng như nêu"
    EXPLAINED = "explained", "Có giải trình, chấp nhận"
    WRONG_DATA = "wrong_data", "Số liệu sai"


class LikenessRule(Vocabulary):
    """By which rule a record is shown as looking like another (methods.md §8)."""

    WHOLE = "whole", "Giống biên bản của chi bộ khác"
    OWN = "own", "Lặp lại biên bản trước của mình"
    PART = "part", "Có đoạn dài giống một biên bản trước"
    EMPTY = "empty", "Hầu như không có nội dung riêng"


class LikenessOutcome(Vocabulary):
    """What a named person says a likeness is, having looked (peers.md 2g)."""

    SAME_EVENT = "same_event", "Cùng một việc, cùng buổi họp"
    LAWFUL_REUSE = "lawful_reuse", "Dùng lại đúng phép"
    TEMPLATE = "template", "Do biểu mẫu, văn bản cấp trên"
    NEEDS_TALK = "needs_talk", "Cần trao đổi với chi bộ"
    FALSE_ALARM = "false_alarm", "Máy nêu nhầm"


class InspectionKind(Vocabulary):
    """Inspection looks into one matter, supervision follows the work as it goes."""

    KIEM_TRA = "kiem_tra", "Kiểm tra"
    GIAM_SAT = "giam_sat", "Giám sát"


class InspectionState(Vocabulary):
    """How far the record of an inspection is. Nothing is deleted: a mistaken one is withdrawn."""

    RECORDED = "recorded", "Đã ghi, chưa có kết luận"
    CONCLUDED = "concluded", "Đã có kết luận"
    WITHDRAWN = "withdrawn", "Đã rút"


class ReportedThen(Vocabulary):
    """What the cell had reported of a month when an inspection looked at it."""

    HELD = "held", "Báo đã họp"
    NOT_HELD = "not_held", "Báo không họp"
    NONE = "none", "Chưa có báo cáo"


class Verdict(Vocabulary):
    """What an inspection saw of one month."""

    HELD = "held", "Có họp"
    NOT_HELD = "not_held", "Không họp"
    UNKNOWN = "unknown", "Không xác định được"


class AskingState(Vocabulary):
    """Where an excuse that a cell asked for stands."""

    WAITING = "waiting", "Chờ cấp trên"
    GRANTED = "granted", "Đã cho"
    DECLINED = "declined", "Không cho"
    WITHDRAWN = "withdrawn", "Đã rút lời xin"


class CycleState(Vocabulary):
    """Whether the yearly rating of one committee is still going on."""

    OPEN = "open", "Đang làm"
    CLOSED = "closed", "Đã xong"


class DossierSubject(Vocabulary):
    """What of a unit is rated. Of members the system keeps counts only."""

    ORGANISATION = "organisation", "Tổ chức đảng"
    LEADERSHIP = "leadership", "Tập thể lãnh đạo"


class OutcomeSubject(Vocabulary):
    """Whose yearly grades a unit records beside its own dossier, as counts and without a name."""

    MEMBERS = "members", "Đảng viên"
    GOVERNMENT = "government", "Chính quyền cùng cấp"
    MASS_ORGANISATIONS = "mass_organisations", "Mặt trận, đoàn thể cùng cấp"


class OutcomeGrade(Vocabulary):
    """The grades that are counted, the best first; `UNRATED` are known and have none."""

    EXCELLENT = "excellent", "Hoàn thành xuất sắc nhiệm vụ"
    GOOD = "good", "Hoàn thành tốt nhiệm vụ"
    COMPLETED = "completed", "Hoàn thành nhiệm vụ"
    NOT_COMPLETED = "not_completed", "Không hoàn thành nhiệm vụ"
    UNRATED = "unrated", "Chưa xếp loại"


class DossierState(Vocabulary):
    """Where the yearly dossier of one organisation or collective stands (evaluation.states)."""

    WAITING = "waiting", "Chờ tự xếp loại"
    SELF_RATED = "self_rated", "Đã tự xếp loại"
    IN_OPINION = "in_opinion", "Đang lấy ý kiến"
    VERIFIED = "verified", "Đã thẩm định"
    PROPOSED = "proposed", "Đã đề xuất mức"
    DECIDED = "decided", "Đã quyết định"
    NOTIFIED = "notified", "Đã thông báo kết quả"
    RETURNED = "returned", "Trả lại, chờ sửa"
    COMPLAINED = "complained", "Có kiến nghị, chờ xác minh lại"
    REVERIFYING = "reverifying", "Đang xác minh lại"
    APPEALED = "appealed", "Đã kiến nghị lên cấp trên"


class DossierAct(Vocabulary):
    """What can be done with a yearly dossier."""

    WRITE = "write", "Ghi tiêu chí"
    RATE_SELF = "rate_self", "Nộp bản tự xếp loại"
    OPEN_OPINIONS = "open_opinions", "Mở lấy ý kiến"
    GIVE_OPINION = "give_opinion", "Cho ý kiến"
    VERIFY = "verify", "Thẩm định"
    PROPOSE = "propose", "Đề xuất mức"
    RETURN = "return", "Trả lại"
    DECIDE = "decide", "Quyết định mức"
    NOTIFY = "notify", "Thông báo kết quả"
    COMPLAIN = "complain", "Kiến nghị"
    REVERIFY = "reverify", "Xác minh lại"
    ANSWER_COMPLAINT = "answer_complaint", "Trả lời kiến nghị"
    APPEAL = "appeal", "Kiến nghị lên cấp trên"
    ANSWER_APPEAL = "answer_appeal", "Trả lời kiến nghị gửi lên cấp trên"
    REOPEN = "reopen", "Mở lại hồ sơ"


class DossierSide(Vocabulary):
    """From where an act on a dossier comes: below, from who decides, or from above that."""

    UNIT = "unit", "Tổ chức được xếp loại"
    COMMITTEE = "committee", "Cấp quyết định"
    UPPER = "upper", "Cấp trên của cấp quyết định"


class Weight(Vocabulary):
    HEAVY = "heavy", "Nặng"
    LIGHT = "light", "Nhẹ"


class Evidence(Vocabulary):
    """How sure we are of a rule (domain.md §0)."""

    READ = "READ", "Đã đọc văn bản"
    SEC = "SEC", "Theo nguồn thứ cấp"
    MEM = "MEM", "Theo hiểu biết chung"
    TEMPLATE = "template", "Mẫu, tỉnh chưa ban hành"
    OWN = "own", "Tỉnh tự ban hành, tự ghi"


class OwnRuleState(Vocabulary):
    """Where a rule that the province writes itself stands."""

    DRAFT = "draft", "Đang soạn"
    ADOPTED = "adopted", "Đã đưa vào dùng"
    WITHDRAWN = "withdrawn", "Đã rút"


class Role(Vocabulary):
    PROVINCIAL_ANALYST = "provincial_analyst", "Chuyên viên Ban Tổ chức"
    COMMITTEE_OFFICE = "committee_office", "Văn phòng đảng ủy"
    STANDING_COMMITTEE = "standing_committee", "Ban thường vụ cấp ủy"
    OVERSEER = "overseer", "Cấp ủy viên phụ trách"
    CELL_SECRETARY = "cell_secretary", "Bí thư chi bộ"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


class Structure(Vocabulary):
    """By which structure a series or total is put together (peers.md A5)."""

    THEN = "then", "Cơ cấu khi đó"
    NOW = "now", "Cơ cấu hiện nay"


class Severity(Vocabulary):
    """How much harm a finding of an integrity check does to the figures."""

    SEVERE = "severe", "Nghiêm trọng"
    WARNING = "warning", "Cảnh báo"
    NOTE = "note", "Lưu ý"


class Reach(Vocabulary):
    """How far a role held in a unit sees."""

    UNIT = "unit", "Chỉ đơn vị này"
    UNIT_AND_BELOW = "unit_and_below", "Đơn vị này và bên dưới"
