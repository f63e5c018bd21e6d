"""Whether a template of a reader's own can be trusted with every alert: a walk over its tree, before it is ever used.

Jinja2's sandbox keeps a template from our objects, not from our time and memory: one line of it can write a gigabyte,
or never end. So a template may only walk the letter: print its parts, choose between them, go through its lists, and
through the lists in what a list holds. Then what it writes grows with the letter and with its own length, and no more.
And since the parts of a letter have types, a name that is not there is found here, and not on the night it is needed.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from monitor.message.writing import TEMPLATES, Wording, environment

#: characters of a template, and of a text that stands in an expression of it
LONGEST, LONGEST_TEXT = 20_000, 200
#: what may be done to a value; the rest of Jinja2's filters can make much of little
FILTERS = (
    "address", "capitalize", "default", "first", "join", "last", "length", "lower", "reject", "select", "title", "trim",
    "truncate", "upper",
)  # fmt: skip
TESTS = ("defined", "none", "undefined", "eq", "equalto", "ne", "in", "true", "false", "string", "odd", "even")
#: what stands in a template of ours and may in theirs
INCLUDED = ("head.html",)
_LOOP = {"index": int, "index0": int, "first": bool, "last": bool, "length": int, "revindex": int}
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.CondExpr, nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg, nodes.List, nodes.Tuple, nodes.Slice,
)  # fmt: skip
#: type of a part that may be anything
ANY = object

Names = Mapping[str, Any]


class TemplateProblem(Exception):  # named for what is wrong, as those in errors.py
    """What is wrong with a template; ``line`` is where."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line


def check(template: str, text: str) -> None:
    """Raises ``TemplateProblem`` unless a template of a reader's own may stand in for ours of this file name."""
    if len(text) > LONGEST:
        raise TemplateProblem(1, f"is longer than {LONGEST:,} characters")
    try:
        tree = environment(template.rpartition(".")[2], None).parse(text)
    except TemplateSyntaxError as error:
        raise TemplateProblem(error.lineno, f"is no template: {error.message}") from None
    for node in tree.body:
        _walk(node, {"letter": TEMPLATES[template]}, frozenset({"letter"}))


def _walk(node: nodes.Node, names: Names, lists: frozenset[str]) -> None:
    """``names`` are those that are known here, with their types; ``lists`` those that a loop may go through."""
    match node:
        case nodes.For():
            _walk_loop(node, names, lists)
        case nodes.Include():
            _refuse_include(node)
        case nodes.Expr():
            _type(node, names)
        case _ if isinstance(node, _PLAIN):
            for child in node.iter_child_nodes():
                _walk(child, names, lists)
        case _:
            raise TemplateProblem(node.lineno, f"may not hold {_named(node)}: a template only walks the letter")


def _walk_loop(node: nodes.For, names: Names, lists: frozenset[str]) -> None:
    if node.recursive:
        raise TemplateProblem(node.lineno, "may not hold a recursive loop")
    over = _type(node.iter, names)
    if not _roots(node.iter) <= lists:  # or five loops through one list of twelve make 250,000 rounds
        raise TemplateProblem(node.lineno, "a loop in a loop goes through what the outer one is at, and nothing else")
    targets = dict(_targets(node.target, _element(over, node)))
    inner = {**names, "loop": _LOOP, **targets}
    for child in (*node.body, *([node.test] if node.test else ())):
        _walk(child, inner, frozenset(targets))
    for child in node.else_:
        _walk(child, names, lists)


def _targets(target: nodes.Node, element: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(target, nodes.Name):
        yield target.name, element
        return
    parts = typing.get_args(element)
    for at, name in enumerate(target.items if isinstance(target, nodes.Tuple) else ()):
        yield name.name, parts[at] if at < len(parts) else ANY  # type: ignore[attr-defined]  # a Name


def _refuse_include(node: nodes.Include) -> None:
    named = node.template.value if isinstance(node.template, nodes.Const) else None
    if named not in INCLUDED:
        raise TemplateProblem(node.lineno, f"may only include {' or '.join(INCLUDED)}")


# --- expressions -----------------------------------------------------------------------------------------------------


def _type(node: nodes.Node, names: Names) -> Any:
    """The type of an expression's value; complains of what it may not do, and of parts that are not there."""
    match node:
        case nodes.Name():
            if node.name not in names:
                raise TemplateProblem(node.lineno, f"knows no {node.name}{_near(node.name, names)}")
            return names[node.name]
        case nodes.Getattr():
            return _part(_type(node.node, names), node.attr, node.lineno)
        case nodes.Getitem():
            return _item(_type(node.node, names), node.arg, node.lineno)
        case nodes.Const():
            if isinstance(node.value, str) and len(node.value) > LONGEST_TEXT:
                raise TemplateProblem(node.lineno, f"holds a text of more than {LONGEST_TEXT} characters in {{{{ }}}}")
            return type(node.value)
        case nodes.Filter() | nodes.Test():
            return _filtered(node, names)
        case _ if isinstance(node, _PLAIN):
            found = [_type(child, names) for child in node.iter_child_nodes() if isinstance(child, nodes.Expr)]
            for operand in (one for one in node.iter_child_nodes() if isinstance(one, nodes.Operand)):
                _type(operand.expr, names)
            return found[0] if isinstance(node, nodes.Add) else tuple[ANY, ...] if _is_list(node) else ANY
        case _:
            raise TemplateProblem(node.lineno, f"may not hold {_named(node)}: a template only walks the letter")


def _is_list(node: nodes.Node) -> bool:
    return isinstance(node, nodes.List | nodes.Tuple)


def _part(of: Any, name: str, line: int) -> Any:
    """The type of a part; of what may be nothing (``Report | None``), of the something."""
    if isinstance(of, types.UnionType):
        of = next(one for one in typing.get_args(of) if one is not types.NoneType)
    known = of if isinstance(of, dict) else _fields(of)
    if name not in known:
        raise TemplateProblem(line, f"knows no {name} there{_near(name, known)}")
    return known[name]


def _fields(of: Any) -> Mapping[str, Any]:
    return typing.get_type_hints(of) if hasattr(of, "__dataclass_fields__") else {}


def _item(of: Any, at: nodes.Node, line: int) -> Any:
    if isinstance(at, nodes.Slice):
        return of
    if not isinstance(at, nodes.Const) or not isinstance(at.value, int):
        raise TemplateProblem(line, "may only take a part by its number in [ ]")
    return typing.get_args(of)[0] if typing.get_origin(of) is tuple else ANY


def _element(of: Any, node: nodes.For) -> Any:
    if typing.get_origin(of) is not tuple:
        raise TemplateProblem(node.lineno, "goes through what is no list")
    return typing.get_args(of)[0]


def _filtered(node: nodes.Filter | nodes.Test, names: Names) -> Any:
    allowed, what = (FILTERS, "filter") if isinstance(node, nodes.Filter) else (TESTS, "test")
    if node.name not in allowed or node.node is None:
        raise TemplateProblem(node.lineno, f"may not use the {what} {node.name}; there are {', '.join(allowed)}")
    of = _type(node.node, names)
    for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
        _type(argument, names)
    if node.name == "address" and not _is_address(node.node):
        raise TemplateProblem(node.lineno, "address is for link and ack alone: anything else is other people's text")
    if node.name == "join" and typing.get_origin(of) is not tuple:  # joined letters, joined again, grow without end
        raise TemplateProblem(node.lineno, "join is for lists")
    if node.name in ("select", "reject", "default"):
        return of
    if node.name in ("first", "last") and typing.get_origin(of) is tuple:
        return typing.get_args(of)[0]
    return {"length": int}.get(node.name, str)


def _is_address(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Getattr) and node.attr in ("link", "ack")


def _roots(node: nodes.Node) -> set[str]:
    found = {one.name for one in node.find_all(nodes.Name)}
    return found | ({node.name} if isinstance(node, nodes.Name) else set())


def _named(node: nodes.Node) -> str:
    words = {
        "Call": "a call", "Assign": "{% set %}", "AssignBlock": "{% set %}", "Macro": "{% macro %}", "Mul": "*",
        "Pow": "**", "Mod": "%", "Div": "/", "Import": "{% import %}", "FromImport": "{% from %}",
        "Extends": "{% extends %}", "FilterBlock": "{% filter %}", "With": "{% with %}", "CallBlock": "{% call %}",
    }  # fmt: skip
    return words.get(type(node).__name__, type(node).__name__)


def _near(name: str, options: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, options, 1)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; there are {', '.join(options)}" if options else ""


__all__ = ["TEMPLATES", "TemplateProblem", "Wording", "check"]
