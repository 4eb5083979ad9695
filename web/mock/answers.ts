/** Which question gets which invented answer. Roles differ enough to see what the console leaves out. */
import type { components } from "../src/api/generated/schema";
import { balances, moments, transactions } from "./history.ts";
import { PEOPLE } from "./people.ts";
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
const ROLES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  rm: ["relationship_manager", [...CUSTOMER, "record_consent"]],
  agent: ["agent", CUSTOMER],
  steward: ["steward", [...CUSTOMER, "decide_judgement", "list_sources", "list_quarantine"]],
  marketer: ["marketer", ["list_segments", "evaluate_segment", "activate_segment"]],
  privacy: ["privacy_officer", ["list_audit", "search_customers", "show_customer", "record_consent", "list_sources"]],
  engineer: ["engineer", ["list_sources", "list_quarantine"]],
};

function session(login: string): Schemas["Session"] {
  const [role, actions] = ROLES[login] ?? ["agent", []];
  const purposes = login === "marketer" ? ["marketing", "analytics"] : ["servicing", "marketing", "fraud", "compliance"];
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

function segments({ path, method, body }: Question): Answer {
  const [, , id] = path;
  if (id === undefined) return { status: 200, body: { items: [{ ...SEGMENT, bulk: null, live: null, asked: null, as_of: null, of_customers: null, evaluated_at: null }] } };
  if (method === "GET") return { status: 200, body: SEGMENT };
  const leftOut = [
    { reason: "no consent for the purpose and channel", customers: 171 },
    { reason: "consent withdrawn", customers: 38 },
    { reason: "suppressed: wish", customers: 9 },
    { reason: "no address for the channel", customers: 4 },
  ];
  return {
    status: 200,
    body: { id: SEGMENT.id, at: "2025-06-30T18:00:00Z", segment: id, version: "1.0.0", ...body, members: 312, released: 90, left_out: leftOut, file: "balance-dip-2025-06-30.csv", decision: PEOPLE[0]?.decision },
  };
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
      return { status: 200, body: SOURCES };
    case "quarantine": {
      const rows = QUARANTINE.filter((row) => [row.source, null].includes(query.get("source")) && [row.reason, null].includes(query.get("reason")));
      const counts = [...new Set(QUARANTINE.map((row) => `${row.source} ${row.reason}`))].map((key) => {
        const [source = "", reason = ""] = key.split(" ");
        return { source, object: "customers", reason, rows: QUARANTINE.filter((row) => `${row.source} ${row.reason}` === key).length, resubmitted: 0, discarded: 0 };
      });
      return { status: 200, body: { ...page(rows, query, 50), counts } };
    }
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
