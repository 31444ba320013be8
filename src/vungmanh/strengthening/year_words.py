"""Where a fact of a year comes from, in words that are kept with it."""

from __future__ import annotations

from typing import Final

NOT_RECORDED: Final = "Hệ thống chưa có sổ ghi việc này."
LEDGER: Final = "Sổ nghĩa vụ sinh hoạt; kiểm tra thấy khác thì theo kiểm tra."
LEDGER_EMPTY: Final = "Sổ nghĩa vụ không có kỳ nào trong năm."
THEMATIC_EMPTY: Final = "Năm ấy sổ nghĩa vụ không có kỳ chuyên đề nào phải họp."
ATTENDANCE: Final = "Số dự họp trên số phải dự, cộng các kỳ đã họp có ghi cả hai số."
TASKS: Final = "Sổ việc: việc đến hạn trong năm, bỏ trước hạn thì không tính."
TASKS_BY_REPORT: Final = "Có tháng chỉ biết qua số trong báo cáo, không có từng việc."
TASKS_EMPTY: Final = "Không có việc nào trong sổ việc và trong báo cáo của năm."
INSPECTIONS: Final = "Kỳ báo đã họp mà kiểm tra thấy không họp, trên số kỳ đã kiểm tra."
INSPECTIONS_NONE: Final = "Không kỳ nào trong năm được kiểm tra, giám sát."
FLAGS: Final = "Dấu hiệu cần củng cố chưa kết luận và chưa hết vào cuối năm."
FLAGS_CONFIRMED: Final = "Dấu hiệu đã được kết luận là đúng và vào cuối năm chưa hết."
FLAGS_NONE: Final = "Đơn vị chưa được đánh giá tháng nào trong năm."
GRADES: Final = "Xếp loại đã quyết định của các đơn vị trực thuộc trong cùng năm."
GRADES_NONE: Final = "Chưa đơn vị trực thuộc nào có xếp loại của năm này."
NOBODY_BELOW: Final = "Không có đơn vị trực thuộc vào cuối năm."
ADMISSIONS: Final = "Sổ kết nạp; tháng nào báo cáo có ghi thì theo báo cáo."
ADMISSIONS_NONE: Final = "Sổ kết nạp chưa ghi đến năm này."
SECRETARY: Final = "Sổ bổ nhiệm: số ngày không có bí thư, trên số ngày đơn vị hoạt động trong năm."
SECRETARY_NONE: Final = "Chưa ghi bổ nhiệm bí thư nào."
MEMBERS: Final = "Số đảng viên theo mức do chi bộ ghi, không có tên người."
GOVERNMENT: Final = "Mức của chính quyền cùng cấp do tổ chức ghi từ quyết định xếp loại."
MASS_ORGANISATIONS: Final = "Số Mặt trận, đoàn thể theo mức do tổ chức ghi từ quyết định xếp loại."
