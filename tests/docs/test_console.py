"""The runner of the pages can fail: a wrong line, a wrong order and a wrong exit code are all seen."""

from __future__ import annotations

from pathlib import Path

from tests.docs.console import Shell, Step, missing, steps_of


def test_a_block_gives_its_commands_with_the_lines_they_print(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A\n\n```console\n$ echo one\none\n\n$ true\n```\n\n```text\n$ false\n```\n", encoding="utf-8"
    )
    assert steps_of(page) == [Step("echo one", ("one",)), Step("true", ())]


def test_a_command_takes_its_input_from_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ cat <<'X'\n$ one\nX\none\n```\n", encoding="utf-8")
    (step,) = steps_of(page)
    assert missing(step, Shell(tmp_path, {}).run(step)[1]) == []


def test_a_line_that_is_not_printed_is_missing() -> None:
    assert missing(Step("x", ("two",)), "one\n") == ["two"]


def test_lines_must_come_in_their_order() -> None:
    assert missing(Step("x", ("two", "one")), "one\ntwo\n") == ["one"]


def test_an_ellipsis_stands_for_anything_and_spaces_fold() -> None:
    assert missing(Step("x", ("accepted  …  rows",)), "  accepted 12 of 13   rows\n") == []


def test_a_failing_command_is_seen(tmp_path: Path) -> None:
    assert Shell(tmp_path, {}).run(Step("false | true", ()))[0] != 0
