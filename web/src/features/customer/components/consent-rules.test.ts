import { expect, test } from "vitest";

import { lookOf, lookOfAll, spoken, standing } from "./consent-rules";

const fact = (channel: string, state: string, since: string) => ({
  purpose: "marketing",
  channel,
  state,
  since,
  source: "marketing",
  evidence: "",
  until: null,
  granted: state === "granted" ? 2 : 0,
  records: 2,
});

test("what stands for a channel is its newest line, and no other channel's", () => {
  const consents = [fact("email", "granted", "2024-01-01"), fact("email", "withdrawn", "2024-02-01"), fact("any", "granted", "2025-01-01")];
  expect(standing(consents, "marketing", "email")?.state).toBe("withdrawn");
  expect(standing(consents, "marketing", "sms")).toBeUndefined();
});

test("only a grant looks like a yes", () => {
  expect(lookOf("granted").tone).toBe("good");
  for (const state of [undefined, "unknown", "withdrawn", "objected", "expired", "anything"]) {
    expect(lookOf(state).tone).not.toBe("good");
  }
});

test("a yes of some records is named and is no yes", () => {
  expect(lookOfAll({ ...fact("email", "unknown", "2024-01-01"), granted: 1 })).toMatchObject({ tone: "warn", word: "Granted for 1 of 2" });
  expect(lookOfAll(fact("email", "unknown", "")).word).toBe("No answer");
  expect(lookOfAll({ ...fact("email", "withdrawn", "2024-01-01"), granted: 1 }).word).toBe("Withdrawn");
  expect(lookOfAll(fact("email", "granted", "2024-01-01")).tone).toBe("good");
  expect(lookOfAll(undefined).word).toBe("No answer");
});

test("a purpose of which nobody spoke is no decision", () => {
  expect(spoken([fact("any", "unknown", ""), fact("email", "granted", "2024-01-01")])).toHaveLength(1);
});
