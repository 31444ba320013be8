"""Dated, cited rules as data. Ask `load_rulebook().on(day)`; no rule is ever a constant in code."""

from vungmanh.rulebook.book import Document, Rule, Rulebook, RulebookView
from vungmanh.rulebook.errors import RulebookError
from vungmanh.rulebook.loader import load_rulebook, read_rulebook, shipped_rulebook, use_own_rules

__all__ = [
    "Document",
    "Rule",
    "Rulebook",
    "RulebookError",
    "RulebookView",
    "load_rulebook",
    "read_rulebook",
    "shipped_rulebook",
    "use_own_rules",
]
