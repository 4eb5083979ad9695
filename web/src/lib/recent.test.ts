import { expect, test } from "vitest";

import { recents, withRecent } from "./recent";

const of = (customer: string) => ({ customer, name: customer, kind: "person" });

test("a customer opened again moves to the top and is there once", () => {
  expect(withRecent([of("a"), of("b")], of("b"))).toEqual([of("b"), of("a")]);
});

test("the list stays short", () => {
  const many = Array.from({ length: 20 }, (_, index) => of(String(index)));
  expect(withRecent(many, of("new"))).toHaveLength(8);
});

test("a browser that stores nothing has no recent customers", () => {
  expect(recents()).toEqual([]);
});
