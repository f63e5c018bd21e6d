"""The files that lexicons are written in, read quickly."""

from __future__ import annotations

from typing import Any

import yaml

#: all scalars stay strings; the C parser where the wheel has it (ten times quicker)
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(text: str) -> dict[str, Any]:
    """A YAML mapping with every scalar a string. Built from the parser's events, which takes a third of the time that
    a loader with its resolvers and constructors does, and that is most of what starting costs."""
    stack: list[Any] = []
    keys: list[str | None] = []
    root: dict[str, Any] = {}
    for event in yaml.parse(text, Loader=_LOADER):
        kind = type(event)
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = event.value
        elif kind is yaml.MappingStartEvent:
            value = {}
        elif kind is yaml.SequenceStartEvent:
            value = []
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            stack.pop()
            keys.pop()
            continue
        else:
            continue
        if not stack:
            root = value
        elif isinstance(stack[-1], list):
            stack[-1].append(value)
        elif keys[-1] is None:
            keys[-1] = value
            continue
        else:
            stack[-1][keys[-1]] = value
            keys[-1] = None
        if kind is not yaml.ScalarEvent:
            stack.append(value)
            keys.append(None)
    return root
