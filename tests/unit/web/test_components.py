"""Components: their geometry, their words, and what they refuse."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from vungmanh.core.vocabulary import MonthState, Status
from vungmanh.web.components import CountBar, GradeTable, GradeYear, Scale, Tile
from vungmanh.web.marks import MonthsRow, Span, Tally, YearRow, mark


def draw(source: str, **context: Any) -> str:
    return Template("{% load vungmanh %}" + source).render(Context(context))


def test_a_moment_is_shown_by_the_day_where_the_province_lies() -> None:
    early = dt.datetime(2026, 11, 23, 23, 9, tzinfo=dt.UTC)  # nine past six on the 24th
    assert draw("{{ at|date_vi }} {{ at|date_vi_or_blank }}", at=early) == "24/11/2026 24/11/2026"


# --- what an author may write wrong --------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        '{% reason text="a" weight="heavy" colour="red" %}',
        "{% count_bar held=1 not_held=0 no_report=0 due=1 limit=8 %}",
        '{% fold title="a" %}b{% endfold %}',
        '{% month_strip marks="HH" %}',
        '{% empty_state text="a" icon="b" %}',
    ],
)
def test_an_attribute_nobody_knows_is_refused_when_the_template_is_read(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load vungmanh %}" + source)


def test_a_reason_whose_figure_does_not_stand_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="does not stand in the reason"):
        draw('{% reason text="5/12 kỳ" figure="6/12" weight="heavy" %}')


def test_a_reason_with_an_unknown_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="medium"):
        draw('{% reason text="5/12 kỳ" weight="medium" %}')


def test_an_icon_that_is_not_built_is_refused() -> None:
    with pytest.raises(ValueError, match="known: search"):
        draw('{% icon "rocket" %}')


def test_rows_of_different_months_are_refused() -> None:
    rows = [MonthsRow("a", "HHH"), MonthsRow("b", "HH")]
    with pytest.raises(ValueError, match="same months"):
        draw(
            "{% months_table rows=rows first=first label='x' %}",
            rows=rows,
            first=dt.date(2026, 1, 1),
        )


def test_counts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        CountBar(held=5, not_held=5, no_report=1, due=12)


def test_an_old_grade_after_a_new_one_is_refused() -> None:
    years = (GradeYear(2018, "QĐ 132", 1, 0), GradeYear(2017, "HD 27", 0, 0))
    with pytest.raises(ValueError, match="in order"):
        GradeTable(years, ("a",), ("b",))


# --- reasons and status --------------------------------------------------------------------------


def test_a_heavy_reason_has_its_figure_in_bold_and_a_heavy_edge() -> None:
    html = draw('{% reason text="5/12 kỳ bắt buộc" figure="5/12" weight="heavy" %}')
    assert html == '<span class="reason hard"><b>5/12</b> kỳ bắt buộc</span>'


def test_a_mark_to_verify_is_drawn_broken_and_is_neither_heavy_nor_light() -> None:
    html = draw('{% reason text="báo cáo 5/12 kỳ" figure="5/12" weight="" %}')
    assert html == '<span class="reason verify">báo cáo <b>5/12</b> kỳ</span>'


def test_a_reason_that_can_be_followed_is_a_link() -> None:
    html = draw("{% reason text='0 kết nạp' figure='0' weight='light' href=to %}", to="/a?b=1&c=2")
    assert html == '<a class="reason" href="/a?b=1&amp;c=2"><b>0</b> kết nạp</a>'


def test_a_reason_cannot_smuggle_markup() -> None:
    html = draw("{% reason text=text figure=text weight='light' %}", text="<script>")
    assert "<script>" not in html


def test_each_status_has_a_shape_of_its_own() -> None:
    shapes = set()
    for status in Status:
        html = draw("{% status_mark status %}", status=status)
        assert status.label in html
        shapes.add(re.search(r"<svg.*</svg>", html)[0])  # type: ignore[index]
    assert len(shapes) == len(Status)


def test_no_caution_is_drawn_for_a_rule_that_was_read() -> None:
    assert draw('{% caution "" %}') == ""
    assert draw('{% caution "cần kiểm tra" %}') == '<span class="unsure">cần kiểm tra</span>'


# --- marks and months ----------------------------------------------------------------------------


def test_each_mark_has_its_drawing_and_its_word() -> None:
    drawn = {state: draw("{% month_mark state %}", state=state) for state in MonthState}
    assert len(set(drawn.values())) == 5
    assert 'href="#m-silent"' in drawn[MonthState.NO_REPORT]
    assert '<span class="vh">chưa có báo cáo</span>' in drawn[MonthState.NO_REPORT]


def test_a_month_in_which_nothing_was_owed_has_no_mark() -> None:
    assert mark(" ") == ""


@pytest.mark.parametrize(
    ("states", "due", "words"),
    [
        ("HNHNHNHN-NH-", 12, "họp 5, không họp 5, chưa báo cáo 2 / 12 kỳ"),
        ("HHHHEHHHHHH.", 10, "họp 10, không họp 0, chưa báo cáo 0 / 10 kỳ; được miễn 1"),
        ("............", 0, "họp 0, không họp 0, chưa báo cáo 0 / 0 kỳ"),
    ],
)
def test_a_tally_says_all_its_numbers(states: str, due: int, words: str) -> None:
    tally = Tally.of(states)
    assert tally.due == due
    assert tally.words() == words


def test_a_months_table_reads_month_year_and_state() -> None:
    rows = [
        MonthsRow("Kỳ thường kỳ", "HN-E."),
        MonthsRow("Chức bí thư", spans=(Span(3, "có"), Span(2, "khuyết", True)), total="từ 29/7"),
    ]
    html = draw(
        "{% months_table rows=rows first=first label='Các tháng' %}",
        rows=rows,
        first=dt.date(2025, 11, 1),
    )
    heads = re.findall(r"</span>(\d+)<span class=\"vh\">/(\d+)</span>", html)
    assert heads == [("11", "2025"), ("12", "2025"), ("1", "2026"), ("2", "2026"), ("3", "2026")]
    assert '<td class="tot"><b>1</b>/3</td>' in html  # excused and not yet due are left out
    assert (
        '<td class="sp off" colspan="2"><span>khuyết</span></td><td class="tot">từ 29/7</td>'
        in html
    )


def test_a_grid_shows_nothing_due_as_no_figure() -> None:
    html = draw("{% months_grid years=years label='x' %}", years=[YearRow(2026, "." * 12)])
    assert '<th scope="row">2026</th>' in html
    assert '<td class="tot"></td>' in html
    assert html.count("#m-future") == 12


def test_a_strip_is_silent_drawings_and_one_sentence() -> None:
    html = draw('{% month_strip states="HN- " label="Từ tháng 11/2025" %}')
    assert html.count("<svg") == 3
    assert 'class="strip" aria-hidden="true"' in html
    assert "Từ tháng 11/2025: họp 1, không họp 1, chưa báo cáo 1 / 3 kỳ" in html


# --- drawings ------------------------------------------------------------------------------------


def test_unreported_months_stand_between_held_and_the_threshold() -> None:
    bar = CountBar(held=5, not_held=5, no_report=2, due=12, threshold=8)
    assert (bar.held_width, bar.silent_x, bar.silent_width) == ("70.0", "70.0", "28.0")
    assert (bar.missed_x, bar.missed_width, bar.tick_x) == ("98.0", "70.0", "112.0")
    assert float(bar.missed_x) < float(bar.tick_x)  # even with both reported as held: too few
    assert bar.words == "Họp 5, không họp 5, chưa báo cáo 2 / 12 kỳ; ngưỡng 8"


def test_each_month_not_held_has_its_cross_until_they_are_too_many() -> None:
    assert CountBar(5, 5, 2, 12).crosses.count("M") == 10
    few = CountBar(88, 14, 4, 106).crosses  # 22 pixels for 14 months: one cross in their middle
    assert few == "M153.9 7l6 6M159.9 7l-6 6"
    assert CountBar(12, 0, 0, 12).crosses == ""


def test_a_bar_of_nothing_due_is_empty_not_an_error() -> None:
    html = draw("{% count_bar held=0 not_held=0 no_report=0 due=0 threshold=8 %}")
    assert "<rect" not in html
    assert "/ 0 kỳ" in html


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (
            (0.5, 1.0, 1.5, 3.0),
            [(0.0, 0), (0.49, 0), (0.5, 1), (1.0, 2), (2.9, 3), (3.0, 4), (50, 4)],
        ),
        ((95, 90, 85, 78), [(100, 0), (95, 0), (94.9, 1), (85, 2), (78, 3), (77.9, 4), (0, 4)]),
    ],
)
def test_a_scale_has_five_steps_either_way(
    limits: tuple[float, float, float, float], expected: list[tuple[float, int]]
) -> None:
    scale = Scale(limits, ("a", "b", "c", "d", "e"))
    assert [(value, scale.step(value)) for value, _ in expected] == expected


def test_a_tile_without_units_is_zero_not_an_error() -> None:
    assert Tile("Mẫu Bắc", 0, 0).percent == 0


def test_a_share_on_a_tile_has_one_decimal_always() -> None:
    scale = Scale((0.5, 1, 1.5, 3), ("a", "b", "c", "d", "e"))
    html = draw("{% tile_map tiles=tiles scale=scale %}", tiles=[Tile("a", 3, 300)], scale=scale)
    assert "1,0\u00a0%" in html
    assert "3/300" in html


def test_a_month_nobody_reported_is_not_drawn_as_zero_percent() -> None:
    from vungmanh.web.components import HeatCell, HeatRow

    scale = Scale((95, 90, 85, 78), ("a", "b", "c", "d", "e"))
    rows = [HeatRow("Mẫu Lâm", [HeatCell(0), HeatCell(None)])]
    html = draw(
        "{% heat_grid rows=rows first=first scale=scale label='x' %}",
        rows=rows, scale=scale, first=dt.date(2026, 1, 1),
    )  # fmt: skip
    assert '<td class="h4">0</td>' in html
    assert '<td class="none"><span class="vh">chưa có báo cáo</span>' in html


# --- grades --------------------------------------------------------------------------------------


OLD = ("Trong sạch vững mạnh", "Hoàn thành tốt")
NEW = ("Hoàn thành xuất sắc", "Hoàn thành tốt")


def test_two_scales_are_parted_by_a_break_and_keep_their_names() -> None:
    years = (
        GradeYear(2016, "HD 27", 0, 0, by_predecessor=True),
        GradeYear(2017, "HD 27", 0, 1),
        GradeYear(2018, "QĐ 132", 1, 0),
    )
    html = draw("{% grades table=table label='x' %}", table=GradeTable(years, OLD, NEW))
    first_row = html.split("<tbody>")[1].split("</tr>")[0]
    assert first_row.index("Trong sạch vững mạnh") < first_row.index('class="brk"')
    assert first_row.index('class="brk"') < first_row.index('class="r">Hoàn thành xuất sắc')
    assert '<th colspan="2">HD 27</th><td class="brk"></td><th colspan="1">QĐ 132</th>' in html
    assert html.count("đổi quy định, không so được") == 2  # the column, and the key


def test_a_regime_is_named_as_it_fits_over_its_years() -> None:
    long, short = "Quy định 132, 2018", "Quy định 366, 2025"
    years = [GradeYear(year, long, 1, 0) for year in (2018, 2019, 2020)]
    table = GradeTable((*years, GradeYear(2025, short, 1, 0)), OLD, NEW)
    assert table.new_regimes == [("QĐ 132, 2018", 3), ("QĐ 366", 1)]


def test_one_scale_alone_has_no_break() -> None:
    years = (GradeYear(2024, "QĐ 124", 1, 0), GradeYear(2025, "QĐ 366", 1, None))
    html = draw("{% grades table=table label='x' %}", table=GradeTable(years, OLD, NEW))
    assert 'class="brk"' not in html
    assert "Trong sạch vững mạnh" not in html
    assert html.count("<circle") == 1  # a year without a grade has no mark


# --- page parts ----------------------------------------------------------------------------------


def test_the_pager_keeps_the_filters() -> None:
    request = RequestFactory().get("/nhan-dien/?dia-ban=lam&trang=2")
    html = draw(
        "{% pager page=page noun='chi bộ' %}",
        page=Paginator(range(3012), 50).page(2), request=request,
    )  # fmt: skip
    assert 'href="?dia-ban=lam&amp;trang=1"' in html
    assert 'href="?dia-ban=lam&amp;trang=3"' in html
    assert "51–100 trong 3.012 chi bộ" in html


def test_a_list_of_one_page_has_no_pager() -> None:
    request = RequestFactory().get("/")
    html = draw("{% pager page=page noun='x' %}", page=Paginator([1], 50).page(1), request=request)
    assert html.strip() == ""


def test_a_fold_escapes_its_summary_and_keeps_its_content() -> None:
    html = draw("{% fold summary=words %}<p>{{ words }}</p>{% endfold %}", words="a < b")
    assert html == (
        '<details class="fold"><summary>a &lt; b</summary><div><p>a &lt; b</p></div></details>'
    )


def test_a_row_opens_without_script_and_says_whether_it_is_open() -> None:
    html = draw('{% row_toggle href="?mo=7" label="Mở lý do" text="7" is_open=True %}')
    assert 'href="?mo=7" aria-expanded="true" aria-label="Mở lý do"' in html
    assert 'hx-get="?mo=7" hx-target="closest tr" hx-swap="afterend"' in html


def test_a_filter_marks_what_is_chosen() -> None:
    options = [("", "Tất cả"), ("lam", "Mẫu Lâm")]
    html = draw(
        "{% filter_select name='dia-ban' label='Địa bàn' options=options value='lam' %}",
        options=options,
    )
    assert '<option value="lam" selected>Mẫu Lâm</option>' in html
    assert '<option value="">Tất cả</option>' in html
