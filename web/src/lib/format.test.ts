import { describe, expect, test } from "vitest";

import { age, ago, amount, clock, count, countInSteps, day, money, share } from "./format";

describe("money", () => {
  test("is written from decimal text, beyond what a float holds", () => {
    expect(amount("9007199254740993.01", "USD")).toBe("9,007,199,254,740,993.01");
  });
  test("takes a true minus and no space before the number", () => {
    expect(amount("-438586.00", "UZS")).toBe("\u2212438,586.00");
  });
  test("takes the decimals of its currency", () => {
    expect(amount("1200", "JPY")).toBe("1,200");
    expect(amount("1.5", "KWD")).toBe("1.500");
  });
  test("names its currency", () => {
    expect(money("10.00", "CZK")).toBe("10.00\u00a0CZK");
  });
  test("that is absent is a dash, and text that is no number stays as it is", () => {
    expect(money(null, "CZK")).toBe("–");
    expect(amount("•••", "CZK")).toBe("•••");
  });
  test("in a currency that does not exist is still a number", () => {
    expect(amount("1234.5", "")).toBe("1,234.50");
  });
});

describe("days and instants", () => {
  test("a day is the same day in every zone", () => {
    expect(day("1990-04-05")).toBe("5 Apr 1990");
    expect(clock("1990-04-05")).toBe("");
  });
  test("a masked birth date is a year", () => {
    expect(day("1968")).toBe("1968");
  });
  test("what is no date is shown as it came", () => {
    expect(day("soon")).toBe("soon");
    expect(day(null)).toBe("–");
  });
  test("the past is told in its largest whole unit", () => {
    const now = Date.parse("2025-06-30T12:00:00Z");
    expect(ago("2025-06-30T11:59:40Z", now)).toBe("just now");
    expect(ago("2025-06-30T09:00:00Z", now)).toBe("3 hours ago");
    expect(ago("2025-06-27T12:00:00Z", now)).toBe("3 days ago");
    expect(ago(null, now)).toBe("never");
  });
});

describe("age", () => {
  const today = new Date("2025-06-30T00:00:00Z");
  test("grows on the birthday", () => {
    expect(age("2007-06-30", today)).toBe(18);
    expect(age("2007-07-01", today)).toBe(17);
  });
  test("of a date in the future or beyond a human life is unknown", () => {
    expect(age("2030-01-01", today)).toBeNull();
    expect(age("1800-01-01", today)).toBeNull();
  });
});

test("a share of nothing is a dash", () => {
  expect(share(0, 0)).toBe("–");
  expect(share(312, 9874)).toBe("3.2%");
  expect(count(1234567)).toBe("1,234,567");
});

describe("counts in steps", () => {
  test("nothing of a step is fewer than it, and without a step it is nothing", () => {
    expect(countInSteps(0, 10)).toBe("fewer than 10");
    expect(countInSteps(0, 0)).toBe("0");
    expect(countInSteps(30, 10)).toBe("30");
  });
});
