import { expect, test } from "vitest";

import { asCorrections } from "./corrections";

test("a line without a property puts nothing in, and a property is emptied only where that was said", () => {
  const lines = [
    { key: 0, property: " kind ", value: "P", empties: false },
    { key: 1, property: "", value: "x", empties: false },
    { key: 2, property: "born", value: "typed before", empties: true },
  ];
  expect(asCorrections(lines)).toEqual({ kind: "P", born: "" });
});
