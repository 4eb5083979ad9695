"""Write a tracking plan down for people: one Markdown page of its calls, events and properties."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.record.contracts.model import CALLS, Contract, ObjectContract, Property
from onefold.record.contracts.parse import parse_contract


def plan_page(file: tuple[str, bytes]) -> str:
    """The page of (file name, bytes)."""
    contract = parse_contract(file[1], file[0])
    calls = [it for it in contract.objects.values() if it.name.partition(":")[0] in CALLS]
    parts = [
        f"# Tracking plan of {_plain(contract.name)}",
        _origin(contract),
        *([_plain(contract.about)] if contract.about else []),
        "## Events",
        _table(
            ("event", "call", "version", "owner", "what it says"),
            [
                (
                    _event(it),
                    f"`{it.name.partition(':')[0]}`",
                    it.version or contract.version,
                    _plain(it.owner or contract.owner),
                    _plain(it.about),
                )
                for it in calls
            ],
        ),
    ]
    for item in calls:
        parts += _section(contract, item)
    return "\n\n".join(parts) + "\n"


def _origin(contract: Contract) -> str:
    said = f"Source `{contract.source}`, version {contract.version}, {contract.status}."
    return f"{said} Owner: {_plain(contract.owner)}. It may serve {', '.join(contract.purposes)}."


def _section(contract: Contract, item: ObjectContract) -> list[str]:
    rows = [
        (
            f"`{it.path}`",
            it.logical_type,
            "yes" if it.required else "",
            it.field_class.value,
            ", ".join(f"`{word}`" for word in it.allowed),
            _plain(_about(it)),
        )
        for it in item.properties
    ]
    head = ("property", "type", "required", "class", "allowed values", "what it is")
    made = ", ".join(f"`{field}`" for field in item.rules)
    parts = [f"## {_event(item)}", *([_plain(item.about)] if item.about else []), _table(head, rows)]
    if made:
        parts.append(f"Becomes {item.entity}: {made}.")
    if item.also:
        parts.append(f"The same message also gives: {', '.join(item.also)}.")
    return parts


def _about(it: Property) -> str:
    kept = {"reference": "kept as a digest", "drop": "not kept", "refuse": "must not be sent"}
    return "; ".join(text for text in (it.about, kept.get(it.store.value, "")) if text)


def _event(item: ObjectContract) -> str:
    return _plain(item.name.partition(":")[2] or item.name)


def _plain(text: str) -> str:
    """Text that cannot leave its cell or start markup of its own."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
