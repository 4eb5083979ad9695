import { afterEach, expect, test } from "vitest";

import { forgetAll, recents, remember, withRecent } from "./recent";

const of = (customer: string) => ({ customer, name: customer, kind: "person" });

afterEach(forgetAll);

test("a customer opened again moves to the top and is there once", () => {
  expect(withRecent([of("a"), of("b")], of("b"))).toEqual([of("b"), of("a")]);
});

test("the list stays short", () => {
  const many = Array.from({ length: 20 }, (_, index) => of(String(index)));
  expect(withRecent(many, of("new"))).toHaveLength(8);
});

test("who was looked at is known until the page or the session ends", () => {
  expect(recents()).toEqual([]);
  remember(of("a"));
  remember(of("b"));
  expect(recents()).toEqual([of("b"), of("a")]);
  forgetAll();
  expect(recents()).toEqual([]);
});
