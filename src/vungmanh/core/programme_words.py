"""The words of strengthening: programmes, selections, files of chosen units, plans of overseers."""

from __future__ import annotations

from vungmanh.core.vocabulary import Vocabulary


class ProgrammeState(Vocabulary):
    """Where a multi-year programme of strengthening stands."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ duyệt"
    RUNNING = "running", "Đang thực hiện"
    CLOSED = "closed", "Đã tổng kết"


class GateKind(Vocabulary):
    """A point of a programme at which every level reports."""

    LAUNCH = "launch", "Triển khai"
    YEARLY = "yearly", "Kiểm điểm năm"
    MID_TERM = "mid_term", "Sơ kết giữa kỳ"
    FINAL = "final", "Tổng kết"


class SelectionState(Vocabulary):
    """Where the choosing of one committee for one year stands."""

    DRAFT = "draft", "Đang chuẩn bị"
    SUBMITTED = "submitted", "Đã trình"
    DECIDED = "decided", "Đã quyết định"
    WITHDRAWN = "withdrawn", "Đã rút"


class ChoiceWay(Vocabulary):
    """By what a unit came to be chosen, or was left out."""

    RULE = "rule", "Theo tiêu chí"
    LOT = "lot", "Bốc thăm trong vùng sát ngưỡng"
    OVERRIDE = "override", "Quyết định khác, có lý do"
    RELAPSE = "relapse", "Tái yếu"


class FileState(Vocabulary):
    """Where the strengthening of one chosen unit stands (strengthening.file_states)."""

    CHOSEN = "chosen", "Mới chọn, chưa chẩn đoán"
    DIAGNOSIS_ASKED = "diagnosis_asked", "Chờ duyệt chẩn đoán"
    DIAGNOSED = "diagnosed", "Đã chẩn đoán, chưa có kế hoạch"
    PLAN_ASKED = "plan_asked", "Chờ duyệt kế hoạch"
    ACTING = "acting", "Đang củng cố"
    EXIT_ASKED = "exit_asked", "Chờ duyệt ra khỏi diện"
    LINEAGE_ASKED = "lineage_asked", "Chờ quyết định theo sắp xếp tổ chức"
    HOLDING = "holding", "Đã ra khỏi diện, đang giữ vững"
    CLOSED = "closed", "Đã xong"
    RELAPSED = "relapsed", "Tái yếu trong thời gian giữ vững"
    ENDED = "ended", "Đơn vị kết thúc hoạt động"
    WITHDRAWN = "withdrawn", "Rút khỏi danh sách theo kiến nghị"


class FileAct(Vocabulary):
    """What can be done with the file of a chosen unit."""

    OPEN = "open", "Lập hồ sơ củng cố"
    WRITE_CAUSE = "write_cause", "Ghi nguyên nhân"
    ASK_DIAGNOSIS = "ask_diagnosis", "Trình chẩn đoán"
    APPROVE_DIAGNOSIS = "approve_diagnosis", "Duyệt chẩn đoán"
    RETURN_DIAGNOSIS = "return_diagnosis", "Trả lại chẩn đoán"
    WRITE_MEASURE = "write_measure", "Ghi biện pháp"
    ASK_PLAN = "ask_plan", "Trình kế hoạch"
    APPROVE_PLAN = "approve_plan", "Duyệt kế hoạch"
    RETURN_PLAN = "return_plan", "Trả lại kế hoạch"
    END_MEASURE = "end_measure", "Kết thúc biện pháp"
    NAME_REVIEWER = "name_reviewer", "Cử người kiểm điểm"
    REVIEW = "review", "Kiểm điểm tiến độ"
    ANSWER = "answer", "Đơn vị nêu ý kiến"
    HAND_OVER = "hand_over", "Chuyển giao hồ sơ"
    ACCEPT_HAND_OVER = "accept_hand_over", "Nhận hồ sơ chuyển giao"
    REFUSE_HAND_OVER = "refuse_hand_over", "Từ chối hồ sơ chuyển giao"
    ASK_EXIT = "ask_exit", "Trình ra khỏi diện"
    APPROVE_EXIT = "approve_exit", "Duyệt ra khỏi diện"
    RETURN_EXIT = "return_exit", "Trả lại đề nghị ra khỏi diện"
    CLOSE = "close", "Kết thúc thời gian giữ vững"
    RELAPSE = "relapse", "Ghi tái yếu"
    WITHDRAW = "withdraw", "Rút hồ sơ theo kiến nghị được chấp nhận"
    ASK_LINEAGE = "ask_lineage", "Trình cách xử lý khi đơn vị kết thúc"
    APPROVE_CARRY = "approve_carry", "Duyệt mang hồ sơ sang nơi kế tiếp"
    END = "end", "Kết thúc theo đơn vị"
    RETURN_LINEAGE = "return_lineage", "Trả lại đề nghị theo sắp xếp"
    UNDO_LINEAGE = "undo_lineage", "Bỏ quyết định theo sắp xếp"


class FileSide(Vocabulary):
    """From where an act on a file comes."""

    HANDLER = "handler", "Nơi theo dõi hồ sơ"
    APPROVER = "approver", "Cấp quyết định"
    UNIT = "unit", "Đơn vị được củng cố"


class CourseState(Vocabulary):
    """How a chosen unit stood at the end of a month beside the path it was expected to take."""

    MET = "met", "Đạt lộ trình"
    BELOW = "below", "Dưới lộ trình"
    UNKNOWN = "unknown", "Chưa rõ"


class ReviewKind(Vocabulary):
    """Why the course of a chosen unit is reviewed."""

    MID_YEAR = "mid_year", "Giữa năm"
    YEAR_END = "year_end", "Cuối năm"
    SLOW = "slow", "Vì chuyển biến chậm"


class ReviewEnd(Vocabulary):
    """What a review concludes."""

    CONTINUE = "continue", "Tiếp tục theo kế hoạch"
    CHANGE = "change", "Phải đổi biện pháp"
    EXIT = "exit", "Đề nghị cho ra khỏi diện"


class FileFate(Vocabulary):
    """What becomes of the file of a unit that a reform ended."""

    CARRY = "carry", "Mang sang nơi kế tiếp"
    END = "end", "Kết thúc theo đơn vị"


class MeasureState(Vocabulary):
    PLANNED = "planned", "Đang làm"
    DONE = "done", "Đã làm, có căn cứ"
    DROPPED = "dropped", "Không làm nữa"


class EvidenceTier(Vocabulary):
    """How well it is known that a measure helps."""

    NONE = "none", "Chưa có bằng chứng"
    WEAK = "weak", "Bằng chứng yếu"
    TESTED = "tested", "Đã được kiểm chứng"


class PlanState(Vocabulary):
    """Where a plan of who oversees which cell stands."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt"
    WITHDRAWN = "withdrawn", "Đã rút"
