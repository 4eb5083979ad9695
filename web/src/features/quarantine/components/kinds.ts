/** Arithmetic over kinds of held rows: which fit a text, which one is looked at, what is chosen. */
import type { DiscardBody, HeldGroup } from "@/api/types";
import { words } from "@/lib/labels";

import { type Choice, type QuarantineSearch, WHOLE_ROW } from "../api/search";

export type Because = DiscardBody["because"];

/** The five reasons there are, each with what it says of the rows. */
export const BECAUSE: readonly { readonly value: Because; readonly label: string; readonly about: string }[] = [
  { value: "resent", label: "Sent again", about: "The source sends it again, right." },
  { value: "not_ours", label: "Not ours", about: "It is not ours to have." },
  { value: "test_data", label: "Test data", about: "Somebody tried something." },
  { value: "worthless", label: "Worthless", about: "Nothing can be made of it." },
  { value: "duplicate", label: "Duplicate", about: "It is known from elsewhere." },
];

/** What somebody is about to do with rows: those of a choice, so many of them, called so. */
export interface Task {
  readonly kind: "hand-in" | "discard";
  readonly choice: Choice;
  readonly rows: number;
  readonly name: string;
  /** The property that broke, where all of them broke at one. */
  readonly field: string;
  /** What to put into the rows, where it was said already. */
  readonly corrections?: Readonly<Record<string, string>> | undefined;
  readonly onDone?: () => void;
}

/** What the person may do here. */
export interface Rights {
  readonly handIn: boolean;
  readonly giveUp: boolean;
  readonly show: boolean;
}

export const OUTCOMES: Readonly<Record<string, string>> = { resubmitted: "handed in again", discarded: "given up" };

export function kindKey(kind: HeldGroup): string {
  return [kind.source, kind.object, kind.version, kind.reason, kind.field].join("\n");
}

/** The kind as what is handed in or given up. */
export function asChoice({ source, object, version, reason, field }: HeldGroup): Choice {
  return { source, object, version, reason, field };
}

/** The kind as a place in the URL. */
export function asSearch({ source, object, version, reason, field }: HeldGroup) {
  return { source, object, version, reason, field: field === "" ? WHOLE_ROW : field };
}

export function isChosen(kind: HeldGroup, search: QuarantineSearch): boolean {
  return (
    kind.source === search.source &&
    kind.object === search.object &&
    kind.version === search.version &&
    kind.reason === search.reason &&
    kind.field === (search.field === WHOLE_ROW ? "" : search.field)
  );
}

/** Whether every word of a text is somewhere in what a kind is called. */
export function fits(kind: HeldGroup, text: string | undefined): boolean {
  const named = [kind.source, kind.object, kind.version, kind.reason, words(kind.reason), kind.field, kind.message]
    .join(" ")
    .toLocaleLowerCase();
  return (text ?? "").toLocaleLowerCase().split(/\s+/).every((word) => named.includes(word));
}
