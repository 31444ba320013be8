"""Submission, decision and notice: what is put before the level above, decided and made known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vungmanh.outputs.papers.document import Bullets, Centred, Line, Paper, Part, Prose, Table
from vungmanh.outputs.papers.kinds.sender import Closing, Sender, paper_of
from vungmanh.rulebook.values.papers import PaperType


@dataclass(frozen=True)
class SubmissionPaper:
    """`about` begins small: "về việc …"; `asks` are the points to decide."""

    sender: Sender
    closing: Closing
    about: str
    addressed: str
    grounds: tuple[str, ...]
    paragraphs: tuple[str, ...]
    asks: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Decision:
    """`decider` as the line in the middle names it; each article is one or more paragraphs."""

    sender: Sender
    closing: Closing
    about: str
    decider: str
    grounds: tuple[str, ...]
    articles: tuple[tuple[str, ...], ...]
    annex: Table | None = None


@dataclass(frozen=True)
class Notice:
    sender: Sender
    closing: Closing
    about: str
    addressed: str = ""
    paragraphs: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    remedy: str = ""  # where and until when one may object


def submission(said: SubmissionPaper) -> Paper:
    """Grounds, what is proposed, then the points to decide."""
    parts: list[Part] = [Bullets(_grounds(said.grounds, ";"))] if said.grounds else []
    parts += [Prose(said.paragraphs), *said.tables]
    if said.asks:
        parts += [Prose(("Kính trình xem xét, quyết định:",)), Bullets(said.asks)]
    parts.append(Prose(("Kính trình xem xét, cho ý kiến.",)))
    return paper_of(
        said.sender,
        PaperType.SUBMISSION,
        about=said.about,
        parts=parts,
        closing=said.closing,
        addressed=f"Kính gửi: {said.addressed}",
    )


def decision(said: Decision) -> Paper:
    """Grounds, who decides, articles, and the list that belongs to it."""
    parts: list[Part] = [Bullets(_grounds(said.grounds, ","))]
    parts.append(Centred(f"{said.decider} quyết định".upper()))
    for number, paragraphs in enumerate(said.articles, start=1):
        parts.append(Prose(paragraphs, lead=f"Điều {number}."))
    if said.annex is not None:
        parts.insert(-1, said.annex)
    return paper_of(
        said.sender, PaperType.DECISION, about=said.about, parts=parts, closing=said.closing
    )


def notice(said: Notice) -> Paper:
    """What is made known and what one may do about it."""
    parts: list[Part] = [Prose(said.paragraphs)] if said.paragraphs else []
    parts += [Line(label, value) for label, value in said.lines]
    parts += said.tables
    if said.remedy:
        parts.append(Prose((said.remedy,)))
    return paper_of(
        said.sender,
        PaperType.NOTICE,
        about=said.about,
        parts=parts,
        closing=said.closing,
        addressed=f"Kính gửi: {said.addressed}" if said.addressed else "",
    )


def _grounds(grounds: Sequence[str], last: str) -> tuple[str, ...]:
    """Each closed by ";", the last as the paper goes on."""
    bare = [text.rstrip(" .;,") for text in grounds]
    return tuple(f"{text}{last if n == len(bare) else ';'}" for n, text in enumerate(bare, start=1))
