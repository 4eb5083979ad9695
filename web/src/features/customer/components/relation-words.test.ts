import { expect, test } from "vitest";

import type { RelationView } from "@/api/types";

import { aboutOf, groupsOf, headingOf } from "./relation-words";

const ONE: RelationView = {
  kind: "spouse",
  customer: "a".repeat(32),
  name: "Boris Karimov",
  party: "person",
  title: "",
  share: "",
  since: "2019-04-14",
  until: "",
  ended: false,
  household: "",
  account: "",
  product: "",
  is_themselves: false,
  sources: ["core"],
};

test("the two sides of a relation have headings of their own", () => {
  expect([headingOf("director"), headingOf("director_of")]).toEqual(["Director", "They direct"]);
  expect(headingOf("parent_firm")).toBe("Parent firm");
});

test("what is over is told last and says what it was", () => {
  const over: RelationView = { ...ONE, kind: "director_of", title: "director", ended: true };
  const groups = groupsOf([ONE, { ...ONE, customer: "b".repeat(32) }, over]);
  expect(groups.map(({ heading, lines }) => [heading, lines.length])).toEqual([
    ["Spouse", 2],
    ["Over", 1],
  ]);
  expect(aboutOf(over)).toBe("they direct · as director");
});

test("what a parent is called stands as the parent's own word on the line of the child", () => {
  expect(aboutOf({ ...ONE, kind: "parent", title: "mother" })).toBe("mother");
  expect(aboutOf({ ...ONE, kind: "child", title: "mother" })).toBe("as mother");
});

test("a line says how much is theirs, which product and which home", () => {
  expect(aboutOf({ ...ONE, share: "50,00", household: "Karimov" })).toBe("50,00 % · household Karimov");
  expect(aboutOf({ ...ONE, kind: "joint_holder", product: "Savings account" })).toBe("Savings account");
  expect(aboutOf(ONE)).toBe("");
});
