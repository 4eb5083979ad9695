/** How the ledger is put into words. What stands, and what replaced what, is decided by the gate. */
import type { ConsentEvent, ConsentStands, SuppressionBody, SuppressionView } from "@/api/types";
import { count, day, language } from "@/lib/format";
import { words } from "@/lib/labels";
import type { Tone } from "@/ui/badge";

import type { Look } from "./consent-rules";
import { lookOf } from "./consent-rules";

/** What our own desks say is told under this name. */
export const OUR_DESK = "onefold";

const DEFAULT = "any";

/** Which data and whose use, where it is not all of it and ourselves. */
export function narrowed(one: Pick<ConsentEvent, "data_class" | "controller">): string {
  const data = one.data_class === DEFAULT ? "" : `${words(one.data_class).toLowerCase()} data`;
  const firm = one.controller === "" ? "" : `used by ${one.controller}`;
  return [data, firm].filter((text) => text !== "").join(", ");
}

/** What a fact was about: the purpose, or every one. */
export function purposeWords(one: Pick<ConsentEvent, "purpose" | "includes_parts">): string {
  const purpose = one.purpose === DEFAULT ? "Any purpose" : words(one.purpose);
  return one.includes_parts ? `${purpose} with its parts` : purpose;
}

export function factLook(fact: string): Look {
  return fact === "deleted" ? { tone: "calm", icon: "cross", word: "Taken back by its source" } : lookOf(fact);
}

export interface EffectWords {
  readonly tone: Tone;
  readonly word: string;
}

/** What a fact does at the instant that is looked at; nothing is said of what has no effect of its own. */
export function effectWords(one: Pick<ConsentEvent, "effect" | "fact">): EffectWords | null {
  switch (one.effect) {
    case "stands":
      return { tone: "accent", word: "Stands" };
    case "replaced":
      return { tone: "calm", word: "Replaced" };
    case "over":
      return { tone: "calm", word: "Over" };
    case "ahead":
      return { tone: "calm", word: "Not yet" };
    case "later":
      return { tone: "calm", word: "Came later" };
    default:
      return one.fact === "deleted" ? null : { tone: "calm", word: "No effect" };
  }
}

export interface Shown {
  readonly name: string;
  readonly value: string;
}

/** How we know, part by part; what nobody told is left out. */
export function evidenceOf(one: ConsentEvent): readonly Shown[] {
  const parts = [
    { name: "Notice", value: [one.notice, one.notice_version && `version ${one.notice_version}`].filter((text) => text !== "").join(", ") },
    { name: "Language", value: one.language === "" ? "" : language(one.language) },
    { name: "How", value: one.mechanism === "" ? "" : words(one.mechanism) },
    { name: "Law of", value: one.jurisdiction },
    { name: "Rests on", value: one.basis === "consent" || one.basis === "" ? "" : words(one.basis) },
    { name: "Evidence", value: one.evidence },
  ];
  return parts.filter(({ value }) => value !== "");
}

/** A fact with all the events that said it: a desk says it of each record of the customer. */
export interface FactLine extends ConsentEvent {
  readonly ids: readonly string[];
}

/** One line for what was said at once of several records; the order is kept. */
export function linesOf(facts: readonly ConsentEvent[]): readonly FactLine[] {
  const found = new Map<string, FactLine>();
  for (const fact of facts) {
    const key = JSON.stringify({ ...fact, id: "", fragment: "", recorded_at: "", replaced_by: "" });
    const old = found.get(key);
    found.set(key, old === undefined ? { ...fact, ids: [fact.id] } : { ...old, ids: [...old.ids, fact.id] });
  }
  return [...found.values()];
}

export interface Stopped {
  readonly channel: string;
  readonly reason: string;
  readonly source: string;
  /** Of the oldest of them. */
  readonly since: string;
  readonly records: number;
}

/** One line for what was said of several records of the customer. */
export function stoppedOf(suppressions: readonly SuppressionView[]): readonly Stopped[] {
  const found = new Map<string, Stopped>();
  for (const { channel, reason, source, since } of suppressions) {
    const key = `${channel} ${reason} ${source}`;
    const old = found.get(key);
    const oldest = old === undefined || since < old.since ? since : old.since;
    found.set(key, { channel, reason, source, since: oldest, records: (old?.records ?? 0) + 1 });
  }
  return [...found.values()].toSorted((left, right) => right.since.localeCompare(left.since));
}

export function reasonWords(reason: string): string {
  return reason === "" ? "No reason given" : words(reason);
}

/** What stops a use whatever was agreed to: a suppression of its channel, or of every one. */
export function stopping(use: ConsentStands, stopped: readonly Stopped[]): Stopped | undefined {
  return stopped.find(({ channel }) => channel === use.channel || channel === DEFAULT);
}

/** Why a use may be made, or not. */
export function whyOf(use: ConsentStands): string {
  if (use.basis === "contract" || use.basis === "legal duty") return `Rests on a ${use.basis}; nobody is asked`;
  const said = use.source === OUR_DESK ? "said at our desk" : `said to ${use.source}`;
  switch (use.state) {
    case "granted":
      return use.until === null ? `Granted, ${said}` : `Granted until ${day(use.until)}, ${said}`;
    case "withdrawn":
    case "objected":
      return `${lookOf(use.state).word}, ${said}`;
    case "expired":
      return use.until === null || use.until <= use.since ? "The grant was taken back by its source" : `The grant was over on ${day(use.until)}`;
    default:
      return silence(use);
  }
}

function silence(use: ConsentStands): string {
  if (use.may) return "A legitimate interest; nobody objected";
  if (use.granted > 0) return `Granted for ${count(use.granted)} of ${count(use.records)} records; it has to be all of them`;
  return "No grant is in force; silence means no";
}

type Channel = SuppressionBody["channel"];
type Reason = SuppressionBody["reason"];

export const STOP_CHANNELS: readonly Channel[] = ["any", "email", "sms", "call", "push", "app", "web", "post", "branch", "partner"];

/** Set and lifted for compliance alone. */
const HOLDING: readonly Reason[] = ["litigation", "fraud"];
const REASONS: readonly Reason[] = ["wish", "complaint", "vulnerable", "bounce", "deceased"];

export function reasonsFor(purpose: string): readonly Reason[] {
  return purpose === "compliance" ? [...REASONS, ...HOLDING] : REASONS;
}

/** Whether it was set at a desk and may be lifted at one; null also for words this console does not know. */
export function liftable({ channel, reason, source }: Stopped): SuppressionBody | null {
  const known = STOP_CHANNELS.find((one) => one === channel);
  const why = [...REASONS, ...HOLDING].find((one) => one === reason);
  return source !== OUR_DESK || known === undefined || why === undefined ? null : { channel: known, reason: why };
}

/** An instant as an input of type datetime-local has it: the reader's own clock, to the second. */
export function localOf(iso: string | undefined): string {
  if (iso === undefined) return "";
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The instant that such an input means; undefined for none. */
export function instantOfLocal(text: string): string | undefined {
  const at = new Date(text);
  return text === "" || Number.isNaN(at.getTime()) || at.getFullYear() > 9999 ? undefined : at.toISOString();
}
