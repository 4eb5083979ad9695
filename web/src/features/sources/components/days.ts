/** A source's account by day as bars: every day of the range has a place, also those without any. */
import type { Accounting, DayAccount } from "@/api/types";

import { PARTS, type Part } from "./accounting";

const DAY_MS = 86_400_000;
const NOTHING: Accounting = { offered: 0, accepted: 0, duplicate: 0, unchanged: 0, quarantined: 0, refused: 0 };

/** The last days up to `last`, oldest first, none left out. */
export function filled(days: readonly DayAccount[], last: string, most: number): readonly DayAccount[] {
  const known = new Map(days.map(({ day, counts }) => [day, counts]));
  const end = Date.parse(`${last}T00:00:00Z`);
  return Array.from({ length: most }, (_, index) => {
    const day = new Date(end - (most - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return { day, counts: known.get(day) ?? NOTHING };
  });
}

export interface Piece {
  readonly part: Part;
  /** Share of the highest bar, 0 to 1; what is there is never too thin to see. */
  readonly height: number;
}

const THINNEST = 0.02;

/** The parts of a day from the ground up. */
export function pieces(counts: Accounting, highest: number): readonly Piece[] {
  return PARTS.filter((part) => counts[part] > 0).map((part) => ({
    part,
    height: Math.max(THINNEST, counts[part] / Math.max(1, highest)),
  }));
}

/** What the picture says in words. */
export function told(days: readonly DayAccount[]): { readonly busy: number; readonly held: number; readonly top: DayAccount | undefined } {
  const with_ = days.filter(({ counts }) => counts.offered > 0);
  return {
    busy: with_.length,
    held: days.reduce((sum, { counts }) => sum + counts.quarantined + counts.refused, 0),
    top: with_.toSorted((left, right) => right.counts.offered - left.counts.offered)[0],
  };
}
