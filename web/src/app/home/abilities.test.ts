import { expect, test, vi } from "vitest";

import type { Session } from "@/api/types";

import { abilitiesOf } from "./abilities";

vi.mock("@/api/client", () => ({ api: {}, body: () => undefined, rememberCsrf: () => undefined }));

function session(may: Record<string, string[]>): Session {
  const purposes = [...new Set(Object.values(may).flat())];
  return { login: "x", roles: ["r"], cell: "demo/uz", purposes, may, csrf: "", until: "" };
}

const ONE_CUSTOMER = { search_customers: ["servicing"], show_customer: ["marketing", "servicing"] };

test("nothing is offered on a page that cannot be opened", () => {
  const manager = session({ ...ONE_CUSTOMER, list_segments: ["marketing"], evaluate_segment: ["marketing"] });
  expect(abilitiesOf(manager).map(({ to }) => to)).toEqual(["/find", undefined]);
  const marketer = session({ show_customer: ["marketing"], list_segments: ["analytics"], activate_segment: ["marketing"] });
  expect(abilitiesOf(marketer).map(({ text }) => text)).toEqual([
    "Read who belongs to a segment, and why",
    "Send a segment to a channel; consent is checked person by person",
  ]);
});

test("the reasons are said where several make a difference, the everyday one first", () => {
  expect(abilitiesOf(session(ONE_CUSTOMER)).map(({ reasons }) => reasons)).toEqual(["servicing", "servicing or marketing"]);
});

test("no text is the name of an action", () => {
  const all = ["search_customers", "show_customer", "list_transactions", "show_timeline", "record_consent", "decide_judgement"];
  for (const { text } of abilitiesOf(session(Object.fromEntries(all.map((action) => [action, ["servicing"]]))))) {
    expect(text).not.toMatch(/_|evaluate|judgement/);
  }
});

test("who may do nothing is offered nothing", () => {
  expect(abilitiesOf(session({}))).toEqual([]);
});
