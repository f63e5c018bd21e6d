"""YAML 1.2 text -> nodes: mappings, lists and scalars with the line where each begins.

ruamel.yaml is the reader whose word counts. A document of many sources takes it a second, so libyaml reads long ones
first, five times as fast; whatever it refuses, ruamel.yaml reads again and says why. libyaml knows YAML 1.1, but the
words that it would take for booleans (NO, on, yes) are resolved here, by YAML 1.2's core schema.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from ruamel.yaml import YAML

TAG = "tag:yaml.org,2002:"
NULL, BOOL = f"{TAG}null", f"{TAG}bool"
#: tags that a document may have; which kind of number a scalar is, its reader finds out
CORE_TAGS = frozenset(f"{TAG}{name}" for name in ("null", "bool", "int", "float", "str", "timestamp", "map", "seq"))
#: characters from which libyaml is tried first
LONG = 10_000

#: a node of either library: ``id`` ("mapping", "sequence", "scalar"), ``tag``, ``value``, ``start_mark``
Node = Any


def compose(text: str) -> Node | None:
    """The document's root, None if there is none; raises what ruamel.yaml raises for what is no YAML."""
    if len(text) >= LONG and _Quick is not None:
        try:
            return compose_quickly(text)
        except yaml.YAMLError:
            pass
    return YAML(typ="safe", pure=True).compose(text)


def compose_quickly(text: str) -> Node | None:
    """The same by libyaml; raises ``yaml.YAMLError``."""
    return yaml.compose(text, Loader=_Quick)


def _quick_loader() -> Any:
    """PyYAML's loader in C with the core schema of YAML 1.2 for null and booleans; None where it was built without."""
    if not hasattr(yaml, "CSafeLoader"):
        return None

    class Quick(yaml.CSafeLoader):
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  declared so by PyYAML; filled below

    Quick.add_implicit_resolver(NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
    Quick.add_implicit_resolver(BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF"))
    return Quick


_Quick = _quick_loader()
