"""The measures of a layout as a style sheet for the drawing of PDF."""

from __future__ import annotations

from vungmanh.rulebook.values.papers import PaperLayout

#: Letters of the same widths where the layout's own font is not on this machine, then the one that
#: comes with the installation. All hold every Vietnamese letter.
FALLBACK = "Vững Mạnh Serif"
_ALIKE = ("Liberation Serif", FALLBACK)
_ROW_MM = 8  # of a table to be filled in by hand
_SMALL_PT = 10


def style(layout: PaperLayout, *, is_landscape: bool) -> str:
    """The style sheet of a paper."""
    fonts = ", ".join(f'"{name}"' for name in (layout.font, *_ALIKE))
    return "".join(
        [_pages(layout, fonts, is_landscape), _heading(layout), _text(layout), _tables(layout),
         _closing(layout)]
    )  # fmt: skip


def _pages(layout: PaperLayout, fonts: str, is_landscape: bool) -> str:
    width, height = layout.page_width_mm, layout.page_height_mm
    if is_landscape:
        width, height = height, width
    unnumbered = "".join(
        f"@page :nth({page}) {{ @top-center {{ content: none }} }}\n"
        for page in range(1, layout.page_number_from)
    )
    return f"""
@page {{
  size: {width}mm {height}mm;
  margin: {layout.top_mm}mm {layout.right_mm}mm {layout.bottom_mm}mm {layout.left_mm}mm;
  @top-center {{
    content: counter(page); font: {layout.page_number_pt}pt {fonts}; vertical-align: middle;
  }}
}}
{unnumbered}
html {{ font: {layout.body_pt}pt/{layout.line_pt}pt {fonts}; hyphens: none; orphans: 2; widows: 2 }}
body, h1, h2, h3, h4, p, ul, li, table {{ margin: 0; padding: 0; font-size: inherit }}
h1, h2, h3, h4, p, li, td, th {{ overflow-wrap: anywhere; white-space: pre-line }}
.free {{ white-space: pre }}
.bold {{ font-weight: bold }}
"""


def _heading(layout: PaperLayout) -> str:
    return f"""
.head {{ display: flex; line-height: 1.2; text-align: center }}
.head + .head {{ margin-top: 4pt }}
.left {{ width: {_left(layout)}% }}
.right {{ width: {100 - _left(layout)}% }}
.superior {{ font-size: {layout.superior_pt}pt }}
.own {{ font-size: {layout.issuer_pt}pt; font-weight: bold }}
.own-rule {{ width: 28mm; margin: 2pt auto; border-bottom: 0.75pt solid }}
.number {{ font-size: {layout.number_pt}pt }}
.heading {{ font-size: {layout.heading_pt}pt; font-weight: bold }}
.motto {{ font-size: {layout.motto_pt or layout.heading_pt}pt; font-weight: bold }}
.ruled {{ display: inline-block; border-bottom: 0.75pt solid; padding-bottom: 1pt }}
.dated {{ font-size: {layout.dated_pt}pt; font-style: italic }}
.note {{ font-style: italic; text-align: center; margin-top: 12pt }}
h1 {{
  font-size: {layout.title_pt}pt; line-height: 1.2; text-align: center; margin-top: 18pt;
  break-after: avoid;
}}
.about {{
  font-size: {layout.about_pt}pt; font-weight: bold; text-align: center; break-after: avoid;
}}
.strokes {{ text-align: center; margin-bottom: 8pt; break-after: avoid }}
.under {{ width: 30mm; margin: 2pt auto 8pt; border-bottom: 0.75pt solid; break-after: avoid }}
.addressed {{ text-align: center; margin-bottom: 8pt }}
"""


def _left(layout: PaperLayout) -> int:
    """The share of who issues; the words of the State are the longer ones."""
    return 43 if layout.motto else 45


def _text(layout: PaperLayout) -> str:
    indent, after = layout.indent_mm, layout.after_pt
    return f"""
h2, h3, h4 {{
  font-weight: bold; text-indent: {indent}mm; margin: 10pt 0 {after}pt; break-after: avoid;
}}
h3, h4 {{ margin-top: 4pt }}
h4 {{ font-style: italic }}
p.text, li {{ text-align: justify; text-indent: {indent}mm; margin-bottom: {after}pt }}
p.open {{ text-align: left }}
p.italic {{ font-style: italic }}
p.title {{ text-indent: {indent}mm; break-after: avoid; margin-bottom: 4pt }}
ul {{ list-style: none }}
.centred {{ text-align: center; margin: 10pt 0 {after}pt; break-after: avoid }}
.last {{ break-after: avoid }}
.last.short > :last-child, .last.short > ul > li:last-child {{ break-before: avoid }}
.room {{ height: 20pt; border-bottom: 0.75pt dotted }}
"""


def _tables(layout: PaperLayout) -> str:
    return f"""
table {{
  width: 100%; border-collapse: collapse; table-layout: fixed; margin-bottom: 8pt;
  font-size: {layout.table_pt}pt; line-height: 1.2;
}}
th, td {{ border: 0.75pt solid; padding: 2pt 3pt; vertical-align: middle; text-align: left }}
th, td.middle {{ text-align: center }}
tr {{ break-inside: avoid }}
tr.tall td {{ height: {_ROW_MM}mm }}
tr.strong td {{ font-weight: bold }}
"""


def _closing(layout: PaperLayout) -> str:
    return f"""
.signed {{ display: flex; break-inside: avoid; margin-top: 14pt; line-height: 1.2 }}
.recipients {{ flex: 1; font-size: {layout.recipients_pt}pt }}
.recipients p {{ text-align: left }}
.recipients .label {{ {_label(layout)} }}
.signature {{ flex: 1; text-align: center }}
.capacity {{ font-weight: {_weight(layout.capacity_bold)} }}
.role {{ font-weight: {_weight(layout.role_bold)} }}
.name {{ margin-top: 64pt; font-weight: bold; min-height: 1.2em }}
.foot {{ margin-top: 12pt; font-size: {_SMALL_PT}pt; line-height: 1.2; font-style: italic }}
"""


def _label(layout: PaperLayout) -> str:
    """ "Nơi nhận" of the Party is underlined, of the State bold and slanted."""
    if layout.motto:
        return f"font-size: {layout.recipients_pt + 1}pt; font-weight: bold; font-style: italic"
    return f"font-size: {layout.body_pt}pt; text-decoration: underline"


def _weight(is_bold: bool) -> str:
    return "bold" if is_bold else "normal"
