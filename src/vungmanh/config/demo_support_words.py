"""What is written in the scheme of the demonstration. All words are invented."""

from __future__ import annotations

from vungmanh.analysis.simulate.scheme import Help

TITLE = "Đề án củng cố tổ chức cơ sở đảng yếu kém giai đoạn 2016–2020 (mẫu)"
NUMBER = "45-QĐ/TU (giả định)"
WEAKNESSES = (
    "Nhiều chi bộ không sinh hoạt đủ kỳ, có nơi một năm chỉ họp 5–6 kỳ; biên bản sơ sài, ít người "
    "phát biểu. Mỗi tháng vẫn còn chi bộ không báo cáo nên cấp trên không biết nơi nào yếu. Một số "
    "nơi xếp loại cao hơn việc đã làm. Cấp ủy cấp trên ít xuống chi bộ; chưa phân công người phụ "
    "trách đến từng chi bộ. Có nơi khuyết bí thư kéo dài, có nơi chỉ thêm văn bản mà không thêm "
    "việc."
)
MEASURES = (
    "attach_overseer", "rotate_secretary", "train", "restore_meetings", "political_education",
    "board_help",
)  # fmt: skip
EVERYWHERE = "Mọi nơi được chọn có chẩn đoán nguyên nhân và kế hoạch được duyệt trong quý I"

EXIT_TITLE = "Ra khỏi diện củng cố, giai đoạn 2016–2020: theo sổ họp, báo cáo và xếp loại"
EXIT_NOTE = (
    "Quy định giả định của tỉnh Mẫu. Chỉ dùng những gì sổ sách từng tháng của các năm ấy nói được; "
    "mức xếp loại do cấp trên quyết định là căn cứ độc lập."
)
EXIT_TEXT = """\
criteria:
  - {check: held_percent, minimum: 85}
  - {check: reported_percent, minimum: 90}
  - {check: secretary_in_post}
  - {check: findings_closed}
months: 6
independent: 1
hold_months: 12
label_months: 0
"""
GATES_TITLE = "Mốc báo cáo của đề án 2016–2020: cấp huyện và tương đương"
GATES_NOTE = "Quy định giả định của tỉnh Mẫu: cấp huyện tổng hợp thay cho cấp cơ sở."
_LEVELS = "[dang_bo_huyen, dang_bo_cap_tren]"
_YEARLY = (
    "Nơi đã chọn, biện pháp đã làm, kết quả so với đầu năm, nơi chuyển biến chậm và nguyên nhân."
)
GATES_TEXT = "gates:\n" + "".join(
    f"  - {{kind: {kind}, year: {year}, month: {month}, day: {day}, "
    f'levels: {_LEVELS}, asks: "{asks}"}}\n'
    for kind, year, month, day, asks in (
        ("launch", 1, 3, 28, "Kế hoạch của cấp mình, nơi đã chọn, người chịu trách nhiệm."),
        *(("yearly", year, 12, 15, _YEARLY) for year in range(1, 5)),
        ("mid_term", 3, 6, 28, "Kết quả nửa kỳ theo từng chỉ tiêu, việc chưa đạt, điều cần sửa."),
        ("final", 5, 10, 28, "Kết quả cả kỳ theo từng chỉ tiêu, bài học, kiến nghị."),
    )
)

LEFT_OUT = (
    "Năm nay cấp ủy tập trung cho một nơi khác; nơi này được nhắc bằng văn bản, xem lại cuối năm."
)
TAKEN_IN = (
    "Năm {year} họp {held} trong {due} kỳ, chưa báo cáo {no_report} kỳ; qua nắm tình hình, thường "
    "vụ thống nhất tập trung củng cố nơi này trong năm."
)
FALLBACK_CAUSE = "slow_leadership"
FALLBACK_EVIDENCE = (
    "Số liệu tháng 12 không nêu lý do nặng nào; qua làm việc với cấp ủy thấy việc năm trước lặp "
    "lại, nghị quyết chung chung, ít giao việc cho từng người."
)
SECOND = (
    "Đã đọc báo cáo các tháng và làm việc với cấp ủy cơ sở; nguyên nhân nêu ra khớp với sổ sách."
)
ANSWER = "Cấp ủy nhận thiếu sót đã nêu; đề nghị cấp trên cử người dự họp cùng chi bộ từ đầu năm."

#: What is done under each kind of help: measure, who, what must come of it, what is said of it.
PLANS: dict[Help, tuple[tuple[str, str, str, str], ...]] = {
    Help.A: (
        ("attach_overseer", "Ban Thường vụ cấp trên", "Mỗi chi bộ có một cấp ủy viên dự họp",
         "Hai cấp ủy viên cấp trên chia nhau các chi bộ, dự họp cùng."),
        ("rotate_secretary", "Ban Tổ chức cấp trên", "Có bí thư mới, nhận việc có biên bản",
         "Cán bộ cấp trên về nhận việc từ giữa tháng 3."),
    ),
    Help.B: (
        ("train", "Trung tâm Bồi dưỡng chính trị", "Danh sách dự lớp và bài thu hoạch",
         "Mở lớp nghiệp vụ cho bí thư và chi ủy."),
    ),
    Help.C: (
        ("board_help", "Ban Xây dựng Đảng cấp trên", "Mỗi quý một lần đến cơ sở",
         "Đến cơ sở nắm tình hình, góp ý tại chỗ."),
    ),
    Help.D: (
        ("restore_meetings", "Văn phòng cấp trên", "Mẫu sổ, lịch họp gửi tới mọi chi bộ",
         "Ban hành hướng dẫn, mẫu sổ và lịch sinh hoạt."),
        ("political_education", "Ban Tuyên giáo cấp trên", "Tài liệu gửi đủ các chi bộ",
         "Gửi tài liệu sinh hoạt hằng tháng."),
    ),
}  # fmt: skip
DROPPED = {
    "restore_meetings": "Đã gửi hướng dẫn và mẫu sổ; không có biên bản nào ghi trên hệ thống để "
    "làm căn cứ nên không tính là đã làm xong.",
    "political_education": "Tài liệu đã gửi đủ; không có biên bản họp làm căn cứ, không tính là "
    "đã làm xong.",
}
NOT_ROTATED = (
    "Chưa bố trí được cán bộ luân chuyển; sổ tổ chức không ghi bí thư mới trong thời gian này."
)
CLASS, CLASS_OUTPUT = "Mở lớp bồi dưỡng bí thư, chi ủy", "danh sách dự lớp có chữ ký"
CLASS_PROOF = "Danh sách dự lớp có chữ ký, bài thu hoạch lưu ở trung tâm"
PUT_RIGHT = "Lập lại sổ theo dõi nghị quyết của chi bộ", "sổ có chữ ký bí thư"
PUT_RIGHT_PROOF = "Sổ đã lập lại, cấp trên xem tại chỗ"
VISITED = (
    ("Họp đủ thành phần, biên bản còn sơ sài.", "Ghi rõ ai làm, ngày xong sau mỗi kỳ."),
    ("Đã họp đều hơn; nghị quyết vẫn chung.", "Mỗi kỳ chọn một việc của thôn để bàn kỹ."),
    ("Có việc quá hạn từ quý trước.", "Bí thư báo lại từng việc ở kỳ tới."),
)
MID_YEAR = "Đã xem sáu tháng đầu năm theo báo cáo từng tháng; nhắc nơi còn kỳ không họp."
YEAR_END = "Hết năm chưa đủ điều kiện ra khỏi diện theo quy định lúc vào; chuyển tiếp sang năm sau."
SLOW = "Chuyển biến dưới mức chờ đợi hai tháng liền; cử người trực tiếp kiểm điểm cùng cấp ủy."
RELAPSED = (
    "Số liệu tháng 12/{year} xếp nơi này vào diện cần củng cố trở lại, trong lúc đang giữ vững."
)
ENDED = "Đơn vị nhập vào tổ chức mới từ 1/7/2025; tổ chức mới được theo dõi như mọi nơi."
REPORTED = {
    "launch": "Đã quán triệt đề án, chọn nơi cần củng cố theo quy định, phân công người chịu trách "
    "nhiệm; khó nhất là người dự họp ở các chi bộ xa.",
    "yearly": "Trong năm đã theo dõi nơi được chọn hằng tháng; nơi nào có người phụ trách đến từng "
    "chi bộ thì chuyển biến rõ hơn, nơi chỉ thêm văn bản thì chưa thấy gì chắc chắn.",
    "mid_term": "Nửa kỳ: nơi được chọn đều có chẩn đoán và kế hoạch; còn nơi phải chuyển tiếp vì "
    "chưa đủ điều kiện. Đề nghị tăng người dự họp, bớt báo cáo giấy.",
    "final": "Cả kỳ: số kỳ họp tăng ở cả nơi được chọn và nơi không được chọn, nên chưa thể coi "
    "phần tăng là do đề án. Đề nghị giữ việc phân công phụ trách chi bộ và luân chuyển bí thư.",
}  # fmt: skip
