/** Which rows of the quarantine are looked at, which are meant, and how answers about them add up. */
import type { StillFaulty } from "@/api/types";
import { type Search, choiceOf, textOf } from "@/lib/url";

export const STANDINGS = ["open", "settled", "all"] as const;
export type Standing = (typeof STANDINGS)[number];

/** In the URL: rows that broke as a whole, at no one property. */
export const WHOLE_ROW = "-";

export interface QuarantineSearch {
  readonly source?: string | undefined;
  readonly object?: string | undefined;
  readonly version?: string | undefined;
  readonly reason?: string | undefined;
  /** A property, or `WHOLE_ROW`. */
  readonly field?: string | undefined;
  /** Open rows where it is absent. */
  readonly standing?: Standing | undefined;
  /** Looked for in the names of kinds; what rows say cannot be searched. */
  readonly q?: string | undefined;
}

export function quarantineSearch(search: Search): QuarantineSearch {
  return {
    source: textOf(search, "source"),
    object: textOf(search, "object"),
    version: textOf(search, "version"),
    reason: textOf(search, "reason"),
    field: textOf(search, "field"),
    standing: choiceOf(search, "standing", STANDINGS),
    q: textOf(search, "q"),
  };
}

/** Which rows are meant: those named, or all of a kind as far as it is said. */
export interface Choice {
  readonly ids?: readonly string[];
  readonly source?: string;
  readonly object?: string;
  readonly version?: string;
  readonly reason?: string;
  readonly field?: string;
}

/** Adds up what is still held, by reason and property. */
export function addUp(all: readonly StillFaulty[]): readonly StillFaulty[] {
  const sums = new Map<string, StillFaulty>();
  for (const one of all) {
    const key = `${one.reason} ${one.field}`;
    sums.set(key, { ...one, rows: one.rows + (sums.get(key)?.rows ?? 0) });
  }
  return [...sums.values()].sort((left, right) => right.rows - left.rows);
}
