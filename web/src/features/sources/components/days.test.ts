import { expect, test } from "vitest";

import { filled, pieces, told } from "./days";

const counts = (offered: number, accepted: number, quarantined = 0) => ({
  offered,
  accepted,
  duplicate: 0,
  unchanged: 0,
  quarantined,
  refused: 0,
});

test("every day has a place, also over the turn of a year, and what is older is left out", () => {
  const days = filled([{ day: "2025-12-31", counts: counts(3, 3) }, { day: "2020-01-01", counts: counts(9, 9) }], "2026-01-01", 3);
  expect(days.map(({ day, counts: { offered } }) => [day, offered])).toEqual([
    ["2025-12-30", 0],
    ["2025-12-31", 3],
    ["2026-01-01", 0],
  ]);
});

test("one row held among a million is still seen, and parts stand on each other", () => {
  const [accepted, held] = pieces(counts(1_000_001, 1_000_000, 1), 1_000_001);
  expect(accepted?.part).toBe("accepted");
  expect(held?.part).toBe("quarantined");
  expect(held?.height).toBeGreaterThan(0.01);
  expect(pieces(counts(0, 0), 0)).toEqual([]);
});

test("the picture is told in words: days with rows, the busiest, and how many were held", () => {
  const found = told([
    { day: "2026-01-01", counts: counts(3, 2, 1) },
    { day: "2026-01-02", counts: counts(0, 0) },
    { day: "2026-01-03", counts: counts(7, 5, 2) },
  ]);
  expect([found.busy, found.held, found.top?.day]).toEqual([2, 3, "2026-01-03"]);
});
