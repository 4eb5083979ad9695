import { describe, expect, test } from "vitest";

import { firstDay, isSparse, summary, within } from "./series";

const POINTS = [
  { day: "2025-01-10", balance: "100.00" },
  { day: "2025-03-01", balance: "-20.00" },
  { day: "2025-05-20", balance: "300.00" },
];

describe("a range", () => {
  test("ends on the last day and begins whole months before", () => {
    expect(firstDay("3m", "2025-05-20")).toBe("2025-02-20");
    expect(firstDay("1y", "2024-02-29")).toBe("2023-02-28");
    expect(firstDay("1m", "2025-03-31")).toBe("2025-02-28");
    expect(firstDay("all", "2025-05-20")).toBeNull();
  });
  test("begins with the balance carried into it", () => {
    expect(within(POINTS, "2025-02-20")[0]).toEqual({ day: "2025-02-20", balance: "100.00" });
    expect(within(POINTS, "2025-02-20")).toHaveLength(3);
  });
  test("that begins on a point has it once", () => {
    expect(within(POINTS, "2025-03-01").map(({ day }) => day)).toEqual(["2025-03-01", "2025-05-20"]);
  });
  test("before the first point begins with it", () => {
    expect(within(POINTS, "2024-01-01")).toEqual(POINTS);
  });
  test("after the last point still has the balance that stands", () => {
    expect(within(POINTS, "2025-06-01")).toEqual([POINTS[2]]);
  });
});

describe("the summary", () => {
  test("has the extremes with their days and the change", () => {
    expect(summary(POINTS)).toEqual({ low: POINTS[1], high: POINTS[2], change: 200 });
  });
  test("of nothing is nothing", () => {
    expect(summary([])).toBeNull();
  });
});

test("monthly statements are sparse, daily ones are not", () => {
  expect(isSparse(POINTS)).toBe(true);
  expect(isSparse([1, 2, 3, 4].map((day) => ({ day: `2025-01-0${day}`, balance: "1.00" })))).toBe(false);
  expect(isSparse([])).toBe(false);
});
