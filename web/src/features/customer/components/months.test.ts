import { expect, test } from "vitest";

import { iconOf } from "./moment-kinds";
import { withHeadings } from "./months";

const WHOLE = { opens: false, found_title: [], found_text: [], because: "" };
const at = (day: string) => ({ id: day, at: `${day}T12:00:00Z`, kind: "case", title: "", source: "crm", text: "", ...WHOLE });

test("each month has one heading before its first moment", () => {
  const rows = withHeadings([at("2025-06-30"), at("2025-06-01"), at("2025-05-31")]);
  expect(rows.map((row) => ("heading" in row ? row.heading : row.moment.id))).toEqual([
    "June 2025",
    "2025-06-30",
    "2025-06-01",
    "May 2025",
    "2025-05-31",
  ]);
});

test("an interaction is drawn by what its title says, the rest by their kind", () => {
  expect(iconOf("interaction", "Phone call: card")).toBe("phone");
  expect(iconOf("risk", "Risk alert")).toBe("alert");
  expect(iconOf("something", "else")).toBe("clock");
});
