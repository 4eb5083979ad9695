/** The identity every door keeps: offered = accepted + duplicate + unchanged + quarantined + refused. */
import type { Accounting } from "@/api/types";

export const PARTS = ["accepted", "duplicate", "unchanged", "quarantined", "refused"] as const;
export type Part = (typeof PARTS)[number];

export const ABOUT: Readonly<Record<Part, string>> = {
  accepted: "written to the log",
  duplicate: "had been accepted before",
  unchanged: "says what the record already says",
  quarantined: "breaks the contract; kept aside with the reason",
  refused: "must not be stored; only a digest and the reason are kept",
};

/** How many offered rows the parts do not explain. Anything but zero means that rows were lost. */
export function unexplained(counts: Accounting): number {
  return counts.offered - PARTS.reduce((sum, part) => sum + counts[part], 0);
}

export function total(all: readonly Accounting[]): Accounting {
  const sum = { offered: 0, accepted: 0, duplicate: 0, unchanged: 0, quarantined: 0, refused: 0 };
  for (const counts of all) {
    sum.offered += counts.offered;
    for (const part of PARTS) sum[part] += counts[part];
  }
  return sum;
}
