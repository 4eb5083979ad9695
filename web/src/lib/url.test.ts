import { describe, expect, test } from "vitest";

import { dayOf, decimalOf, flagOf, instantOf, readSearch, safeReturn, textOf, writeSearch } from "./url";

describe("filters in the URL", () => {
  test("come back as they were written", () => {
    const search = { q: "Анна & co", from: "2025-01-31", least: "10.50" };
    expect(readSearch(writeSearch(search))).toEqual(search);
  });
  test("that are empty leave nothing behind", () => {
    expect(writeSearch({ q: "", from: undefined })).toBe("");
  });
  test("that are digits stay text", () => {
    expect(textOf(readSearch("?q=00998901234567"), "q")).toBe("00998901234567");
    expect(textOf({ q: 998 }, "q")).toBe("998");
  });
  test("written by hand and wrong are dropped", () => {
    expect(dayOf({ from: "2025-13-40" }, "from")).toBeUndefined();
    expect(dayOf({ from: "yesterday" }, "from")).toBeUndefined();
    expect(decimalOf({ least: "-5" }, "least")).toBeUndefined();
    expect(decimalOf({ least: "1e9" }, "least")).toBeUndefined();
    expect(textOf({ q: { deep: 1 } }, "q")).toBeUndefined();
  });
  test("take a comma for the decimal point", () => {
    expect(decimalOf({ least: "99,90" }, "least")).toBe("99.90");
  });
});

describe("the way back after signing in", () => {
  test("leads into the console", () => {
    expect(safeReturn("/customers/abc?purpose=marketing")).toBe("/customers/abc?purpose=marketing");
  });
  test.each(["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "javascript:alert(1)", undefined])(
    "never leads away: %s",
    (path) => {
      expect(safeReturn(path)).toBe("/");
    },
  );
  test("never leads back to signing in", () => {
    expect(safeReturn("/sign-in?back=%2F")).toBe("/");
  });
});

test("a flag is there or not", () => {
  expect(flagOf(readSearch("?over=true"), "over")).toBe(true);
  for (const text of ["", "?over", "?over=false", "?over=1"]) expect(flagOf(readSearch(text), "over")).toBeUndefined();
});

test("addresses reach no prototype", () => {
  const search = readSearch("?__proto__=x&constructor=y");
  expect(Object.getPrototypeOf(search)).toBe(Object.prototype);
  expect(Reflect.get({}, "x")).toBeUndefined();
});

test("an instant is the same for every reader of a link, and what is none is dropped", () => {
  const read = (at: string) => instantOf({ at }, "at");
  expect(read("2026-09-30")).toBe("2026-09-30T00:00:00.000Z");
  expect(read("2026-09-30T12:00")).toBe("2026-09-30T12:00:00.000Z");
  expect(read("2026-09-30T12:00:05+05:00")).toBe("2026-09-30T07:00:05.000Z");
  expect(read("2026-09-03T04:04:49.566Z")).toBe("2026-09-03T04:04:49.566Z");
  for (const text of ["yesterday", "2026-13-40", "2026", "2026-09-30T99:00", ""]) expect(read(text)).toBeUndefined();
});
