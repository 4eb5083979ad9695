/** Words for the fields and codes of the canonical model, and the order in which a person is read. */
import { age, country, day, language } from "./format";

const SPELLED: Readonly<Record<string, string>> = {
  email: "E-mail",
  national_id: "National ID",
  tax_id: "Tax ID",
  since_on: "Customer since",
  tier: "Segment",
  manager: "Relationship manager",
  id: "ID",
  sms: "SMS",
  any: "Any channel",
  call: "Phone call",
  web: "Website",
  app: "Mobile app",
  key: "Source key",
  account_key: "Account key",
  account: "Account number",
};

/** A code of the model ("birth_date") as words ("Birth date"). */
export function words(code: string): string {
  const known = SPELLED[code];
  if (known !== undefined) return known;
  const spaced = code.replaceAll(/[_.:-]+/g, " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const DONE: Readonly<Record<string, string>> = {
  publish_contract: "Published a contract",
  adopt_correction: "Put a correction in force",
  sign_in: "Signed in",
  search_customers: "Searched for a customer",
  show_customer: "Looked at a customer",
  fetch_references: "Asked the sources about a customer",
  list_transactions: "Read transactions",
  balance_history: "Read balances",
  show_timeline: "Read a timeline",
  show_relations: "Read the relations of a customer",
  open_conversation: "Read a conversation",
  search_conversations: "Searched conversations",
  show_consents: "Read the ledger of consents",
  record_consent: "Recorded a consent",
  suppress_customer: "Put on do-not-contact",
  lift_suppression: "Lifted a do-not-contact",
  enrol_biometric: "Enrolled a face, voice, finger or iris",
  verify_biometric: "Asked whether somebody is the customer, by their body",
  revoke_biometric: "Revoked a face, voice, finger or iris",
  break_glass: "Broke the glass",
  decide_judgement: "Judged two records",
  list_reviews: "Read the queue of matches",
  list_hubs: "Read what too many records share",
  decide_review: "Worked on a match of the queue",
  unmerge_customer: "Took records out of a customer",
  explain_customer: "Asked why records are one customer",
  list_sources: "Read the sources",
  show_source: "Read a source",
  list_quarantine: "Read the quarantine",
  show_held_row: "Looked at a held row",
  resubmit_quarantine: "Handed rows in again",
  discard_quarantine: "Gave rows up",
  erase_customer: "Erase a customer",
  place_hold: "Placed a legal hold",
  lift_hold: "Lifted a legal hold",
  list_holds: "Read the legal holds",
  open_request: "Took in a request of a data subject",
  list_requests: "Read the requests of data subjects",
  answer_request: "Worked on a request of a data subject",
  cancel_request: "Cancelled a request of a data subject",
  fetch_package: "Fetched the package of a data subject",
  list_audit: "Read the audit",
  prove_audit: "Proved what the audit holds",
  list_segments: "Read the segments",
  evaluate_segment: "Counted a segment",
  count_audience: "Counted whom a segment could reach",
  activate_segment: "Sent a segment out",
};

/** What an action of the policies is called once somebody did it, or tried to. */
export function done(action: string): string {
  return DONE[action] ?? words(action);
}

/** A sentence of the server with its first letter raised; its other signs stay as they are. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly string[];
}

/** Shown in this order; a field of the profile that is in no group comes under "Other". */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  {
    title: "Identity",
    fields: [
      "full_name",
      "given_name",
      "middle_name",
      "family_name",
      "organisation_name",
      "birth_date",
      "gender",
      "national_id",
      "tax_id",
      "customer_number",
    ],
  },
  {
    title: "Contact",
    fields: ["phone", "email", "address", "city", "region", "postcode", "country", "language"],
  },
  { title: "Relationship", fields: ["status", "tier", "manager", "since_on", "guardian"] },
];

/** Said elsewhere on the page: the kind in the header, "verified" beside the value it speaks of. */
export const FIELDS_SHOWN_ELSEWHERE: ReadonlySet<string> = new Set([
  "kind",
  "email_verified",
  "phone_verified",
]);

/** The groups with only the fields a profile has, plus what is left. */
export function grouped(present: readonly string[]): readonly FieldGroup[] {
  const left = new Set(present.filter((name) => !FIELDS_SHOWN_ELSEWHERE.has(name)));
  const groups: FieldGroup[] = FIELD_GROUPS.map(({ title, fields }) => ({
    title,
    fields: fields.filter((name) => left.delete(name)),
  }));
  groups.push({ title: "Other", fields: [...left].sort() });
  return groups.filter((group) => group.fields.length > 0);
}

/** A canonical value for reading. */
export function shown(field: string, value: unknown, masked = false): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return JSON.stringify(value);
  if (masked) return value;
  switch (field) {
    case "birth_date": {
      // A masked one is a year alone.
      const years = value.length === 4 ? null : age(value);
      return years === null ? day(value) : `${day(value)} (${years})`;
    }
    case "since_on":
    case "opened_on":
    case "closed_on":
      return day(value);
    case "country":
      return country(value);
    case "language":
      return language(value);
    case "gender":
    case "status":
    case "tier":
    case "kind":
      return words(value);
    default:
      return value;
  }
}

/** Up to two letters for the round mark beside a name, in the name's own script. */
export function initials(name: string): string {
  const parts = name.split(/[\s,]+/u).filter((part) => /\p{L}/u.test(part));
  const picked = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return picked.map((part) => /\p{L}\p{M}*/u.exec(part ?? "")?.[0] ?? "").join("").toLocaleUpperCase();
}
