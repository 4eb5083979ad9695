import { expect, test } from "vitest";

import { total, unexplained } from "./accounting";

const WHOLE = { offered: 10, accepted: 5, duplicate: 2, unchanged: 1, quarantined: 1, refused: 1 };

test("the identity holds when every row has a place", () => {
  expect(unexplained(WHOLE)).toBe(0);
});

test("a lost row shows", () => {
  expect(unexplained({ ...WHOLE, accepted: 4 })).toBe(1);
});

test("doors add up part by part", () => {
  expect(total([WHOLE, WHOLE])).toEqual({ offered: 20, accepted: 10, duplicate: 4, unchanged: 2, quarantined: 2, refused: 2 });
});
