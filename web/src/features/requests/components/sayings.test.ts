import { expect, test } from "vitest";

import type { SubjectRequest } from "@/api/types";

import { openSearch, requestsSearch } from "../api/search";
import { dayText, deadlineOf, fits, isOverdue, isPacked, kindName, reasonName, receivedOf, statusLook, stepName } from "./sayings";

const REQUEST: SubjectRequest = {
  id: "a7551968-d5d6-44b2-9831-815ac9017798",
  kind: "access",
  status: "received",
  customer: "0123456789abcdef0123456789abcdef",
  asker: "self",
  proof: "none",
  law: "uz",
  received_at: "2026-01-20T00:00:00Z",
  due_on: "2026-02-04",
  days_left: 15,
  is_extended: false,
  purposes: [],
  because: "",
  outcome: "",
  steps: [],
};

test("a deadline is loud once it is missed or near, in words and not by colour alone", () => {
  const told = (days_left: number) => deadlineOf({ status: "received", days_left });
  expect(told(-1)).toEqual({ tone: "bad", icon: "alert", word: "1 day overdue" });
  expect(told(-30)?.word).toBe("30 days overdue");
  expect(told(0)).toMatchObject({ tone: "warn", word: "Due today" });
  expect(told(1)).toMatchObject({ tone: "warn", word: "1 day left" });
  expect(told(6)).toEqual({ tone: "calm", word: "6 days left" });
});

test("what has ended has no deadline, however late it was", () => {
  for (const status of ["completed", "refused", "cancelled"]) expect(deadlineOf({ status, days_left: -9 })).toBeNull();
  for (const status of ["in_progress", "held"]) expect(deadlineOf({ status, days_left: -9 })).not.toBeNull();
  expect([-1, 0].map((days_left) => isOverdue({ status: "received", days_left }))).toEqual([true, false]);
  expect(isOverdue({ status: "completed", days_left: -1 })).toBe(false);
});

test("a request is found by its kind, and by the beginning of its id or the customer's", () => {
  expect(fits(REQUEST, {})).toBe(true);
  expect(fits(REQUEST, { kind: "erasure" })).toBe(false);
  expect(fits(REQUEST, { kind: "access", q: " A7551968 " })).toBe(true);
  expect(fits(REQUEST, { q: "0123456789" })).toBe(true);
  expect(fits(REQUEST, { q: "d5d6" })).toBe(false);
  expect(fits({ ...REQUEST, customer: "" }, { q: "0" })).toBe(false);
});

test("every word of the server is told in plain ones, and an unknown one as it is", () => {
  expect(kindName("portability")).toBe("Portability");
  expect(reasonName("legal_hold")).toBe("Legal hold");
  expect(statusLook("in_progress").word).toBe("In progress");
  expect(stepName({ step: "extended", because: "many" })).toBe("More time taken: many");
  expect(stepName({ step: "begun", because: "" })).toBe("Work began");
  expect(kindName("something new")).toBe("something new");
});

test("only a package can be saved", () => {
  expect(isPacked({ status: "completed", outcome: `${REQUEST.id}.zip` })).toBe(true);
  expect(isPacked({ status: "completed", outcome: "erased before" })).toBe(false);
  expect(isPacked({ status: "in_progress", outcome: "" })).toBe(false);
});

test("today is left to the server's clock; an earlier day is said", () => {
  expect(receivedOf("2026-01-20", "2026-01-20")).toBe("");
  expect(receivedOf("2026-01-19", "2026-01-20")).toBe("2026-01-19");
  expect(dayText(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
});

test("addresses that were made by hand open nothing that is not there", () => {
  expect(requestsSearch({ state: "late", kind: "oblivion", q: "" })).toEqual({});
  expect(requestsSearch({ state: "overdue", kind: "erasure", q: "ab" })).toEqual({ state: "overdue", kind: "erasure", q: "ab" });
  expect(openSearch({ customer: REQUEST.customer, kind: "access" })).toEqual({ customer: REQUEST.customer, kind: "access" });
});
