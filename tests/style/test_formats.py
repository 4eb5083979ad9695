"""No text from outside is a format: templates are constants, written where they are filled in."""

from __future__ import annotations

import ast
import re

from tests.style.source import package, report

CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
CHOSEN = {
    # Which of two or three constants it is hangs on what is asked; no caller's text comes near.
    ("src/onefold/record/contracts/fetching.py", "written"),
    ("src/onefold/adapters/sqlite/tokens.py", "forgetting"),
    ("src/onefold/adapters/sqlite/questions.py", "statement"),
}


def is_template(node: ast.expr, at: str) -> bool:
    """Whether a text that is filled in is one of ours: written there, or a constant of a module."""
    if isinstance(node, ast.Name):
        return CONSTANT.fullmatch(node.id) is not None or (at, node.id) in CHOSEN
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def filled_in(tree: ast.Module) -> list[ast.expr]:
    """What `.format(…)` is called on, and what stands before `% (…)` and `% {…}`."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_json = ast.unparse(node.func) == "msgspec.json.format"
            found += [node.func.value] if node.func.attr in ("format", "format_map") and not is_json else []
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            found += [node.left] if isinstance(node.right, ast.Tuple | ast.Dict) else []
    return found


def test_no_text_from_outside_is_a_format():
    seen = [(it.at, node) for it in package() for node in filled_in(it.tree)]
    assert len(seen) > len(CHOSEN)
    faults = [f"{at}:{node.lineno}: {ast.unparse(node)}" for at, node in seen if not is_template(node, at)]
    assert not faults, report(faults)


def test_what_is_no_template_is_seen():
    tree = ast.parse('said.format(1)\n"{}".format(1)\nsaid % (1,)\nf"{said}".format(1)\n_ONE.format(1)')
    assert [is_template(it, "x") for it in filled_in(tree)] == [False, True, False, False, True]
