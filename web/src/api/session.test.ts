import { expect, test, vi } from "vitest";

import { may, purposeOr, purposesFor } from "./session";

vi.mock("./client", () => ({ api: {}, body: () => undefined, rememberCsrf: () => undefined }));

const SESSION = {
  login: "rm",
  roles: ["relationship_manager"],
  cell: "demo/uz",
  purposes: ["marketing", "servicing"],
  may: { show_customer: ["marketing", "servicing"], list_segments: ["marketing"] },
  csrf: "",
  until: "",
};

test("an action is open for the purposes the server names, and for no other", () => {
  expect(may(SESSION, "show_customer")).toBe(true);
  expect(may(SESSION, "list_segments", "analytics")).toBe(false);
  expect(may(SESSION, "list_audit")).toBe(false);
});

test("a page starts with the everyday purpose", () => {
  expect(purposesFor(SESSION, "show_customer")).toEqual(["servicing", "marketing"]);
  expect(purposeOr(SESSION, "show_customer", undefined)).toBe("servicing");
});

test("a purpose in the URL counts only where it is open", () => {
  expect(purposeOr(SESSION, "show_customer", "marketing")).toBe("marketing");
  expect(purposeOr(SESSION, "show_customer", "compliance")).toBe("servicing");
});
