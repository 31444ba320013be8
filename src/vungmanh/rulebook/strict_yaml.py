"""Plain YAML, stricter: no key twice, and a day that does not exist stays text for the reader."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from vungmanh.core.text import number_vi
from vungmanh.rulebook.errors import RulebookError

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


#: Longer than any rule is written: one may be typed into a form.
LONGEST = 60_000
#: Deeper than any rule is written. Python's own stack would give way long after it.
DEEPEST = 20


class _StrictLoader(yaml.SafeLoader):
    """Refuses what no rule needs and what can be made to take for ever: `&a`, `*a`, `!!set`."""

    nested = 0
    at_line = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        self.at_line = event.start_mark.line
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _refused("không dùng dấu & và dấu * để nhắc lại một phần", event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise _refused("không dùng dấu ! để nói kiểu của một mục", event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            event.value.encode()  # half a character cannot be kept or shown
        if self.nested >= DEEPEST:
            raise _refused("các mục lồng nhau quá sâu", event.start_mark)
        self.nested += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.nested -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        self.at_line = node.start_mark.line
        return super().construct_object(node, deep)


def _refused(problem: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, mark)


def read_yaml(text: str, *, file: str) -> object:
    """The content of one YAML text. Raises RulebookError `bad-yaml` with the line."""
    if len(text) > LONGEST:
        raise RulebookError(
            f"dài quá {number_vi(LONGEST)} chữ. Hãy bớt lời, bớt mục.", code="bad-yaml", file=file
        )
    loader = None
    try:
        loader = _StrictLoader(text)
        return loader.get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (dòng {mark.line + 1})" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise RulebookError(
            f"không đọc được YAML{where}: {problem}.", code="bad-yaml", file=file
        ) from error
    except (TypeError, ValueError, LookupError, ArithmeticError, RecursionError) as error:
        where = f" (dòng {loader.at_line + 1})" if loader is not None else ""
        raise RulebookError(
            f"không đọc được YAML{where}: dòng này không phải một mục hay một số đọc được.",
            code="bad-yaml",
            file=file,
        ) from error
    finally:
        if loader is not None:
            loader.dispose()


def _unique_mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    # YAML would silently keep the last of two equal keys: a citation could get lost that way.
    seen: set[object] = set()
    for key_node, _ in node.value:
        name = loader.construct_object(key_node)
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"khóa “{name}” ghi hai lần", key_node.start_mark
            )
        seen.add(name)
    return loader.construct_mapping(node, deep=True)


def _day(loader: _StrictLoader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return loader.construct_scalar(node)  # "2025-02-30": refused later, with its key


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)
_StrictLoader.add_constructor(_TIMESTAMP, _day)
