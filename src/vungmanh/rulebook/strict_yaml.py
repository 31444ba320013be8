"""Plain YAML, stricter: no key twice, and a day that does not exist stays text for the reader."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from vungmanh.rulebook.errors import RulebookError

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _StrictLoader(yaml.SafeLoader):
    pass


def read_yaml(text: str, *, file: str) -> object:
    """The content of one YAML text. Raises RulebookError `bad-yaml` with the line."""
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (dòng {mark.line + 1})" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise RulebookError(
            f"không đọc được YAML{where}: {problem}.", code="bad-yaml", file=file
        ) from error


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
