/** Words for requests, and what follows from one: how its deadline stands, what comes next, what it came to. */
import type { AnswerBody, RequestBody, StepView, SubjectRequest } from "@/api/types";
import type { Tone } from "@/ui/badge";
import type { IconName } from "@/ui/icon";

import type { Kind, RequestsSearch } from "../api/search";

export interface Choice<T extends string = string> {
  readonly value: T;
  readonly label: string;
  readonly about: string;
}

export const KIND_CHOICES: readonly (Choice<Kind> & { readonly answered: string })[] = [
  { value: "access", label: "Access", about: "What is held about them, and why", answered: "A package of all that is held about them is made, for you to save and hand over." },
  { value: "portability", label: "Portability", about: "Their records, for another firm", answered: "A package of their records is made, for you to save and hand over." },
  { value: "erasure", label: "Erasure", about: "To be forgotten", answered: "The customer is erased for good, in every room. There is no way back." },
  { value: "rectification", label: "Rectification", about: "Something is wrong", answered: "Nothing is changed here: it says that the source has mended it. Do that first." },
  { value: "objection", label: "Objection", about: "Against marketing, or what you tick", answered: "The objection is in force at once, for every channel." },
  { value: "restriction", label: "Restriction", about: "Against all but contract and law", answered: "The restriction is in force at once, for every channel." },
];

type Asker = RequestBody["asked_by"];
type Proof = AnswerBody["proof"];

export const ASKERS: readonly Choice<Asker>[] = [
  { value: "self", label: "The customer", about: "" },
  { value: "guardian", label: "Their guardian", about: "" },
  { value: "representative", label: "A representative", about: "" },
  { value: "heir", label: "An heir", about: "" },
  { value: "controller", label: "The firm we hold the data for", about: "" },
];

export const PROOFS: readonly Choice<Proof>[] = [
  { value: "none", label: "Not yet", about: "It is taken in, and answered once it is proven." },
  { value: "document", label: "A document was shown", about: "" },
  { value: "login", label: "They were signed in", about: "" },
  { value: "signature", label: "An electronic signature", about: "" },
  { value: "known_address", label: "They answered at a proven address", about: "" },
  { value: "mandate", label: "A mandate and a document", about: "" },
  { value: "controller", label: "The controller vouches for it", about: "" },
];

export const REFUSALS: readonly Choice[] = [
  { value: "identity_unproven", label: "Not proven", about: "It was not proven who asks." },
  { value: "not_held", label: "Not held", about: "Nothing is held of them, or nothing any more." },
  { value: "legal_duty", label: "Legal duty", about: "A law says that it is kept." },
  { value: "legal_hold", label: "Legal hold", about: "It is kept for a court." },
  { value: "rights_of_others", label: "Others’ rights", about: "It would touch the rights of somebody else." },
  { value: "excessive", label: "Excessive", about: "The same is asked again and again." },
  { value: "no_such_right", label: "No such right", about: "The law that applies does not give it." },
];

export const DELAYS: readonly Choice[] = [
  { value: "complex", label: "Complex", about: "There is much to look into." },
  { value: "many", label: "Many", about: "There are many requests." },
];

function labelIn(choices: readonly Choice[], value: string): string {
  return choices.find((one) => one.value === value)?.label ?? value;
}

export function kindName(kind: string): string {
  return labelIn(KIND_CHOICES, kind);
}

export function askerName(asker: string): string {
  return labelIn(ASKERS, asker);
}

export function proofName(proof: string): string {
  return labelIn(PROOFS, proof);
}

/** Why it was refused, or why more time was taken. */
export function reasonName(because: string): string {
  return labelIn([...REFUSALS, ...DELAYS], because);
}

export interface Look {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly word: string;
}

const STATUS: Readonly<Record<string, Look>> = {
  received: { tone: "accent", word: "Received" },
  in_progress: { tone: "accent", icon: "clock", word: "In progress" },
  held: { tone: "warn", icon: "minus", word: "Held" },
  completed: { tone: "good", icon: "check", word: "Completed" },
  refused: { tone: "warn", icon: "minus", word: "Refused" },
  cancelled: { tone: "calm", icon: "cross", word: "Cancelled" },
};

export function statusLook(status: string): Look {
  return STATUS[status] ?? { tone: "calm", word: status };
}

export function isOpen({ status }: Pick<SubjectRequest, "status">): boolean {
  return status === "received" || status === "in_progress" || status === "held";
}

const SOON_DAYS = 5;

/** How the deadline stands, in words; null once there is none any more. */
export function deadlineOf(request: Pick<SubjectRequest, "status" | "days_left">): Look | null {
  if (!isOpen(request)) return null;
  const days = request.days_left;
  if (days < 0) return { tone: "bad", icon: "alert", word: `${daysOf(-days)} overdue` };
  if (days === 0) return { tone: "warn", icon: "clock", word: "Due today" };
  if (days <= SOON_DAYS) return { tone: "warn", icon: "clock", word: `${daysOf(days)} left` };
  return { tone: "calm", word: `${daysOf(days)} left` };
}

export function isOverdue(request: Pick<SubjectRequest, "status" | "days_left">): boolean {
  return isOpen(request) && request.days_left < 0;
}

function daysOf(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

const STEPS: Readonly<Record<string, string>> = {
  received: "Taken in",
  verified: "Proven who asks",
  begun: "Work began",
  extended: "More time taken",
  completed: "Completed",
  refused: "Refused",
  cancelled: "Cancelled by whoever asked",
};

export function stepName({ step, because }: Pick<StepView, "step" | "because">): string {
  const name = STEPS[step] ?? step;
  return because === "" ? name : `${name}: ${reasonName(because).toLowerCase()}`;
}

/** Whether a package lies ready, or lay until its days were over. */
export function isPacked({ status, outcome }: Pick<SubjectRequest, "status" | "outcome">): boolean {
  return status === "completed" && outcome.endsWith(".zip");
}

export function fits(request: SubjectRequest, { kind, q }: RequestsSearch): boolean {
  const text = q?.trim().toLowerCase() ?? "";
  const named = text === "" || request.customer.startsWith(text) || request.id.startsWith(text);
  return named && (kind === undefined || request.kind === kind);
}

/** What a form says of when they asked: nothing for today, which for the server may still be tomorrow. */
export function receivedOf(day: string, today: string): string {
  return day === today ? "" : day;
}

/** A day as an input of type date writes it, on the reader's own calendar. */
export function dayText(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** An objection or a restriction names uses of data; the others are about data. */
export function isScoped(kind: Kind): boolean {
  return kind === "objection" || kind === "restriction";
}

export function isCustomerId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
