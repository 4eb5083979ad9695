import { expect, test } from "vitest";

import { span } from "./clock-span";

test("a span of time is said in the largest unit that says it", () => {
  expect(span(7_384_000)).toBe("2 h");
  expect(span(90_000)).toBe("90 s");
  expect(span(240_000)).toBe("4 min");
  expect(span(3 * 86_400_000)).toBe("3 days");
  expect(span(400)).toBe("0 s");
});
