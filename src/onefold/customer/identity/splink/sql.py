"""The SQL that conditions of Splink are written in, as a tree.

Theory
------
A condition is one expression, never a statement, so operator precedence is all the grammar there is (Pratt
1973: each operator binds as strongly as a number says, and a loop takes what binds more strongly than what
stands to the left). Operators, `CASE`, `CAST` and `EXTRACT` are calls by a name of their own; so a tree has
four kinds of nodes, and whatever walks it has four cases. Names of functions and columns are in lower case:
DuckDB tells none apart by case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onefold.kernel.errors import CallerError

DEPTH_MOST = 100
"""How deep an expression may be nested."""


class SqlError(CallerError):
    """A condition that cannot be followed. Its text goes on from the name of what has the condition."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, true, false or null (None)."""

    value: Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column, as it is written: `l."first name"` is of table l. A parameter of a lambda has no table."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator (`=`, `and`, `is null`, `case`, `cast`, `index`) of arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function of one argument that is made for a list: `x -> lower(x)`."""

    parameter: str
    body: Expression


Expression = Literal | Column | Call | Lambda

_TOKENS = re.compile(
    r"""\s+|--[^\n]*
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")+"|`[^`]+`)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign><=|>=|<>|!=|==|\|\||::|->|//|[-+*/%(),.\[\]=<>:])
    |(?P<unknown>.)""",
    re.VERBOSE | re.DOTALL,
)
_BINDS = {
    "or": 1, "and": 2, "=": 4, "==": 4, "<>": 4, "!=": 4, "<": 4, ">": 4, "<=": 4, ">=": 4, "is": 4,
    "not": 5, "in": 5, "like": 5, "between": 5, "||": 6, "+": 7, "-": 7, "*": 8, "/": 8, "//": 8, "%": 8,
    "::": 10, "[": 10,
}  # fmt: skip
"""How strongly what stands between two expressions, or after one, binds."""
_NOT_BINDS, _MINUS_BINDS = 3, 9
_SAME = {"==": "=", "!=": "<>"}
_CONSTANTS = {"null": None, "true": True, "false": False}
_RESERVED = {"and", "or", "then", "when", "else", "end", "as", "from", "is", "in", "like", "between"}


def parse(text: str) -> Expression:
    """The tree of a condition; `SqlError` where it is not one expression."""
    parser = _Parser(list(_tokens(text)))
    found = parser.expression()
    parser.expect("end", "")
    return found


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each token; words in lower case, quotes taken away."""
    for it in _TOKENS.finditer(text):
        kind, said = it.lastgroup, it.group()
        if kind is None:
            continue
        if kind == "unknown":
            raise SqlError(f"has a character that is no SQL: {said}")
        if kind == "text":
            said = said[1:-1].replace("''", "'")
        elif kind == "quoted":
            said = said[1:-1].replace('""', '"')
        yield kind, said.lower() if kind in ("word", "quoted") else said
    yield "end", ""


class _Parser:
    """Takes tokens one after another."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def expression(self, least: int = 0) -> Expression:
        """What binds more strongly than `least`."""
        self._depth += 1
        if self._depth > DEPTH_MOST:
            raise SqlError(f"is nested more than {DEPTH_MOST} deep")
        found = self._first()
        while self._tokens[self._at][0] in ("word", "sign"):
            operator = self._tokens[self._at][1]
            binds = _BINDS.get(operator, 0)
            if binds <= least:
                break
            self._at += 1
            found = self._after(found, operator, binds)
        self._depth -= 1
        return found

    def expect(self, kind: str, said: str) -> None:
        """Takes exactly this token."""
        if self._tokens[self._at] != (kind, said):
            raise SqlError(
                f"has {self._tokens[self._at][1] or 'its end'} where {said or 'its end'} was expected"
            )
        self._at += 1

    def _takes(self, *words: str) -> bool:
        """Takes these words or signs, if they come next."""
        coming = self._tokens[self._at : self._at + len(words)]
        if [it for kind, it in coming if kind in ("word", "sign")] != list(words):
            return False
        self._at += len(words)
        return True

    def _first(self) -> Expression:
        """What can stand alone, or at the beginning."""
        kind, said = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return Literal(int(said) if said.isdigit() else float(said))
        if kind == "text":
            return Literal(said)
        if kind == "quoted":
            return self._column(said)
        if kind == "word":
            return self._word(said)
        if said == "-":
            return Call("negative", (self.expression(_MINUS_BINDS),))
        if said == "(":
            found = self.expression()
            self.expect("sign", ")")
            return found
        if said == "[":
            return Call("list", self._until("]"))
        raise SqlError(f"has {said or 'its end'} where an expression was expected")

    def _word(self, said: str) -> Expression:
        if said in _CONSTANTS:
            return Literal(_CONSTANTS[said])
        if said == "not":
            return Call("not", (self.expression(_NOT_BINDS),))
        if said == "case":
            return self._case()
        if said == "lambda":
            _, parameter = self._tokens[self._at]
            self._at += 1
            self.expect("sign", ":")
            return Lambda(parameter, self.expression())
        if said in _RESERVED:
            raise SqlError(f"has {said} where an expression was expected")
        if said in ("date", "timestamp") and self._tokens[self._at][0] == "text":
            self._at += 1
            return Call("cast", (Literal(self._tokens[self._at - 1][1]), Literal(said)))
        if self._takes("("):
            return self._call(said)
        if self._takes("->"):
            return Lambda(said, self.expression())
        return self._column(said)

    def _column(self, said: str) -> Expression:
        if not self._takes("."):
            return Column("", said)
        kind, name = self._tokens[self._at]
        self._at += 1
        if kind not in ("word", "quoted"):
            raise SqlError(f"has {name or 'its end'} where the name of a column was expected")
        return Column(said, name)

    def _call(self, name: str) -> Expression:
        if name in ("cast", "try_cast"):
            value = self.expression()
            self.expect("word", "as")
            kind = self._type()
            self.expect("sign", ")")
            return Call(name, (value, Literal(kind)))
        if name == "extract":
            _, part = self._tokens[self._at]
            self._at += 1
            self.expect("word", "from")
            value = self.expression()
            self.expect("sign", ")")
            return Call(part, (value,))
        return Call(name, self._until(")"))

    def _type(self) -> str:
        kind, said = self._tokens[self._at]
        if kind != "word":
            raise SqlError("has no type where one was expected")
        self._at += 1
        while self._tokens[self._at][1] in ("precision", "varying"):
            self._at += 1
        if self._takes("("):
            self._until(")")
        return said

    def _until(self, end: str) -> tuple[Expression, ...]:
        """Arguments with commas between them."""
        found: list[Expression] = []
        while not self._takes(end):
            if found:
                self.expect("sign", ",")
            found.append(self.expression())
        return tuple(found)

    def _case(self) -> Expression:
        """Conditions and values in turn, and what else."""
        found: list[Expression] = []
        while self._takes("when"):
            found.append(self.expression())
            self.expect("word", "then")
            found.append(self.expression())
        found.append(self.expression() if self._takes("else") else Literal(None))
        self.expect("word", "end")
        return Call("case", tuple(found))

    def _after(self, left: Expression, operator: str, binds: int) -> Expression:
        """What an operator makes of what stands before it and what comes."""
        if operator == "is":
            return self._is(left)
        if operator == "not":
            operator = self._tokens[self._at][1]
            if operator not in ("in", "like", "between"):
                raise SqlError(f"has not before {operator or 'its end'}")
            self._at += 1
            return Call("not", (self._after(left, operator, binds),))
        if operator == "in":
            self.expect("sign", "(")
            return Call("in", (left, *self._until(")")))
        if operator == "between":
            low = self.expression(binds)
            self.expect("word", "and")
            high = self.expression(binds)
            return Call("and", (Call(">=", (left, low)), Call("<=", (left, high))))
        if operator == "[":
            place = self.expression()
            self.expect("sign", "]")
            return Call("index", (left, place))
        if operator == "::":
            return Call("cast", (left, Literal(self._type())))
        return Call(_SAME.get(operator, operator), (left, self.expression(binds)))

    def _is(self, left: Expression) -> Expression:
        unlike = self._takes("not")
        if self._takes("null"):
            found = Call("is null", (left,))
        elif self._takes("distinct", "from"):
            found = Call("not", (Call("is the same", (left, self.expression(_BINDS["is"]))),))
        elif self._takes("true"):
            found = Call("is the same", (left, Literal(True)))
        elif self._takes("false"):
            found = Call("is the same", (left, Literal(False)))
        else:
            raise SqlError("has an IS that is not followed by NULL, TRUE, FALSE or DISTINCT FROM")
        return Call("not", (found,)) if unlike else found


def flattened(tree: Expression, operator: str) -> list[Expression]:
    """What `and` or `or` joins at the top of a tree."""
    if isinstance(tree, Call) and tree.name == operator:
        return [part for it in tree.arguments for part in flattened(it, operator)]
    return [tree]


def columns_of(tree: Expression) -> Iterator[Column]:
    """Every column of a table in a tree."""
    if isinstance(tree, Column) and tree.table:
        yield tree
    elif isinstance(tree, Call):
        for it in tree.arguments:
            yield from columns_of(it)
    elif isinstance(tree, Lambda):
        yield from columns_of(tree.body)


def renamed(tree: Expression, names: Mapping[str, str]) -> Expression:
    """The tree with functions of other names."""
    if isinstance(tree, Call):
        arguments = tuple(renamed(it, names) for it in tree.arguments)
        return Call(names.get(tree.name, tree.name), arguments)
    return Lambda(tree.parameter, renamed(tree.body, names)) if isinstance(tree, Lambda) else tree


def sided(tree: Expression, bound: frozenset[str] = frozenset()) -> Expression:
    """The tree with each column on one side: `first_name_l` of a comparison is `first_name` of table l."""
    if isinstance(tree, Call):
        return Call(tree.name, tuple(sided(it, bound) for it in tree.arguments))
    if isinstance(tree, Lambda):
        return Lambda(tree.parameter, sided(tree.body, bound | {tree.parameter}))
    if isinstance(tree, Literal) or (tree.name in bound and not tree.table):
        return tree
    if tree.table in ("l", "r"):
        return tree
    name, _, side = tree.name.rpartition("_")
    if tree.table or not name or side not in ("l", "r"):
        raise SqlError(f"names a column that is of neither record: {tree.name}")
    return Column(side, name)
