"""One paper of each kind, of an imaginary province, for the tests that measure what is drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from vungmanh.outputs.papers.document import Paper, Table
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.dossier import (
    ConditionRow,
    CriterionGroup,
    CriterionRow,
    DossierPaper,
    OpinionRow,
    dossier_paper,
)
from vungmanh.outputs.papers.kinds.opinions import (
    CycleSummary,
    OpinionSheet,
    SheetRow,
    SummaryGroup,
    SummaryRow,
    cycle_summary,
    opinion_sheet,
)
from vungmanh.outputs.papers.kinds.proposing import (
    Decision,
    Notice,
    SubmissionPaper,
    decision,
    notice,
    submission,
)
from vungmanh.outputs.papers.kinds.reports import (
    Listing,
    Report,
    SittingMinutes,
    listing,
    of_quarter,
    of_span,
    report,
    sitting_minutes,
)
from vungmanh.outputs.papers.kinds.review import CollectiveReview, review_report
from vungmanh.outputs.papers.kinds.sections import Section
from vungmanh.outputs.papers.kinds.sender import Closing, Sender, paper_of
from vungmanh.rulebook.values.papers import PaperBody, PaperFamily, PaperType, SigningCapacity

DAY = dt.date(2026, 2, 5)
LATER = dt.date(2026, 12, 8)
GRADES = ("Hoàn thành xuất sắc", "Hoàn thành tốt", "Hoàn thành", "Không hoàn thành")
SENDER = Sender(
    superior="Đảng bộ tỉnh Mẫu",
    issuer="Đảng ủy xã Quan Mẫu",
    place="Quan Mẫu",
    mark="ĐU",
    body=PaperBody.STANDING_COMMITTEE,
    day=LATER,
    on=LATER,
    number=5,
    is_simulated=True,
)
STANDING = Closing(
    (Signer("Phó Bí thư", "Lò Thử An", SigningCapacity.FOR_COLLECTIVE, "Ban Thường vụ"),),
    ("Ban Thường vụ Tỉnh ủy (báo cáo),", "Các chi bộ trực thuộc,", "Lưu Văn phòng Đảng ủy."),
)
CELL = replace(
    SENDER, superior="Đảng bộ xã Quan Mẫu", issuer="Chi bộ thôn Nà Mẫu", mark="CB",
    body=PaperBody.CELL,
)  # fmt: skip
OF_CELL = Closing(
    (Signer("Bí thư", "Hoàng Thử Bình", SigningCapacity.FOR_COLLECTIVE, "Chi bộ"),),
    ("Đảng ủy xã Quan Mẫu (báo cáo),", "Lưu Chi bộ."),
)
TEXT = (
    "Năm qua chi bộ họp đủ các kỳ, đảng viên dự họp đông, việc giao sau mỗi kỳ có người nhận, có"
    " hạn và có kết quả. Đường vào thôn đã đổ bê tông, mương được nạo vét trước vụ đông, mười hai"
    " hộ hiến đất làm nhà văn hóa."
)


def review() -> Paper:
    sections = (
        Section(
            "Ưu điểm, kết quả đạt được",
            below=(
                Section("Về sinh hoạt", (TEXT, TEXT)),
                Section("Về nhiệm vụ chính trị", (TEXT,), ("Làm đường thôn", "Sửa mương")),
            ),
        ),
        Section("Hạn chế, khuyết điểm và nguyên nhân", (TEXT,)),
        Section("Phương hướng và biện pháp khắc phục"),
    )
    return review_report(
        CollectiveReview(CELL, OF_CELL, "Chi ủy chi bộ thôn Nà Mẫu", 2026, sections,
                         "Hoàn thành tốt nhiệm vụ", "3/3 chi ủy viên tán thành")
    )  # fmt: skip


def dossier() -> Paper:
    rows = (
        CriterionRow("Họp đủ số kỳ", 10, Fraction(19, 2), ("Đã họp 12/12 kỳ",), "Văn phòng"),
        CriterionRow("Việc giao xong đúng hạn", 20, 18, ("Xong đúng hạn 18/20 việc",), "Hệ thống"),
    )
    last = (CriterionRow("Đoàn kết nội bộ", 10, None, (), ""),)
    return dossier_paper(
        DossierPaper(
            SENDER, STANDING, "Chi bộ thôn Nà Mẫu", 2026,
            (CriterionGroup("Sinh hoạt và việc giao", rows), CriterionGroup("Đoàn kết", last)),
            (ConditionRow("Mọi việc được giao xong đúng hạn", "Không đạt", ("2 việc chậm",)),),
            (OpinionRow("Mặt trận Tổ quốc", "Cho ý kiến", GRADES[1], None, "", "02/12/2026"),),
            (("Mức quyết định", GRADES[1]), ("Căn cứ", "Quyết định 366-QĐ/TW")),
            "Bảng tiêu chí là mẫu, tỉnh chưa ban hành.",
        )
    )  # fmt: skip


def sheet() -> Paper:
    rows = tuple(SheetRow(f"Chi bộ thôn số {n}", GRADES[1], n % 4) for n in range(1, 6))
    return opinion_sheet(
        OpinionSheet(SENDER, Closing((Signer("Đại diện cơ quan cho ý kiến"),)), 2026,
                     "Mặt trận Tổ quốc xã", GRADES, rows,
                     "Số xuất sắc không quá 20% số hoàn thành tốt trong nhóm tương đồng.")
    )  # fmt: skip


def summary(count: int = 30) -> Paper:
    rows = tuple(
        SummaryRow(f"Chi bộ thôn số {n}", GRADES[1], (0, 3, 1, 0), GRADES[n % 3],
                   "giữ lại do tỷ lệ" if n == 4 else "")
        for n in range(1, count + 1)
    )  # fmt: skip
    groups = (SummaryGroup("Thôn, tổ dân phố", rows), SummaryGroup("Trường học", rows[:2]))
    return cycle_summary(CycleSummary(SENDER, STANDING, 2026, GRADES, groups, 4))


def small_table() -> Table:
    rows = (("1", "Chi bộ thôn Nà Mẫu", GRADES[1]), ("2", "Chi bộ Trường Tiểu học", GRADES[0]))
    return Table("", ("TT", "Tổ chức đảng", "Mức xếp loại"), rows, (8, 55, 37))


def proposed() -> Paper:
    return submission(
        SubmissionPaper(SENDER, STANDING, "về việc đề nghị xếp loại tổ chức đảng năm 2026",
                   "Ban Thường vụ Tỉnh ủy", ("Căn cứ Quy định 366-QĐ/TW ngày 30/8/2025",),
                   (TEXT,), ("Công nhận mức xếp loại của 2 chi bộ",), (small_table(),))
    )  # fmt: skip


def decided() -> Paper:
    return decision(
        Decision(SENDER, STANDING, "về việc công nhận mức xếp loại năm 2026", "Ban Thường vụ",
                 ("Căn cứ Điều lệ Đảng", "Căn cứ Quy định 366-QĐ/TW ngày 30/8/2025"),
                 (("Công nhận mức xếp loại năm 2026 của các tổ chức đảng có tên sau:",),
                  ("Văn phòng Đảng ủy và các chi bộ có tên thi hành Quyết định này",)),
                 small_table())
    )  # fmt: skip


def told() -> Paper:
    return notice(
        Notice(SENDER, STANDING, "kết quả xếp loại năm 2026", "Chi bộ thôn Nà Mẫu", (TEXT,),
               (("Mức xếp loại", GRADES[1]),), (), "Không đồng ý thì gửi ý kiến trong 10 ngày")
    )  # fmt: skip


def sitting() -> Paper:
    signers = Closing((Signer("Thư ký", "Mã Thử Cúc"), Signer("Chủ trì", "Lò Thử An")))
    return sitting_minutes(
        SittingMinutes(SENDER, signers, "họp xét xếp loại năm 2026", "8 giờ, ngày 08/12/2026",
                       "Phòng họp Đảng ủy", "5/5 đồng chí",
                       sections=(Section("Xét hồ sơ", (TEXT,)),),
                       votes=(("Tán thành", "5/5"),), ended="10 giờ cùng ngày")
    )  # fmt: skip


def quarter() -> Paper:
    sections = (Section("Tình hình", (TEXT,) * 9), Section("Kết quả", tables=(small_table(),)))
    about = f"công tác xây dựng Đảng {of_quarter(3, 2026)}"
    return report(Report(SENDER, STANDING, about, sections, ("Đảng ủy xã báo cáo như sau:",)))


def programme() -> Paper:
    span = of_span(dt.date(2016, 1, 1), dt.date(2020, 12, 31))
    return report(
        Report(SENDER, STANDING, f"kết quả thực hiện Đề án củng cố cơ sở yếu {span}",
               (Section("Kết quả", (TEXT,)),))
    )  # fmt: skip


def listed() -> Paper:
    rows = tuple((f"Chi bộ thôn số {n}", str(n), "") for n in range(1, 61))
    return listing(
        Listing(SENDER, STANDING, "tổ chức đảng được chọn củng cố",
                ("Tổ chức đảng", "Số đảng viên", "Ghi chú"), rows, (60, 15, 25), (1,),
                "(Kèm theo Quyết định số 05-QĐ/ĐU)")
    )  # fmt: skip


def of_state() -> Paper:
    sender = replace(
        SENDER, superior="Ủy ban nhân dân tỉnh Mẫu", issuer="Ủy ban nhân dân xã Quan Mẫu",
        mark="UBND", family=PaperFamily.STATE, on=DAY, day=DAY,
    )  # fmt: skip
    signer = Signer("Chủ tịch", "Nông Thử Dũng", SigningCapacity.FOR_COLLECTIVE, "Ủy ban nhân dân")
    return paper_of(
        sender, PaperType.REPORT, about="Kết quả đường thôn năm 2025",
        parts=report(Report(SENDER, STANDING, "x", (Section("Kết quả", (TEXT,)),))).parts,
        closing=Closing((signer,), ("Như trên;", "Lưu: VT.")),
    )  # fmt: skip


SAMPLES = {
    "kiem-diem": review, "ho-so": dossier, "phieu": sheet, "tong-hop": summary,
    "to-trinh": proposed, "quyet-dinh": decided, "thong-bao": told, "bien-ban": sitting,
    "bao-cao-quy": quarter, "bao-cao-de-an": programme, "danh-sach": listed, "nha-nuoc": of_state,
}  # fmt: skip
