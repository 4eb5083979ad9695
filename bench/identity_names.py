"""Section `names` of the benchmark of identity: is the right name found across scripts, and at what cost.

The figure: of so many Latin tokens of the half of a public set that nothing was learned from, is the one that
scores best for a Cyrillic token the right one? The peer transliterates letter by letter and compares by
Jaro-Winkler. Only the very token counts, though some pairs of the set are no spellings of one name at all,
which no method can get right. Times are processor time a value that was not seen before.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from rapidfuzz.distance import JaroWinkler

from bench.ground import line
from onefold.customer.identity.normal.addresses import address
from onefold.customer.identity.normal.agreement import Level, agreement, sounds_agree
from onefold.customer.identity.normal.dates import day
from onefold.customer.identity.normal.emails import email
from onefold.customer.identity.normal.name_agreement import names_agree
from onefold.customer.identity.normal.national_ids import national_id
from onefold.customer.identity.normal.organisations import organisation
from onefold.customer.identity.normal.person_names import person_name
from onefold.customer.identity.normal.phones import phone
from onefold.customer.identity.normal.scripts import romanised
from onefold.customer.identity.normal.sounds import sound

FOUND_LEAST = 0.92
CANDIDATES = 2_000
AGREES_LEAST = 0.8
"""Of a score of two names, from which on they are taken for one: a round number, not the best one."""

MICROSECONDS_A_VALUE = {"name": 40, "phone": 40, "e-mail": 20, "day": 20, "address": 40, "organisation": 40}
TODAY = date(2026, 1, 1)


def run(folder: Path | None, quick: bool) -> None:
    """Prints the section."""
    if folder is None or not (folder / "er" / "wd_russian_16").is_file():
        print("the data set er is not here; set ONEFOLD_SHARED_DATA to the folder that holds it")
    else:
        found_across_scripts(folder / "er" / "wd_russian_16", seeds=1 if quick else 5)
        verdicts(folder / "er" / "nk_name_cases.csv")
    costs(1_000 if quick else 20_000)


def drawn(path: Path, seed: int) -> list[tuple[str, str]]:
    """Latin and Cyrillic tokens of so many pairs, drawn at random."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = (it.split("\t") for it in random.Random(seed).sample(lines, CANDIDATES))
    return [(latin, cyrillic.replace(" ", "")) for latin, cyrillic, _ in parts]


def found_across_scripts(path: Path, seeds: int, asked_each: int = 200) -> None:
    """The right Latin token for a Cyrillic one, ours and the peer's, over several draws."""
    ours = naive = asked = right = wrong = 0
    shared = {"skeleton": 0, "consonants": 0, "classes": 0}
    for seed in range(seeds):
        pairs = drawn(path, seed)
        sounds = [sound(latin) for latin, _ in pairs]
        plain = [latin.casefold() for latin, _ in pairs]
        for at, (latin, cyrillic) in enumerate(pairs[:asked_each]):
            heard, written = sound(cyrillic), romanised(cyrillic)
            agreed = [sounds_agree(heard, it) for it in sounds]
            best = max(range(CANDIDATES), key=lambda it: agreed[it].score)
            ours += pairs[best][0] == latin
            close = [it.level >= Level.CLOSE and at != other for other, it in enumerate(agreed)]
            right += agreed[at].level >= Level.CLOSE
            wrong += sum(close)
            best = max(range(CANDIDATES), key=lambda it: JaroWinkler.similarity(written, plain[it]))
            naive += pairs[best][0] == latin
            for form in shared:
                shared[form] += getattr(heard, form) == getattr(sounds[at], form)
            asked += 1
    beside = f"{naive / asked:.3f} transliterated + Jaro-Winkler"
    what = f"right Latin name of {CANDIDATES:,}, {asked:,} asked"
    line(what, f"≥ {FOUND_LEAST}", f"{ours / asked:.3f}", beside, ours / asked >= FOUND_LEAST)
    per_million = wrong / asked / (CANDIDATES - 1) * 1e6
    beside = f"{per_million:.0f} of a million wrong ones"
    line("right pairs that are close or better", "", f"{right / asked:.3f}", beside)
    for form, count in shared.items():
        line(f"pairs with equal {form}", "", f"{count / asked:.3f}", "for keys that bring tokens together")


def verdicts(path: Path) -> None:
    """How often a verdict of others on two names of people is ours too; nothing was set by them."""
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["schema"] == "Person"]
    truth = [row["is_match"] == "true" for row in rows]
    scores = [names_agree(person_name(row["name1"]), person_name(row["name2"])).score for row in rows]
    ours = sum((it >= AGREES_LEAST) == same for it, same in zip(scores, truth, strict=True))
    plain = [JaroWinkler.similarity(row["name1"].casefold(), row["name2"].casefold()) for row in rows]
    thresholds = [step / 50 for step in range(25, 50)]
    peer = max(sum((it >= at) == same for it, same in zip(plain, truth, strict=True)) for at in thresholds)
    beside = f"{peer / len(rows):.3f} Jaro-Winkler at its best threshold"
    line(f"verdicts on {len(rows)} pairs of names", "", f"{ours / len(rows):.3f}", beside)


def costs(values: int) -> None:
    """Microseconds a value for each kind of field, and for two tokens of different scripts."""
    words = [f"{chr(97 + it % 26)}{'aeiou'[it % 5]}{chr(97 + it // 26 % 26)}{it % 7}ov" for it in range(997)]
    letters = [
        "".join("bdgklmnrst"[int(digit)] + "aeiou"[int(digit) % 5] for digit in word)
        for word in map(str, range(values))
    ]
    work: dict[str, tuple[Callable[[str], object], Iterable[str]]] = {
        "name": (person_name, (f"{it.title()}ov Aziz Rustamovich" for it in letters)),
        "phone": (lambda it: phone(it, "RU"), (f"8 903 {it:07}" for it in range(values))),
        "e-mail": (email, (f"{it}.{number}@work.com" for number, it in enumerate(letters))),
        "day": (lambda it: day(it, TODAY), (f"{n % 28 + 1}.{n % 12 + 1}.{1000 + n}" for n in range(values))),
        "address": (address, (f"{n} {words[n % 997]} street, {words[n % 31]}" for n in range(values))),
        "organisation": (organisation, (f"{it} Savdo MChJ" for it in letters)),
    }
    for kind, (normalise, texts) in work.items():
        took = microseconds(normalise, list(texts))
        limit = MICROSECONDS_A_VALUE[kind]
        line(f"µs a {kind}, none seen before", f"≤ {limit}", f"{took:.1f}", "", took <= limit)
    took = microseconds(lambda it: national_id(it, "UZ"), [f"3010185{it:07}" for it in range(values)])
    line("µs a national id of a known country", "", f"{took:.1f}", "")
    took = microseconds(lambda it: agreement("каримов", it), letters)
    line("µs two tokens of two scripts", "", f"{took:.1f}", "")


def microseconds(work: Callable[[str], object], values: list[str]) -> float:
    """Processor time a value."""
    started = time.process_time()
    for value in values:
        work(value)
    return (time.process_time() - started) / len(values) * 1e6
