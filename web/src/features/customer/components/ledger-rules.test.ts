import { expect, test } from "vitest";

import type { ConsentEvent, ConsentStands, SuppressionView } from "@/api/types";

import {
  OUR_DESK,
  effectWords,
  evidenceOf,
  instantOfLocal,
  liftable,
  linesOf,
  localOf,
  narrowed,
  purposeWords,
  reasonsFor,
  stoppedOf,
  stopping,
  whyOf,
} from "./ledger-rules";

const FACT: ConsentEvent = {
  id: "a",
  at: "2026-09-03T04:04:49.566Z",
  recorded_at: "2026-09-03T04:05:00.000Z",
  fact: "granted",
  purpose: "marketing",
  channel: "email",
  data_class: "any",
  controller: "",
  includes_parts: false,
  begins: null,
  until: null,
  basis: "consent",
  jurisdiction: "",
  notice: "",
  notice_version: "",
  language: "",
  mechanism: "",
  evidence: "",
  source: "crm",
  fragment: "f",
  effect: "stands",
  replaced_by: "",
};

const USE: ConsentStands = {
  purpose: "marketing",
  channel: "email",
  data_class: "any",
  controller: "",
  basis: "consent",
  state: "granted",
  may: true,
  since: "2026-01-01T00:00:00.000Z",
  until: null,
  source: "crm",
  fact: "a",
  granted: 2,
  records: 2,
};

const stop = (channel: string, reason: string, since: string, source = OUR_DESK): SuppressionView => ({ channel, reason, since, source });

test("why a use is allowed or not is said by what decided it", () => {
  expect(whyOf(USE)).toBe("Granted, said to crm");
  expect(whyOf({ ...USE, source: OUR_DESK, state: "withdrawn", may: false })).toBe("Withdrawn, said at our desk");
  expect(whyOf({ ...USE, state: "expired", may: false, until: "2026-03-01" })).toBe("The grant was over on 1 Mar 2026");
  expect(whyOf({ ...USE, state: "expired", may: false, until: USE.since })).toBe("The grant was taken back by its source");
  expect(whyOf({ ...USE, state: "unknown", may: false, granted: 1 })).toBe("Granted for 1 of 2 records; it has to be all of them");
  expect(whyOf({ ...USE, state: "unknown", may: false, granted: 0 })).toBe("No grant is in force; silence means no");
  expect(whyOf({ ...USE, state: "unknown", basis: "legitimate interest" })).toContain("nobody objected");
  expect(whyOf({ ...USE, state: "unknown", basis: "contract" })).toContain("nobody is asked");
});

test("only what decides is said to stand, and a row that was taken back says nothing of itself", () => {
  expect(effectWords(FACT)?.word).toBe("Stands");
  for (const effect of ["replaced", "over", "ahead", "later", "none"]) {
    expect(effectWords({ effect, fact: "granted" })?.word).not.toBe("Stands");
  }
  expect(effectWords({ effect: "none", fact: "deleted" })).toBeNull();
});

test("evidence leaves out what nobody told and names what is no consent", () => {
  expect(evidenceOf(FACT)).toEqual([]);
  const told = { ...FACT, notice: "N-7", notice_version: "3", language: "uz", mechanism: "signed", basis: "contract", evidence: "form 7" };
  expect(evidenceOf(told).map(({ name, value }) => `${name}: ${value}`)).toEqual([
    "Notice: N-7, version 3",
    "Language: Uzbek",
    "How: Signed",
    "Rests on: Contract",
    "Evidence: form 7",
  ]);
});

test("a scope is said only where it is not everything", () => {
  expect(narrowed(FACT)).toBe("");
  expect(narrowed({ data_class: "balance", controller: "tpp-7" })).toBe("balance data, used by tpp-7");
  expect(purposeWords({ purpose: "any", includes_parts: false })).toBe("Any purpose");
  expect(purposeWords({ purpose: "marketing", includes_parts: true })).toBe("Marketing with its parts");
});

test("what was said of several records is one line, since the oldest, and other sources are other lines", () => {
  const found = stoppedOf([stop("any", "wish", "2026-02-01"), stop("any", "wish", "2026-01-01"), stop("any", "wish", "2026-03-01", "crm")]);
  expect(found.map(({ source, since, records }) => [source, since, records])).toEqual([
    ["crm", "2026-03-01", 1],
    [OUR_DESK, "2026-01-01", 2],
  ]);
});

test("a suppression stops its own channel, and one of any channel every one", () => {
  const sms = stoppedOf([stop("sms", "wish", "2026-01-01")]);
  expect(stopping(USE, sms)).toBeUndefined();
  expect(stopping({ ...USE, channel: "sms" }, sms)?.reason).toBe("wish");
  expect(stopping(USE, stoppedOf([stop("any", "complaint", "2026-01-01")]))?.reason).toBe("complaint");
});

test("only what a desk set is lifted, and a suspicion is set for compliance alone", () => {
  const [desk] = stoppedOf([stop("sms", "wish", "2026-01-01")]);
  const [source] = stoppedOf([stop("sms", "wish", "2026-01-01", "crm")]);
  expect(desk && liftable(desk)).toEqual({ channel: "sms", reason: "wish" });
  expect(source && liftable(source)).toBeNull();
  expect(reasonsFor("servicing")).not.toContain("fraud");
  expect(reasonsFor("compliance")).toContain("litigation");
});

test("an instant goes into the input on the reader's clock and comes back to the second", () => {
  const at = instantOfLocal(localOf(FACT.at));
  expect(at).toBe("2026-09-03T04:04:49.000Z");
  expect(localOf(undefined)).toBe("");
  expect(instantOfLocal("")).toBeUndefined();
});

test("what was said at once of several records is one line that keeps each id; another instant is another", () => {
  const later = { ...FACT, id: "c", at: "2026-09-04T00:00:00.000Z" };
  const lines = linesOf([later, FACT, { ...FACT, id: "b", fragment: "g" }]);
  expect(lines.map(({ ids }) => ids)).toEqual([["c"], ["a", "b"]]);
});
