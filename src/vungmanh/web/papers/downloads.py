"""A paper as a file to download: Word, or ?dang=pdf for a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from vungmanh.core.text import slug
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.layout import layout_of
from vungmanh.outputs.papers.pdf import as_pdf
from vungmanh.outputs.papers.word import as_word

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LONGEST = 120


def paper_file(request: HttpRequest, paper: Paper, name: str) -> HttpResponse:
    """The bytes of a paper under a name in plain letters. A paper that nobody can lay out is
    refused before it is drawn."""
    layout_of(paper)
    is_pdf = request.GET.get("dang") == "pdf"
    data = as_pdf(paper) if is_pdf else as_word(paper)
    media, ending = ("application/pdf", "pdf") if is_pdf else (_DOCX, "docx")
    headers = {
        "Content-Disposition": f'attachment; filename="{slug(name, most=_LONGEST)}.{ending}"'
    }
    return HttpResponse(data, content_type=media, headers=headers)
