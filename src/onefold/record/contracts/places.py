"""Where in a contract's YAML a place is that a fault names: its line and column, for people and editors.

A place is a path of names, `contract.schema.customer.map.full_name.from`; items of lists are called by their
`name`, and custom properties by what they say, as if they stood in the object itself. Names may hold dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from onefold.record.contracts.errors import Fault

Node = yaml.Node
_ROOT = "contract"
_CALLED_BY = ("name", "property")
_DEPTH_MOST = 60
_PROPERTY_DEPTH = 4


def locate(data: bytes, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults with their lines and columns, in the order in which they stand in the file."""
    try:
        root = yaml.compose(data, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        root = None  # The parser in C, which read it, takes some tabs that this one does not, and more depth.
    if root is None:
        return tuple(faults)
    found = []
    for fault in faults:
        mark = _deepest(root, root.start_mark, fault.place.removeprefix(_ROOT).removeprefix("."), 0)[1]
        found.append(fault._replace(line=mark.line + 1, column=mark.column + 1))
    return tuple(sorted(found, key=lambda it: (it.line, it.column)))


def _deepest(node: Node, mark: yaml.Mark, rest: str, depth: int) -> tuple[int, yaml.Mark]:
    """How much of the path could not be followed, and the mark of what it leads to."""
    best = (len(rest), mark)
    if not rest or depth > _DEPTH_MOST:
        return best
    for name, child, at in _children(node, depth):
        if rest == name or rest.startswith(f"{name}."):
            found = _deepest(child, at, rest[len(name) + 1 :], depth + 1)
            best = min(best, found, key=lambda it: it[0])
    return best


def _children(node: Node, depth: int) -> Iterator[tuple[str, Node, yaml.Mark]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value:
                yield key.value, value, key.start_mark
                if key.value == "customProperties":
                    yield from _stated(value)
                if key.value == "properties" and depth >= _PROPERTY_DEPTH:
                    # A property within a property is also called by the dotted name of both.
                    yield from _items(value)
    else:
        yield from _items(node)


def _items(node: Node) -> Iterator[tuple[str, Node, yaml.Mark]]:
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield str(number), item, item.start_mark
            for called in _CALLED_BY:
                name = _entry(item, called)
                if isinstance(name, yaml.ScalarNode) and name.value:
                    yield name.value, item, item.start_mark


def _stated(node: Node) -> Iterator[tuple[str, Node, yaml.Mark]]:
    """Custom properties, each by its name, leading straight to its value."""
    for name, item, mark in _items(node):
        value = _entry(item, "value")
        if not name.isdigit() and value is not None:
            yield name, value, mark


def _entry(node: Node, name: str) -> Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if getattr(key, "value", None) == name), None)
