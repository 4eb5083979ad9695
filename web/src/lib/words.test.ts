import { expect, test } from "vitest";

import { hasWord } from "./words";

test("two letters of a word are asked for, and signs alone are not", () => {
  expect(["ca", "a b card", "карта", "卡", "42"].map(hasWord)).toEqual([true, true, true, true, true]);
  expect(["", "a", "- !", "a b", "x".repeat(101)].map(hasWord)).toEqual([false, false, false, false, false]);
});
