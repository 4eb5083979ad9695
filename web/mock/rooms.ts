/** Invented sources, quarantine, segments and audit. */
import type { components } from "../src/api/generated/schema";
import { chance } from "./chance.ts";
import { PEOPLE } from "./people.ts";

type Schemas = components["schemas"];

function counts(accepted: number, quarantined: number, refused: number): Schemas["Accounting"] {
  const duplicate = Math.floor(accepted / 120);
  const unchanged = Math.floor(accepted / 9);
  return { offered: accepted + duplicate + unchanged + quarantined + refused, accepted, duplicate, unchanged, quarantined, refused };
}

function source(name: string, about: string, accepted: number, quarantined: number, refused = 0): Schemas["SourceView"] {
  const whole = counts(accepted, quarantined, refused);
  return {
    name,
    owner: `${name} team`,
    about,
    version: "1.2.0",
    status: name === "fraud" ? "draft" : "active",
    purposes: ["servicing", "compliance"],
    freshness: "within 24 h",
    counts: whole,
    last_event_at: name === "fraud" ? null : "2025-06-30T18:00:00Z",
    last_arrival_at: name === "fraud" ? null : "2025-07-01T02:00:00Z",
    overdue: name === "crm",
    objects: [
      { name: "customers", entity: "party", delivers: "record", counts: whole },
      { name: "events", entity: "interaction", delivers: "event", counts: counts(0, 0, 0) },
    ],
    streams: [],
    clock: name === "mobile" ? { ahead_ms: 7_384_000, basis: "sent", deliveries: 101, since: "2025-06-30T18:00:00Z", beyond: true } : null,
  };
}

export const SOURCES: Schemas["SourceList"] = {
  items: [
    source("core", "Core banking: customers, accounts, cards, loans and their movements", 1_284_330, 17),
    source("crm", "Contacts, notes of conversations, cases", 48_211, 402, 12),
    source("fraud", "Alerts and blocks", 0, 0),
    source("marketing", "Sends, opens, clicks, consents", 210_442, 0, 3),
    source("mobile", "App and website", 590_120, 88),
    source("telecom", "Subscriptions, usage, invoices", 96_400, 5),
  ],
};

const REASONS = [
  ["bad_date", "birth_date", "The date is not one of the contract’s format."],
  ["missing", "customer_id", "A required field is empty."],
  ["unknown_word", "status", "The word is not in the contract’s list."],
  ["key_repeated", "customer_id", "The key stands twice in one snapshot."],
] as const;

export const QUARANTINE: readonly Schemas["QuarantinedRow"][] = Array.from({ length: 512 }, (_, index) => {
  const [reason, field, message] = REASONS[index % 11 === 0 ? 3 : index % 3] ?? REASONS[0];
  return {
    id: chance(9000 + index).id(),
    at: new Date(Date.parse("2025-06-30T02:00:00Z") - index * 61_000).toISOString(),
    source: ["crm", "core", "mobile", "telecom"][index % 4] ?? "crm",
    object: "customers",
    reason,
    field,
    message,
    refused: index % 40 === 7,
    version: "1.2.0",
    mendable: index % 40 !== 7,
    outcome: index % 23 === 5 ? "resubmitted" : "",
    place: `customers-2025-06-30.csv, line ${1000 + index * 7}`,
  };
});

export const SEGMENT: Schemas["SegmentView"] = {
  id: "balance-dip-fewer-logins",
  name: "Balance dip with fewer logins",
  about: "Customers whose money is leaving and who look at it less: the first sign of somebody going.",
  owner: "Retention",
  version: "1.0.0",
  definition: [
    "The balance over the last 30 days is at least 40 % below that of the 30 days before.",
    "Logins over the last 30 days are at most half of those of the 30 days before.",
    "The customer holds at least one open deposit account.",
  ],
  of_customers: 9_874,
  bulk: 312,
  asked: 600,
  agreed: 600,
  as_of: "2025-06-30",
  evaluated_at: "2025-06-30T17:42:00Z",
  least: 0,
  obligations: ["redact"],
};

export const AUDIT: readonly Schemas["AuditEntry"][] = Array.from({ length: 640 }, (_, index) => {
  const refused = index % 9 === 4;
  return {
    id: chance(500 + index).id(),
    at: new Date(Date.parse("2025-06-30T18:00:00Z") - index * 431_000).toISOString(),
    kind: index % 17 === 3 ? "change" : "access",
    actor: ["rm", "agent", "marketer", "steward"][index % 4] ?? "rm",
    role: ["relationship_manager", "agent", "marketer", "steward"][index % 4] ?? "",
    action: ["show_customer", "search_customers", "activate_segment", "list_transactions"][index % 4] ?? "",
    purpose: index % 4 === 2 ? "marketing" : "servicing",
    channel: "console",
    outcome: refused ? "refused" : "granted",
    customers: index % 4 === 1 ? [] : PEOPLE.slice(index % 20, (index % 20) + 1).map(({ customer }) => customer),
    reasons: refused ? ["no rule lets a marketer see transactions"] : [],
    counts: {},
    details: {},
    policy_version: "1",
    controller: "",
    data_classes: [],
    obligations: ["redact"],
  };
});
