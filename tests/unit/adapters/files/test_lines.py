"""Lines in bounded memory, cut the same wherever the blocks end."""

from __future__ import annotations

import tracemalloc
from hashlib import sha256

import pytest

from onefold.adapters.files import lines
from onefold.adapters.files.lines import LineReader, LongLine
from onefold.record.intake.errors import WrongFile


def read(path, limit=20) -> list[tuple[int, object]]:
    """(number, line) of every line; a long one as (digest, size)."""
    return [
        (at, (line.digest, line.size) if isinstance(line, LongLine) else line)
        for number, block in LineReader(path, limit)
        for at, line in enumerate(block, number)
    ]


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 5, 7, 20, 21, 22, 1000])
@pytest.mark.parametrize(
    "content",
    [
        b"a\nbb\n\nccc",
        b"a\r\nbb\r\n",
        b"x" * 50 + b"\nshort\n" + b"y" * 21 + b"\n" + b"z" * 20 + b"\nend",
        b"short\n" + b"x" * 99,
        b"\n\n\n",
        b"\xef\xbb\xbfa\nb",
    ],
)
def test_lines_do_not_depend_on_where_blocks_end(tmp_path, monkeypatch, content, block_bytes):
    path = tmp_path / "file"
    path.write_bytes(content)
    # A byte order mark is looked for in the first block alone.
    least = 3 if content.startswith(b"\xef") else 1
    monkeypatch.setattr(lines, "BLOCK_BYTES", max(block_bytes, least))
    pieces = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if not pieces[-1]:
        pieces.pop()
    expected = [(sha256(it).digest(), len(it)) if len(it) > 20 else it.removesuffix(b"\r") for it in pieces]
    assert read(path) == list(enumerate(expected, 1))


def test_a_line_of_any_length_is_hashed_and_not_held(tmp_path):
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.write(b"first\n")
        file.seek(64 << 20)
        file.write(b"\nlast\n")
    tracemalloc.start()
    found = read(path, limit=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line for _, line in found if isinstance(line, bytes)] == [b"first", b"last"]
    assert found[1][1][1] == (64 << 20) - 6
    assert peak < 8 << 20


def test_how_far_it_has_read_is_told(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a\nb\n")
    reader = LineReader(path, 10)
    assert (reader.size_bytes, reader.read_bytes) == (4, 0)
    assert list(reader) == [(1, [b"a", b"b"])]
    assert reader.read_bytes == 4


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(WrongFile, match="cannot be read"):
        LineReader(tmp_path / "nothing", 10)
