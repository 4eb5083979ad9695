"""ODCS YAML into plain values, checked against the standard's own JSON Schema. Knows nothing of our canon."""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without its C library
    from yaml import SafeLoader  # type: ignore[assignment]

from onefold.kernel.errors import Unavailable
from onefold.record.contracts.errors import Fault

if TYPE_CHECKING:
    import jsonschema

_MESSAGE_LIMIT = 160
_SHOWN_FAULTS = 50
_ENTRIES_MAX = 200_000
_DEPTH_MAX = 60
_LEFT_OVER = {"unevaluatedProperties", "additionalProperties"}


NOT_YAML = (
    yaml.YAMLError, AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What PyYAML raises, beside its own errors, for values that are not what they look like: 2024-13-45."""


class _Loader(SafeLoader):
    """YAML that refuses a key twice, which the standard loader would silently overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {twice[0]} stands here twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


@cache
def _validator() -> jsonschema.Draft201909Validator:
    # It takes longer to import than most commands take, and those that read no contract do without.
    import jsonschema

    # Located without importing the package, whose models we do not use and which take long to load.
    spec = find_spec("open_data_contract_standard")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "The ODCS schema is not installed.", hint="Run `make setup`: package open-data-contract-standard."
        )
    text = (Path(spec.submodule_search_locations[0]) / "schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft201909Validator(json.loads(text))


def read_yaml(data: bytes) -> tuple[Any, Fault | None]:
    """The document and no fault, or nothing and the fault with its line."""
    try:
        document = yaml.load(data, Loader=_Loader)  # noqa: S506  # a SafeLoader that is stricter
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return None, Fault("contract", f"{fault.problem or 'is not YAML'}; mend the YAML", line, column)
    except NOT_YAML:
        return None, Fault(
            "contract", "the file is not YAML in UTF-8, or a value in it is not what it looks like"
        )
    if not _is_bounded(document):
        return None, Fault("contract", f"has more than {_ENTRIES_MAX} entries, or entries {_DEPTH_MAX} deep")
    return document, None


def _is_bounded(document: Any) -> bool:
    """Whether the document is no larger than one that somebody wrote: an alias may repeat, or hold itself."""
    level, entries = [document], 0
    for _ in range(_DEPTH_MAX):
        level = [inner for it in level for inner in _inside(it)]
        entries += len(level)
        if not level or entries > _ENTRIES_MAX:
            break
    return not level


def _inside(value: Any) -> Collection[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | set | tuple) else ()


def schema_faults(document: Any) -> list[Fault]:
    """Each place where the document is not an ODCS contract, one fault for each thing that is wrong."""
    found = (it for error in _validator().iter_errors(document) for it in _meant(error))
    errors = sorted(found, key=lambda it: list(map(str, it.absolute_path)))
    paths = [tuple(error.absolute_path) for error in errors if error.validator not in _LEFT_OVER]
    faults: dict[Fault, None] = {}
    for error in errors:
        path = tuple(error.absolute_path)
        if error.validator in _LEFT_OVER:
            # Whatever fails within takes its siblings along here: told only of names that nothing knows.
            known_below = any(other[: len(path)] == path for other in paths)
            faults |= dict.fromkeys(_unknown(document, error, path, known_below))
        else:
            faults[_fault(document, error, path)] = None
    return list(faults)[:_SHOWN_FAULTS]


def _meant(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """The errors within the one alternative that the author can have meant, where there is one."""
    branches: dict[Any, list[jsonschema.ValidationError]] = {}
    for it in error.context or ():
        branches.setdefault(it.schema_path[0], []).append(it)
    here = error.absolute_path
    fitting = [
        branch
        for branch in branches.values()
        if not any(it.validator == "type" and it.absolute_path == here for it in branch)
    ]
    if error.validator in {"oneOf", "anyOf"} and len(fitting) == 1:
        for it in fitting[0]:
            yield from _meant(it)
    else:
        yield error


def _fault(document: Any, error: jsonschema.ValidationError, path: tuple[str | int, ...]) -> Fault:
    place, message = place_text(document, path), error.message
    if error.validator == "required" and _is_untyped_property(error):
        return Fault(
            place, "has no logicalType; write logicalType: string (number, integer, boolean, object …)"
        )
    if error.validator == "required" and isinstance(error.instance, dict):
        wanted: Any = error.validator_value
        missing = next((it for it in wanted if it not in error.instance), "")
        return Fault(f"{place}.{missing}", f"is missing; the standard wants {missing} here")
    if len(message) > _MESSAGE_LIMIT or error.validator in {"oneOf", "anyOf"}:
        message = f"does not match the standard's rule {error.validator!r}"
    return Fault(place, f"{message}; see the standard for what may stand here")


def _unknown(
    document: Any, error: jsonschema.ValidationError, path: tuple[str | int, ...], known_below: bool
) -> Iterator[Fault]:
    instance: Any = error.instance
    place = place_text(document, path)
    known = _entry_names()
    strange = [it for it in instance if it not in known] if isinstance(instance, dict) else []
    for name in strange:
        near = get_close_matches(str(name), known, n=1)
        offer = f"did you mean {near[0]}?" if near else "leave it out, or make it a custom property"
        yield Fault(f"{place}.{name}", f"there is no entry {name} in the standard; {offer}")
    if not strange and not known_below:
        yield Fault(place, f"{error.message[:_MESSAGE_LIMIT]}; leave out what does not belong here")


@cache
def _entry_names() -> frozenset[str]:
    """Every name of an entry that the standard knows, wherever it may stand."""
    names: set[str] = set()
    waiting: list[Any] = [_validator().schema]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            properties = at.get("properties")
            names.update(properties if isinstance(properties, dict) else ())
            waiting += at.values()
        elif isinstance(at, list):
            waiting += at
    return frozenset(names)


def _is_untyped_property(error: jsonschema.ValidationError) -> bool:
    """The standard's schema asks a property without a logical type for what only a map needs."""
    instance: Any = error.instance
    return (
        "properties" in error.absolute_path and isinstance(instance, dict) and "logicalType" not in instance
    )


def place_text(document: Any, path: Sequence[str | int]) -> str:
    """A path people can follow: list items are called by their name where they have one."""
    parts, at = ["contract"], document
    for step in path:
        at = at[step]
        named = at.get("name") or at.get("property") if isinstance(at, dict) else None
        parts.append(str(named) if isinstance(step, int) and isinstance(named, str) else str(step))
    return ".".join(parts)
