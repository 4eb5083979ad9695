import { expect, test } from "vitest";

import type { HeldGroup } from "@/api/types";

import { addUp, quarantineSearch } from "../api/search";
import { asChoice, asSearch, fits, isChosen, kindKey } from "./kinds";
import { byVersion } from "./violations";

const KIND: HeldGroup = {
  source: "crm",
  object: "contact",
  version: "1.2.0",
  reason: "bad_date",
  field: "birth_date",
  message: "A date does not exist.",
  advice: "Put the right value in.",
  mendable: true,
  rows: 5,
  open: 3,
  resubmitted: 1,
  discarded: 1,
  first_at: "2026-01-01T00:00:00.000Z",
  last_at: "2026-01-02T00:00:00.000Z",
};

test("a kind is found by any words it is called by, in any order and case", () => {
  for (const text of [undefined, "", "crm", "DATE contact", "birth", "bad date", "bad_date"]) expect(fits(KIND, text)).toBe(true);
  for (const text of ["core", "date phone"]) expect(fits(KIND, text)).toBe(false);
});

test("the kind of the URL is the one that is chosen, also one of whole rows", () => {
  const whole = { ...KIND, field: "" };
  expect(isChosen(KIND, quarantineSearch({ ...asSearch(KIND) }))).toBe(true);
  expect(isChosen(whole, quarantineSearch({ ...asSearch(whole) }))).toBe(true);
  expect(isChosen(whole, quarantineSearch({ ...asSearch(KIND) }))).toBe(false);
  expect(isChosen(KIND, quarantineSearch({ source: "crm", reason: "bad_date" }))).toBe(false);
  expect(asChoice(whole).field).toBe("");
  expect(kindKey(KIND)).not.toBe(kindKey(whole));
});

test("a standing that is none of ours is left out of the URL", () => {
  expect(quarantineSearch({ standing: "everything" }).standing).toBeUndefined();
  expect(quarantineSearch({ standing: "settled" }).standing).toBe("settled");
});

test("what is still held after several calls adds up by reason and property", () => {
  const still = { reason: "bad_date", field: "birth_date", message: "", rows: 2 };
  const other = { ...still, field: "since", rows: 9 };
  expect(addUp([still, other, still])).toEqual([other, { ...still, rows: 4 }]);
  expect(addUp([])).toEqual([]);
});

test("violations stand by source, the newest version first and the most frequent on top", () => {
  const of = (source: string, version: string, rows: number) => ({ ...KIND, source, version, rows, field: `f${rows}` });
  const found = byVersion([of("web", "1.9.0", 1), of("app", "1.0.0", 4), of("web", "1.10.0", 2), of("web", "1.9.0", 7)]);
  expect(found.map(({ source, version, rows }) => [source, version, rows])).toEqual([
    ["app", "1.0.0", 4],
    ["web", "1.10.0", 2],
    ["web", "1.9.0", 8],
  ]);
  expect(found[2]?.kinds.map(({ rows }) => rows)).toEqual([7, 1]);
});
