"""The world is a function of its seed, and its size costs time, not memory."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.testing.world.generate import generate

GROWTH_MIB = 25
"""Room for the allocator; the rows of the larger world alone are twice as much."""

MEASURE = """
import resource, sys
from pathlib import Path
from onefold.testing.world.generate import generate
generate(Path(sys.argv[1]), people=int(sys.argv[2]), seed=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def digests(people: int, seed: int, *, latin: bool = False, workers: int = 1) -> dict[str, str]:
    """The SHA-256 of every file of a world."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "world"
        generate(out, people=people, seed=seed, latin=latin, workers=workers)
        return {
            path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in sorted(out.rglob("*"))
            if path.is_file()
        }


@settings(max_examples=8)
@given(people=st.integers(1, 700), seed=st.integers(0, 2**31), latin=st.booleans())
def test_the_same_seed_gives_the_same_bytes(people: int, seed: int, latin: bool) -> None:
    assert digests(people, seed, latin=latin) == digests(people, seed, latin=latin)


def test_another_seed_gives_another_world() -> None:
    one, other = digests(600, 1), digests(600, 2)
    assert all(one[path] != other[path] for path in one)


def test_workers_change_no_byte() -> None:
    assert digests(2600, 3, workers=1) == digests(2600, 3, workers=2)


def peak_mib(people: int, folder: Path) -> float:
    """The most memory a fresh process held while making a world."""
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, str(folder / str(people)), str(people)],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(ran.stdout) / 1024


def test_memory_does_not_grow_with_the_world(tmp_path: Path) -> None:
    small, large = peak_mib(2_000, tmp_path), peak_mib(14_000, tmp_path)
    assert large - small < GROWTH_MIB, f"{small:.0f} MiB for 2,000 people, {large:.0f} MiB for 14,000"
