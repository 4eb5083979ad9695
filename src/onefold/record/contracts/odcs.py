"""ODCS YAML into plain values, checked against the standard's own JSON Schema. Knows nothing of our canon."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without its C library
    from yaml import SafeLoader  # type: ignore[assignment]

from onefold.kernel.errors import Unavailable

_MESSAGE_LIMIT = 160
_SHOWN_FAULTS = 20


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
    # Located without importing the package, whose models we do not use and which take long to load.
    spec = find_spec("open_data_contract_standard")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "The ODCS schema is not installed.", hint="Run `make setup`: package open-data-contract-standard."
        )
    text = (Path(spec.submodule_search_locations[0]) / "schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft201909Validator(json.loads(text))


def read_yaml(data: bytes) -> tuple[Any, str]:
    """The document and no fault, or nothing and the fault with its line."""
    try:
        return yaml.load(data, Loader=_Loader), ""  # noqa: S506  # a SafeLoader that is stricter
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        return None, f"line {line}: {fault.problem or 'not YAML'}; mend the YAML"
    except (yaml.YAMLError, UnicodeDecodeError):
        return None, "the file is not YAML in UTF-8"


def schema_faults(document: Any) -> list[str]:
    """Each place where the document is not an ODCS contract, as `path: what is wrong`."""
    faults = []
    for error in sorted(_validator().iter_errors(document), key=lambda it: list(map(str, it.absolute_path))):
        message = error.message
        if error.validator == "required" and _is_untyped_property(error):
            message = "has no logicalType; write logicalType: string (number, integer, boolean, object …)"
        if len(message) > _MESSAGE_LIMIT:
            message = f"does not match the standard's rule {error.validator!r}"
        faults.append(f"{place_text(document, error.absolute_path)}: {message}")
    return faults[:_SHOWN_FAULTS]


def _is_untyped_property(error: jsonschema.ValidationError) -> bool:
    """The standard's schema asks a property without a logical type for what only a map needs."""
    instance: Any = error.instance
    return (
        "properties" in error.absolute_path and isinstance(instance, dict) and "logicalType" not in instance
    )


def place_text(document: Any, path: Sequence[str | int]) -> str:
    """A path people can follow: list items are called by their name where they have one."""
    parts, at = [], document
    for step in path:
        at = at[step]
        named = at.get("name") or at.get("property") if isinstance(at, dict) else None
        parts.append(str(named) if isinstance(step, int) and isinstance(named, str) else str(step))
    return ".".join(parts) or "the contract"
