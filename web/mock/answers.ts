/** Which question gets which invented answer. Roles differ enough to see what the console leaves out. */
import type { components } from "../src/api/generated/schema";
import { balances, moments, transactions } from "./history.ts";
import { PEOPLE } from "./people.ts";
import { groupsOf, heldRow, sourceDetail } from "./held.ts";
import { AUDIT, QUARANTINE, SEGMENT, SOURCES } from "./rooms.ts";

type Schemas = components["schemas"];

export interface Question {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly login: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly login?: string;
}

const CUSTOMER = ["search_customers", "show_customer", "list_transactions", "balance_history", "show_timeline"];
const HELD = ["list_sources", "show_source", "list_quarantine"];
const ROLES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  rm: ["relationship_manager", [...CUSTOMER, "record_consent"]],
  agent: ["agent", CUSTOMER],
  steward: ["steward", [...CUSTOMER, "decide_judgement", ...HELD, "show_held_row", "resubmit_quarantine", "discard_quarantine"]],
  marketer: ["marketer", ["list_segments", "evaluate_segment", "count_audience", "activate_segment"]],
  privacy: ["privacy_officer", ["list_audit", "search_customers", "show_customer", "record_consent", ...HELD]],
  engineer: ["engineer", [...HELD, "show_held_row", "resubmit_quarantine"]],
};

function session(login: string): Schemas["Session"] {
  const [role, actions] = ROLES[login] ?? ["agent", []];
  const purposes = login === "marketer" ? ["marketing", "analytics"] : ["servicing", "marketing", "fraud", "compliance", "stewardship"];
  const may = Object.fromEntries(actions.map((action) => [action, purposes]));
  return { login, roles: [role], cell: "demo-bank/UZ", purposes, may, csrf: "mock", until: "2030-01-01T00:00:00Z" };
}

function problem(status: number, title: string, detail = "", hint = "", reasons: readonly string[] = []): Answer {
  return { status, body: { type: "urn:onefold:problem:mock", title, status, code: "mock", detail, hint, reasons } };
}

function page<T>(items: readonly T[], query: URLSearchParams, size: number): { items: readonly T[]; next: string | null } {
  const from = Number(query.get("cursor") ?? "0");
  return { items: items.slice(from, from + size), next: from + size < items.length ? String(from + size) : null };
}

function customers({ path, query, method, body, login }: Question): Answer {
  const [, , id, part, account] = path;
  if (id === undefined) {
    const q = (query.get("q") ?? "").toLowerCase();
    const items = PEOPLE.filter((view) => JSON.stringify(view.profile).toLowerCase().includes(q)).map((view) => ({
      customer: view.customer,
      name: view.name,
      kind: view.kind,
      matched: q,
      matched_by: /^\+?\d+$/.test(q) ? "phone" : "name",
      birth_date: String(view.profile["birth_date"]?.value ?? ""),
      city: String(view.profile["city"]?.value ?? ""),
      sources: view.fragments.map(({ source }) => source),
      barred: false,
    }));
    return { status: 200, body: { items: items.slice(0, 20), more: items.length > 20, withheld: [] } };
  }
  const view = PEOPLE.find(({ customer }) => customer === id);
  if (view === undefined) return problem(404, "There is no customer of that id.", "", "The link may be old.");
  switch (part) {
    case undefined:
      return { status: 200, body: { ...view, purpose: query.get("purpose") ?? "servicing", role: ROLES[login ?? ""]?.[0] } };
    case "transactions": {
      const wanted = query.get("account");
      const text = (query.get("q") ?? "").toLowerCase();
      const rows = view.accounts
        .filter((one) => wanted === null || one.id === wanted)
        .flatMap(transactions)
        .filter((one) => one.text.toLowerCase().includes(text))
        .filter((one) => query.get("direction") !== "credit" || !one.amount.startsWith("-"))
        .sort((left, right) => right.at.localeCompare(left.at));
      return { status: 200, body: { ...page(rows, query, 200), withheld: [] } };
    }
    case "accounts": {
      const found = view.accounts.find((one) => one.id === account);
      return found === undefined ? problem(404, "There is no such account.") : { status: 200, body: balances(found) };
    }
    case "timeline": {
      const kind = query.get("kind");
      return { status: 200, body: { ...page(moments(view).filter((one) => kind === null || one.kind === kind), query, 50), withheld: [] } };
    }
    default:
      return method === "POST"
        ? { status: 200, body: { event: view.decision, customer: id, ...body, reaches: 3 } }
        : problem(404, "No such path.");
  }
}

function segments({ path, method, query, body }: Question): Answer {
  const [, , id, part] = path;
  if (id === undefined) return { status: 200, body: { items: [{ ...SEGMENT, bulk: null, asked: null, agreed: null, as_of: null, of_customers: null, evaluated_at: null }] } };
  if (method === "GET" && part === undefined) return { status: 200, body: SEGMENT };
  const leftOut = [
    { reason: "no consent for the purpose and channel", customers: 171 },
    { reason: "consent withdrawn", customers: 38 },
    { reason: "suppressed: wish", customers: 9 },
    { reason: "no address for the channel", customers: 4 },
  ];
  const about = { segment: id, version: "1.0.0", members: 312, left_out: leftOut, decision: PEOPLE[0]?.decision };
  if (part === "audience") {
    const asked = { purpose: query.get("purpose"), channel: query.get("channel") };
    return { status: 200, body: { ...about, ...asked, at: "2025-06-30T17:59:00Z", as_of: "2025-06-30", reachable: 90 } };
  }
  return {
    status: 200,
    body: { id: SEGMENT.id, at: "2025-06-30T18:00:00Z", ...about, ...body, released: 90, file: "balance-dip-2025-06-30.csv" },
  };
}

function quarantine({ path, method, query }: Question): Answer {
  if (method === "POST") return { status: 200, body: path[2] === "discard" ? { rows: 1, next: null } : { taken: 1, still_held: [], next: null } };
  if (path[2] !== undefined) {
    const held = heldRow(path[2]);
    return held === undefined ? problem(404, "There is no such row in quarantine.") : { status: 200, body: held };
  }
  const standing = query.get("standing");
  const rows = QUARANTINE.filter(
    (row) =>
      ["source", "object", "version", "reason", "field"].every((name) => [String(Reflect.get(row, name)), null].includes(query.get(name))) &&
      (standing === null || (standing === "open") === (row.outcome === "")),
  );
  return { status: 200, body: { ...page(rows, query, Number(query.get("limit") ?? 50)), groups: groupsOf(rows) } };
}

function sourceOf(name: string): Answer {
  const found = sourceDetail(name);
  return found === undefined ? problem(404, "No contract is published for that source.") : { status: 200, body: found };
}

export function answer(question: Question): Answer {
  const { path, method, query, body, login } = question;
  const [, room] = path;
  if (room === "session" && method === "POST") {
    const wanted = String(body["login"]);
    if (!(wanted in ROLES) || body["password"] !== "onefold") {
      return problem(401, "Login or password is wrong.", "", "Check both; passwords are case-sensitive.");
    }
    return { status: 200, body: session(wanted), login: wanted };
  }
  if (login === undefined || login === "") return problem(401, "Nobody is signed in.", "", "Sign in.");
  switch (room) {
    case "session":
      return method === "DELETE" ? { status: 204, login: "" } : { status: 200, body: session(login) };
    case "customers":
      return customers(question);
    case "sources":
      return path[2] === undefined ? { status: 200, body: SOURCES } : sourceOf(path[2]);
    case "quarantine":
      return quarantine(question);
    case "segments":
      return segments(question);
    case "audit": {
      if (login !== "privacy") return problem(403, "You may not list the audit.", "", "Ask a privacy officer.", ["no rule lets this role list the audit"]);
      const rows = AUDIT.filter((row) => [row.actor, null].includes(query.get("actor")) && [...row.customers, null].includes(query.get("customer")));
      return { status: 200, body: page(rows, query, 100) };
    }
    default:
      return problem(404, "There is nothing at this path.");
  }
}
