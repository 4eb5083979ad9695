/** Invented kinds of held rows, one of them opened, and a source with its deliveries. */
import type { components } from "../src/api/generated/schema";
import { QUARANTINE, SOURCES } from "./rooms.ts";

type Schemas = components["schemas"];

export function groupsOf(rows: readonly Schemas["QuarantinedRow"][]): readonly Schemas["HeldGroup"][] {
  const groups = new Map<string, Schemas["HeldGroup"]>();
  for (const { source, object, version, reason, field, message, at, outcome } of rows) {
    const key = [source, object, version, reason, field].join(" ");
    const old = groups.get(key);
    groups.set(key, {
      source,
      object,
      version,
      reason,
      field,
      message,
      advice: "Put the right value in and hand it in again, or ask the source to send it right.",
      mendable: true,
      rows: (old?.rows ?? 0) + 1,
      open: (old?.open ?? 0) + Number(outcome === ""),
      resubmitted: (old?.resubmitted ?? 0) + Number(outcome === "resubmitted"),
      discarded: (old?.discarded ?? 0) + Number(outcome === "discarded"),
      first_at: at,
      last_at: old?.last_at ?? at,
    });
  }
  return [...groups.values()].sort((left, right) => right.open - left.open);
}

const RUN: Schemas["RunView"] = {
  way: "files",
  began_at: "2025-07-01T02:00:00Z",
  last_at: "2025-07-01T02:04:00Z",
  ended_at: "2025-07-01T02:04:00Z",
  state: "ended",
  by: "operator:night",
  files: 3,
  mark: "2263f421f752",
  counts: { offered: 1200, accepted: 1100, duplicate: 60, unchanged: 23, quarantined: 17, refused: 0 },
  reasons: { bad_date: 12, unknown_word: 5 },
};

const PROPERTIES = [
  ["customer_id", "pii", "C-100042"],
  ["full_name", "pii", "Anna Karimova"],
  ["birth_date", "pii", "2024-02-30"],
  ["status", "internal", "Q"],
] as const;

export function heldRow(id: string): Schemas["HeldRow"] | undefined {
  const row = QUARANTINE.find((one) => one.id === id);
  if (row === undefined) return undefined;
  const values = PROPERTIES.map(([path, field_class, value]) => ({
    path,
    type: "string",
    field_class,
    required: path === "customer_id",
    about: "",
    allowed: [],
    value,
    shown: "full",
    broken: path === row.field,
    cut: false,
    editable: true,
  }));
  return { row, advice: "Put the right value in and hand it in again.", run: RUN, values, line: "", withheld: "", decision: id };
}

export function sourceDetail(name: string): Schemas["SourceDetail"] | undefined {
  const source = SOURCES.items.find((one) => one.name === name);
  if (source === undefined) return undefined;
  const today = Date.now();
  const days = Array.from({ length: 40 }, (_, index) => ({
    day: new Date(today - index * 86_400_000).toISOString().slice(0, 10),
    counts: index % 6 === 3 ? { ...RUN.counts, offered: 0, accepted: 0, duplicate: 0, unchanged: 0, quarantined: 0 } : RUN.counts,
  }));
  const properties = PROPERTIES.map(([path, field_class]) => ({ path, type: "string", required: false, field_class, store: "keep", about: "", allowed: [] }));
  const object = { name: "customers", about: "Everybody who has a contract.", entity: "party", owner: "", version: "", called: [], properties };
  return { source, days: days.reverse(), runs: [RUN], versions: [{ version: source.version, status: source.status }], contract: source.version, objects: [object] };
}
