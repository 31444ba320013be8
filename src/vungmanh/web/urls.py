"""Every address of the program. One line a page; identifiers are typed."""

from django.urls import include, path
from django.views.i18n import set_language

from vungmanh.web.attachments import views as attachments
from vungmanh.web.checks import views as checks
from vungmanh.web.compare import views as compare
from vungmanh.web.delegation import views as delegation
from vungmanh.web.digest import views as digest
from vungmanh.web.evaluation import bundle as cycle_bundle
from vungmanh.web.evaluation import cycle_acts, outcomes
from vungmanh.web.evaluation import dossier_views as dossiers
from vungmanh.web.evaluation import many as cycle_many
from vungmanh.web.evaluation import moderation_views as year_moderation
from vungmanh.web.evaluation import opening as cycle_opening
from vungmanh.web.evaluation import papers as year_papers
from vungmanh.web.evaluation import quota_views as year_quota
from vungmanh.web.evaluation import views as evaluation
from vungmanh.web.figures import views as figures
from vungmanh.web.files import part_views as file_parts
from vungmanh.web.files import views as files
from vungmanh.web.flags import views as flags
from vungmanh.web.frame import views as frame
from vungmanh.web.handbook import views as handbook
from vungmanh.web.imports import views as imports
from vungmanh.web.inspections import views as inspections
from vungmanh.web.ledger import asking_views as asking
from vungmanh.web.ledger import views as ledger
from vungmanh.web.lookalikes import views as lookalikes
from vungmanh.web.meetings import month_views, roll_views
from vungmanh.web.meetings import views as meetings
from vungmanh.web.overview import views as overview
from vungmanh.web.papers import rating as rating_papers
from vungmanh.web.papers import register as paper_register
from vungmanh.web.papers import views as papers
from vungmanh.web.people import views as people
from vungmanh.web.phone import queue_views as phone_queue
from vungmanh.web.phone import sending as phone_sending
from vungmanh.web.phone import shell as phone_shell
from vungmanh.web.programmes import acts as programme_acts
from vungmanh.web.programmes import draft_views as programme_drafts
from vungmanh.web.programmes import effects_view
from vungmanh.web.programmes import gate_views as programme_gates
from vungmanh.web.programmes import views as programmes
from vungmanh.web.reforms import act_views as reform_acts
from vungmanh.web.reforms import views as reforms
from vungmanh.web.reports import views as reports
from vungmanh.web.rulebook import deadlines as rule_deadlines
from vungmanh.web.rulebook import explore as rule_trials
from vungmanh.web.rulebook import own as own_rules
from vungmanh.web.rulebook import sheet_editor, sheets
from vungmanh.web.rulebook import views as rulebook
from vungmanh.web.runs import views as runs
from vungmanh.web.scoring import agreement as rater_agreement
from vungmanh.web.scoring import views as scoring
from vungmanh.web.selections import acts as selection_acts
from vungmanh.web.selections import otherwise as selection_otherwise
from vungmanh.web.selections import own as selection_own
from vungmanh.web.selections import views as selections
from vungmanh.web.series import views as series
from vungmanh.web.spotting import views as spotting
from vungmanh.web.supplied import views as supplied
from vungmanh.web.tasks import resolution_new, resolution_send
from vungmanh.web.tasks import resolution_views as resolutions
from vungmanh.web.tasks import views as tasks
from vungmanh.web.unit import views as unit
from vungmanh.web.units import views as units
from vungmanh.web.why import views as why

urlpatterns = [
    path("", overview.home, name="home"),
    path("tong-quan/", overview.overview, name="overview"),
    path("viec-hom-nay/", digest.digest, name="digest"),
    path("to-chuc/", units.units, name="units"),
    path("to-chuc/<uuid:unit_id>/ben-duoi/", units.units, name="units"),
    path("tim/", units.search, name="search"),
    path("to-chuc/<uuid:unit_id>/", unit.unit, name="unit"),
    path("to-chuc/<uuid:unit_id>/vi-sao/", why.why, name="why"),
    path("dien-bien/", series.series, name="series"),
    path("to-chuc/<uuid:unit_id>/dien-bien/", series.series, name="series"),
    path("nhan-dien/", spotting.spotting, name="spotting"),
    path("nhan-dien/xuat.xlsx", spotting.export, name="spotting_export"),
    path("nhan-dien/bieu-do-pheu/", compare.funnel, name="funnel"),
    path("nhan-dien/so-hai-ky/", compare.compare, name="compare"),
    path("so-lieu/lan-tinh/", runs.runs, name="runs"),
    path("so-lieu/", figures.figures, name="figures"),
    path("so-lieu/<slug:figure_code>/", figures.figure, name="figure"),
    path("giai-trinh/", flags.flags, name="flags"),
    path("giai-trinh/<uuid:flag_id>/", flags.flag, name="flag"),
    path("giai-trinh/<uuid:flag_id>/mo-lai/", flags.flag_reopen, name="flag_reopen"),
    path("so-nghia-vu/", ledger.ledger, name="ledger"),
    path("so-nghia-vu/mien-hoan/", ledger.excuses, name="excuses"),
    path(
        "so-nghia-vu/mien-hoan/<int:excuse_id>/rut/", ledger.excuse_withdraw, name="excuse_withdraw"
    ),
    path("so-nghia-vu/mo-lai/", ledger.ledger_reopen, name="ledger_reopen"),
    path("so-nghia-vu/<uuid:unit_id>/", ledger.unit_ledger, name="unit_ledger"),
    path("so-nghia-vu/<uuid:unit_id>/mien-hoan/", ledger.excuse_new, name="excuse_new"),
    path("so-nghia-vu/xin-mien-hoan/", asking.excuse_requests, name="excuse_requests"),
    path(
        "so-nghia-vu/xin-mien-hoan/<uuid:request_id>/", asking.excuse_request, name="excuse_request"
    ),
    path("so-nghia-vu/<uuid:unit_id>/xin-mien-hoan/", asking.excuse_ask, name="excuse_ask"),
    path("sinh-hoat/doi-chieu-tep/", handbook.handbook, name="handbook"),
    path("sinh-hoat/doi-chieu-tep/xuat/", handbook.handbook_export, name="handbook_export"),
    path(
        "sinh-hoat/doi-chieu-tep/<uuid:batch_id>/", handbook.handbook_batch, name="handbook_batch"
    ),
    path("sinh-hoat/<uuid:meeting_id>/bien-ban/", papers.meeting_minutes, name="meeting_minutes"),
    path(
        "sinh-hoat/<uuid:meeting_id>/bien-ban.docx",
        papers.meeting_minutes_docx,
        name="meeting_minutes_docx",
    ),
    path("sinh-hoat/<uuid:meeting_id>/thu-moi/", papers.meeting_notice, name="meeting_notice"),
    path(
        "sinh-hoat/<uuid:meeting_id>/thu-moi.docx",
        papers.meeting_notice_docx,
        name="meeting_notice_docx",
    ),
    path("sinh-hoat/<uuid:meeting_id>/lich.ics", papers.meeting_ics, name="meeting_ics"),
    path("sinh-hoat/<uuid:unit_id>/mau-ghi/", papers.blank_minutes, name="blank_minutes"),
    path("sinh-hoat/<uuid:meeting_id>/tep/", attachments.attachment_add, name="attachment_add"),
    path("bien-ban-giong-nhau/", lookalikes.lookalikes, name="lookalikes"),
    path("bien-ban-giong-nhau/<uuid:likeness_id>/", lookalikes.lookalike, name="lookalike"),
    path(
        "bien-ban-giong-nhau/<uuid:likeness_id>/mo-lai/",
        lookalikes.lookalike_reopen,
        name="lookalike_reopen",
    ),
    path("boi-duong/", include("vungmanh.web.training.urls")),
    path("can-bo/", include("vungmanh.web.cadre.urls")),
    path("cung-co/", programmes.programmes, name="strengthening"),
    path("cung-co/moi/", programme_acts.programme_new, name="programme_new"),
    path("cung-co/", include("vungmanh.web.programmes.paper_urls")),
    path("cung-co/phu-trach/", include("vungmanh.web.oversight.urls")),
    path("cung-co/<uuid:programme_id>/", programmes.programme, name="programme"),
    path("cung-co/<uuid:programme_id>/sua/", programme_acts.programme_edit, name="programme_edit"),
    path(
        "cung-co/<uuid:programme_id>/moc/", programme_drafts.programme_gates, name="programme_gates"
    ),
    path(
        "cung-co/<uuid:programme_id>/chi-tieu/<int:target_id>/",
        programme_drafts.target_value,
        name="target_value",
    ),
    path(
        "cung-co/<uuid:programme_id>/moc/<int:gate_id>/",
        programme_gates.programme_gate,
        name="programme_gate",
    ),
    path("cung-co/<uuid:programme_id>/lua-chon/", selections.selections, name="selections"),
    path(
        "cung-co/<uuid:programme_id>/lua-chon/moi/",
        selection_acts.selection_new,
        name="selection_new",
    ),
    path(
        "cung-co/<uuid:programme_id>/viec/<slug:doing>/",
        programme_acts.programme_act,
        name="programme_act",
    ),
    path("cung-co/lua-chon/<uuid:selection_id>/", selections.selection, name="selection"),
    path(
        "cung-co/lua-chon/<uuid:selection_id>/bang.xlsx",
        selections.selection_export,
        name="selection_export",
    ),
    path(
        "cung-co/lua-chon/<uuid:selection_id>/khac-tieu-chi/",
        selection_otherwise.selection_override,
        name="selection_override",
    ),
    path(
        "cung-co/lua-chon/<uuid:selection_id>/viec/<slug:doing>/",
        selection_acts.selection_act,
        name="selection_act",
    ),
    path(
        "cung-co/lua-chon/kien-nghi/<uuid:appeal_id>/",
        selection_acts.appeal_answer,
        name="appeal_answer",
    ),
    path(
        "cung-co/<uuid:programme_id>/don-vi-minh/",
        selection_own.own_lists,
        name="own_lists",
    ),
    path("cung-co/duoc-chon/<int:choice_id>/", selection_acts.choice, name="choice"),
    path("cung-co/bien-phap/", effects_view.measure_effects, name="measure_effects"),
    path("cung-co/ho-so/", files.support_files, name="support_files"),
    path("cung-co/ho-so/<uuid:file_id>/", files.support_file, name="support_file"),
    path("cung-co/ho-so/<uuid:file_id>/doi-chieu/", files.support_beside, name="support_beside"),
    path(
        "cung-co/ho-so/<uuid:file_id>/nguyen-nhan/<uuid:cause_id>/",
        file_parts.support_cause,
        name="support_cause",
    ),
    path(
        "cung-co/ho-so/<uuid:file_id>/bien-phap/<uuid:measure_id>/",
        file_parts.support_measure,
        name="support_measure",
    ),
    path("xep-loai/", evaluation.evaluation, name="evaluation"),
    path("xep-loai/mo/", cycle_opening.cycle_new, name="cycle_new"),
    path("xep-loai/<uuid:cycle_id>/", evaluation.cycle, name="cycle"),
    path("xep-loai/<uuid:cycle_id>/ty-le/", year_quota.quota, name="cycle_quota"),
    path("xep-loai/<uuid:cycle_id>/quyet-dinh/", cycle_acts.cycle_decide, name="cycle_decide"),
    path("xep-loai/<uuid:cycle_id>/dieu-hanh/", cycle_acts.cycle_manage, name="cycle_manage"),
    path("xep-loai/<uuid:cycle_id>/nhieu-ho-so/", cycle_many.cycle_many, name="cycle_many"),
    path(
        "xep-loai/<uuid:cycle_id>/doi-chieu/", year_moderation.moderation, name="cycle_moderation"
    ),
    path("xep-loai/<uuid:cycle_id>/tai-ho-so/", cycle_bundle.cycle_bundle, name="cycle_bundle"),
    path(
        "xep-loai/<uuid:cycle_id>/bang-xep-loai.xlsx",
        cycle_bundle.cycle_tables_xlsx,
        name="cycle_tables_xlsx",
    ),
    path("xep-loai/<uuid:cycle_id>/dang-vien/", outcomes.cycle_members, name="cycle_members"),
    path("xep-loai/<uuid:cycle_id>/bieu-mau/", supplied.cycle_forms, name="cycle_forms"),
    path("bieu-mau/", supplied.supplied_forms, name="supplied_forms"),
    path("bieu-mau/<uuid:form_id>/", supplied.supplied_form, name="supplied_form"),
    path(
        "bieu-mau/<uuid:form_id>/dien.xlsx",
        supplied.supplied_form_filled,
        name="supplied_form_filled",
    ),
    path("xep-loai/<uuid:cycle_id>/van-ban/", rating_papers.cycle_numbers, name="cycle_numbers"),
    path(
        "xep-loai/<uuid:cycle_id>/van-ban/<slug:paper>/",
        rating_papers.cycle_number,
        name="cycle_number",
    ),
    path(
        "xep-loai/ho-so/<uuid:dossier_id>/van-ban/",
        rating_papers.dossier_numbers,
        name="dossier_numbers",
    ),
    path(
        "xep-loai/ho-so/<uuid:dossier_id>/van-ban/<slug:dossier_paper>/",
        rating_papers.dossier_number,
        name="dossier_number",
    ),
    path("van-ban/", paper_register.papers, name="papers"),
    path("bao-cao/", reports.reports, name="reports"),
    path("bao-cao/<uuid:unit_id>/", reports.report, name="report"),
    path("bao-cao/<uuid:unit_id>/bao-cao.docx", reports.report_docx, name="report_docx"),
    path("bao-cao/<uuid:unit_id>/lay-so/", reports.report_number, name="report_number"),
    path("van-ban/so/<uuid:number_id>/", paper_register.paper_number, name="paper_number"),
    path("van-ban/<uuid:unit_id>/", paper_register.paper_register, name="paper_register"),
    path(
        "van-ban/<uuid:unit_id>/lay-so/", paper_register.paper_number_new, name="paper_number_new"
    ),
    path("van-ban/<uuid:unit_id>/nhiem-ky/", paper_register.paper_terms, name="paper_terms"),
    path("xep-loai/ho-so/<uuid:dossier_id>/", dossiers.dossier, name="dossier"),
    path(
        "xep-loai/ho-so/<uuid:dossier_id>/ket-qua/",
        outcomes.dossier_outcomes,
        name="dossier_outcomes",
    ),
    path(
        "xep-loai/ho-so/<uuid:dossier_id>/ho-so.docx", year_papers.dossier_docx, name="dossier_docx"
    ),
    path(
        "xep-loai/ho-so/<uuid:dossier_id>/thong-bao.docx",
        year_papers.dossier_result_docx,
        name="dossier_result_docx",
    ),
    path(
        "xep-loai/<uuid:cycle_id>/bang-tong-hop.docx",
        year_papers.cycle_summary_docx,
        name="cycle_summary_docx",
    ),
    path(
        "xep-loai/<uuid:cycle_id>/to-trinh.docx",
        year_papers.cycle_submission_docx,
        name="cycle_submission_docx",
    ),
    path(
        "xep-loai/<uuid:cycle_id>/quyet-dinh.docx",
        year_papers.cycle_decision_docx,
        name="cycle_decision_docx",
    ),
    path(
        "xep-loai/<uuid:cycle_id>/phieu-y-kien.docx",
        year_papers.cycle_sheet_docx,
        name="cycle_sheet_docx",
    ),
    path("viec/", tasks.tasks, name="tasks"),
    path("viec/xuat.xlsx", tasks.tasks_export, name="tasks_export"),
    path("viec/giao/", tasks.task_give, name="task_give"),
    path("viec/nghi-quyet/", resolutions.resolutions, name="resolutions"),
    path("viec/nghi-quyet/moi/", resolution_new.resolution_new, name="resolution_new"),
    path("viec/nghi-quyet/<uuid:resolution_id>/", resolutions.resolution, name="resolution"),
    path(
        "viec/nghi-quyet/<uuid:resolution_id>/gui/",
        resolution_send.resolution_send,
        name="resolution_send",
    ),
    path("viec/<uuid:task_id>/", tasks.task, name="task"),
    path("viec/<uuid:task_id>/tep/", attachments.task_attachments, name="task_attachments"),
    path("dang-vien/thong-ke/", include("vungmanh.web.statistics.urls")),
    path("dang-vien/", include("vungmanh.web.members.urls")),
    path("di-co-so/", include("vungmanh.web.visits.urls")),
    path("kiem-tra-giam-sat/", inspections.inspections, name="inspections"),
    path("kiem-tra-giam-sat/ghi/", inspections.inspection_choose, name="inspection_choose"),
    path(
        "kiem-tra-giam-sat/ghi/<uuid:unit_id>/", inspections.inspection_new, name="inspection_new"
    ),
    path("kiem-tra-giam-sat/<uuid:inspection_id>/", inspections.inspection, name="inspection"),
    path(
        "kiem-tra-giam-sat/<uuid:inspection_id>/sua/",
        inspections.inspection_correct,
        name="inspection_correct",
    ),
    path(
        "kiem-tra-giam-sat/<uuid:inspection_id>/rut/",
        inspections.inspection_withdraw,
        name="inspection_withdraw",
    ),
    path(
        "kiem-tra-giam-sat/<uuid:inspection_id>/tep/",
        attachments.inspection_attachments,
        name="inspection_attachments",
    ),
    path("tep/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path("tep/<uuid:attachment_id>/bo/", attachments.attachment_remove, name="attachment_remove"),
    path("sinh-hoat/", meetings.meetings, name="meetings"),
    path("sinh-hoat/diem-danh/", roll_views.names_switches, name="names_switches"),
    path(
        "sinh-hoat/diem-danh/<int:switch_id>/tat/",
        roll_views.names_switch_off,
        name="names_switch_off",
    ),
    path("sinh-hoat/<uuid:unit_id>/danh-sach/", roll_views.roll, name="roll"),
    path(
        "sinh-hoat/<uuid:unit_id>/danh-sach/<uuid:member_id>/",
        roll_views.roll_member,
        name="roll_member",
    ),
    path("sinh-hoat/<uuid:unit_id>/<str:kind>/<str:month>/", month_views.meeting, name="meeting"),
    path(
        "sinh-hoat/<uuid:unit_id>/<str:kind>/<str:month>/tinh/",
        month_views.meeting_tally,
        name="meeting_tally",
    ),
    path("dien-thoai/", phone_shell.phone, name="phone"),
    path("dien-thoai/hang-cho/", phone_queue.phone_queue, name="phone_queue"),
    path("dien-thoai/hang-cho/nhap-tep/", phone_queue.phone_import, name="phone_import"),
    path("dien-thoai/hang-cho/<uuid:item_id>/", phone_queue.phone_item, name="phone_item"),
    path("dien-thoai/may/<uuid:device_id>/ngung/", phone_queue.phone_revoke, name="phone_revoke"),
    path("dien-thoai/gui/", phone_sending.phone_send, name="phone_send"),
    path("dien-thoai/gui-giu/", phone_sending.phone_deposit, name="phone_deposit"),
    path("dien-thoai/du-lieu/", phone_sending.phone_bundle, name="phone_bundle"),
    path("dien-thoai/sw.js", phone_shell.phone_worker, name="phone_worker"),
    path("dien-thoai/manifest.webmanifest", phone_shell.phone_manifest, name="phone_manifest"),
    path("sinh-hoat/<uuid:meeting_id>/cham-diem/", scoring.meeting_score, name="meeting_score"),
    path("sinh-hoat/cham-diem/doi-chieu/", rater_agreement.rater_agreement, name="rater_agreement"),
    path("kiem-tra-so-lieu/", checks.findings, name="findings"),
    path("nhap/", imports.import_files, name="import"),
    path("nhap/mau/", imports.import_template, name="import_template"),
    path("nhap/<uuid:batch_id>/", imports.import_batch, name="import_batch"),
    path("sap-xep/", reforms.reforms, name="reforms"),
    path("sap-xep/", include("vungmanh.web.arranging.urls")),
    path("sap-xep/moi/", reforms.reform_new, name="reform_new"),
    path("sap-xep/mau/", reforms.reform_template, name="reform_template"),
    path("sap-xep/don-vi/", reforms.reform_units, name="reform_units"),
    path("sap-xep/<uuid:reform_id>/", reforms.reform, name="reform"),
    path(
        "sap-xep/<uuid:reform_id>/quyet-dinh/", reform_acts.reform_decision, name="reform_decision"
    ),
    path("sap-xep/<uuid:reform_id>/buoc/", reform_acts.reform_steps, name="reform_steps"),
    path("sap-xep/<uuid:reform_id>/he-qua.xlsx", reforms.reform_export, name="reform_export"),
    path("sap-xep/<uuid:reform_id>/tep.xlsx", reforms.reform_workbook, name="reform_workbook"),
    path("to-chuc/<uuid:unit_id>/sap-xep/<slug:act>/", reform_acts.unit_act, name="unit_act"),
    path("can-cu/", rulebook.rulebook, name="rulebook"),
    path("can-cu/thu-nguong/", rule_trials.threshold_explorer, name="threshold_explorer"),
    path("can-cu/thu-nguong/dua-vao/", own_rules.threshold_adopt, name="threshold_adopt"),
    path("can-cu/han-xep-loai/", rule_deadlines.deadlines_adopt, name="deadlines_adopt"),
    path("can-cu/cua-tinh/", own_rules.own_rule_list, name="own_rules"),
    path("can-cu/cua-tinh/<uuid:own_rule_id>/", own_rules.own_rule_page, name="own_rule"),
    path("can-cu/cua-tinh/<uuid:own_rule_id>/het/", own_rules.own_rule_end, name="own_rule_end"),
    path(
        "can-cu/cua-tinh/<uuid:own_rule_id>/rut/",
        own_rules.own_rule_withdraw,
        name="own_rule_withdraw",
    ),
    path(
        "can-cu/cua-tinh/<uuid:own_rule_id>/tinh-lai/",
        own_rules.own_rule_judge,
        name="own_rule_judge",
    ),
    path("can-cu/da-mo-hinh/", rulebook.rule_coverage, name="coverage"),
    path("can-cu/so-sanh/", rulebook.rule_compare, name="rule_compare"),
    path("can-cu/bang-diem/", sheets.sheets, name="sheets"),
    path("can-cu/bang-diem/<slug:sheet_id>/", sheets.sheet, name="sheet"),
    path("can-cu/bang-diem/<slug:sheet_id>/sao-chep/", sheets.sheet_copy, name="sheet_copy"),
    path("can-cu/bang-diem/soan/<uuid:draft_id>/", sheet_editor.sheet_edit, name="sheet_edit"),
    path(
        "can-cu/bang-diem/soan/<uuid:draft_id>/kiem-tra/",
        sheet_editor.sheet_check,
        name="sheet_check",
    ),
    path(
        "can-cu/bang-diem/soan/<uuid:draft_id>/dua-vao/",
        sheets.sheet_adopt,
        name="sheet_adopt",
    ),
    path("can-cu/<slug:rule_id>/", rulebook.rule, name="rule"),
    path("tai-khoan/", people.accounts, name="accounts"),
    path("tai-khoan/mo/", people.account_new, name="account_new"),
    path("tai-khoan/don-vi/", people.account_units, name="account_units"),
    path("tai-khoan/<uuid:user_id>/", people.account, name="account"),
    path("tai-khoan/<uuid:user_id>/vai-tro/", people.account_role, name="account_role"),
    path("tai-khoan/<uuid:user_id>/khoa/", people.account_lock, name="account_lock"),
    path("tai-khoan/<uuid:user_id>/hai-lop/", people.account_second_factor, name="account_factor"),
    path("tai-khoan/<uuid:user_id>/xoa-phan-ca-nhan/", people.account_erase, name="account_erase"),
    path("tai-khoan/<uuid:user_id>/mat-khau/", people.account_password, name="account_password"),
    path("tai-khoan/vai-tro/<int:grant_id>/thoi/", people.grant_end, name="grant_end"),
    path("uy-quyen/", delegation.delegations, name="delegations"),
    path("uy-quyen/<int:lent_id>/thoi/", delegation.delegation_end, name="delegation_end"),
    path("tai-khoan-cua-toi/", include("allauth.account.urls")),
    path("tai-khoan-cua-toi/2fa/", include("allauth.mfa.urls")),
    path("vai-tro/", frame.act_as, name="act_as"),
    path("ngon-ngu/", set_language, name="set_language"),
    path("mau-thanh-phan/", frame.gallery, name="gallery"),
]

handler400 = frame.bad_request
handler403 = frame.forbidden
handler404 = frame.not_found
handler429 = frame.too_many_requests
handler500 = frame.server_error
