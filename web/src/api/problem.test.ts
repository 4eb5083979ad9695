import { expect, test } from "vitest";

import { asProblem, mayPass, problemOf, unreachable } from "./problem";

test("problem details keep all they say", () => {
  const body = { title: "No.", detail: "d", hint: "h", code: "refused", reasons: ["one", 2], status: 403 };
  expect(problemOf(403, body)).toMatchObject({ title: "No.", detail: "d", hint: "h", reasons: ["one"], status: 403 });
});

test.each([undefined, "<html>", 7, null, {}])("an answer that is no problem still has words: %s", (body) => {
  expect(problemOf(502, body).title).toBe("The server could not answer");
  expect(problemOf(404, body).title).toBe("The request was not accepted");
});

test("trying again is offered only where it may help", () => {
  expect(mayPass(unreachable())).toBe(true);
  expect(mayPass(problemOf(503, {}))).toBe(true);
  expect(mayPass(problemOf(403, {}))).toBe(false);
  expect(mayPass(problemOf(500, {}))).toBe(false);
});

test("a page whose script did not come is no mistake of the console", () => {
  expect(asProblem(new TypeError("Failed to fetch dynamically imported module: /assets/x.js")).code).toBe("not_loaded");
});

test("a mistake of the console is told as one", () => {
  expect(asProblem(new TypeError("x is undefined"))).toMatchObject({ code: "console", detail: "x is undefined" });
});
