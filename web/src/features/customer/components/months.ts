/** The timeline cut into months. */
import type { Moment } from "@/api/types";
import { month } from "@/lib/format";

export type Row = { readonly heading: string } | { readonly moment: Moment };

/** Moments with a heading before the first of each month. */
export function withHeadings(moments: readonly Moment[]): readonly Row[] {
  const rows: Row[] = [];
  let before = "";
  for (const moment of moments) {
    const heading = month(moment.at);
    if (heading !== before) rows.push({ heading });
    before = heading;
    rows.push({ moment });
  }
  return rows;
}
