import { expect, test } from "vitest";

import { uuid } from "./uuid";

const V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id is a version 4 UUID in lower case, whatever the bytes", () => {
  expect(uuid(new Uint8Array(16))).toMatch(V4);
  expect(uuid(new Uint8Array(16).fill(255))).toMatch(V4);
  expect(uuid()).toMatch(V4);
  expect(uuid()).not.toBe(uuid());
});
