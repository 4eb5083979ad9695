"""From a tree to a function of two records: three-valued logic as SQL has it, null being None."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from onefold.customer.identity.splink.functions import FUNCTIONS, OTHER_NAMES, cast, equal
from onefold.customer.identity.splink.sql import Column, Expression, Lambda, Literal, SqlError

Scope = Mapping[tuple[str, str], Any]
"""The value of each column by its table (`l`, `r`) and name; of a parameter by no table and its name."""
Value = Callable[[Scope], Any]


def compiled(tree: Expression) -> Value:
    """What the tree comes to in a scope; `SqlError` at once where a function of it is not known."""
    if isinstance(tree, Literal):
        constant = tree.value
        return lambda _: constant
    if isinstance(tree, Column):
        place = (tree.table, tree.name)
        return lambda scope: scope[place]
    if isinstance(tree, Lambda):
        return _made(tree.parameter, compiled(tree.body))
    arguments = [compiled(it) for it in tree.arguments]
    if tree.name in _LAZY:
        return _LAZY[tree.name](arguments)
    return _strict(OTHER_NAMES.get(tree.name, tree.name), arguments)


def _made(parameter: str, body: Value) -> Value:
    place = ("", parameter)
    return lambda scope: lambda value: body({**scope, place: value})


def _strict(name: str, arguments: list[Value]) -> Value:
    """Null where an argument is."""
    if name not in FUNCTIONS:
        raise SqlError(f"uses {name}, which is not known here")
    least, most, function = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        raise SqlError(f"gives {name} another number of arguments than it takes")

    def call(scope: Scope) -> Any:
        values = [it(scope) for it in arguments]
        return None if None in values else function(*values)

    return call


def _joined(*, decisive: bool) -> Callable[[list[Value]], Value]:
    """`and`, which one false decides, or `or`, which one true does; null where none does and one is null."""

    def made(arguments: list[Value]) -> Value:
        def call(scope: Scope) -> bool | None:
            found: bool | None = not decisive
            for it in arguments:
                value: bool | None = it(scope)
                if value is decisive:
                    return decisive
                found = None if value is None else found
            return found

        return call

    return made


def _not(arguments: list[Value]) -> Value:
    (inner,) = arguments

    def call(scope: Scope) -> bool | None:
        value = inner(scope)
        return None if value is None else not value

    return call


def _case(arguments: list[Value]) -> Value:
    *rest, otherwise = arguments
    branches = list(zip(rest[::2], rest[1::2], strict=True))

    def call(scope: Scope) -> Any:
        for condition, value in branches:
            if condition(scope):
                return value(scope)
        return otherwise(scope)

    return call


def _in(arguments: list[Value]) -> Value:
    wanted, *among = arguments

    def call(scope: Scope) -> bool | None:
        value, values = wanted(scope), [it(scope) for it in among]
        if value is None:
            return None
        if any(it is not None and equal(value, it) for it in values):
            return True
        return None if None in values else False

    return call


def _is_null(arguments: list[Value]) -> Value:
    (inner,) = arguments
    return lambda scope: inner(scope) is None


def _is_the_same(arguments: list[Value]) -> Value:
    one, other = arguments

    def call(scope: Scope) -> bool:
        left, right = one(scope), other(scope)
        return left is right if left is None or right is None else equal(left, right)

    return call


def _nullif(arguments: list[Value]) -> Value:
    one, other = arguments

    def call(scope: Scope) -> Any:
        left, right = one(scope), other(scope)
        return None if left is None or (right is not None and equal(left, right)) else left

    return call


def _said(arguments: list[Value], of: Callable[[list[Any]], Any]) -> Value:
    """Of the values that are not null; null where all are."""

    def call(scope: Scope) -> Any:
        values = [value for it in arguments if (value := it(scope)) is not None]
        return of(values) if values else None

    return call


def _tried(arguments: list[Value]) -> Value:
    one, kind = arguments

    def call(scope: Scope) -> Any:
        value = one(scope)
        try:
            return None if value is None else cast(value, kind(scope))
        except SqlError:
            return None

    return call


_LAZY: dict[str, Callable[[list[Value]], Value]] = {
    "and": _joined(decisive=False),
    "or": _joined(decisive=True),
    "not": _not,
    "case": _case,
    "in": _in,
    "is null": _is_null,
    "is the same": _is_the_same,
    "nullif": _nullif,
    "try_cast": _tried,
    "list": lambda arguments: lambda scope: tuple(it(scope) for it in arguments),
    "coalesce": lambda arguments: _said(arguments, lambda it: it[0]),
    "ifnull": lambda arguments: _said(arguments, lambda it: it[0]),
    "greatest": lambda arguments: _said(arguments, max),
    "least": lambda arguments: _said(arguments, min),
    "concat": lambda arguments: _said(arguments, lambda it: "".join(map(str, it))),
}
"""What has a say of its own in what null comes to."""
