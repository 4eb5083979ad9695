/** What of the customer page is in its URL. */
import { RANGES, type Range } from "@/lib/series";
import { type Search, choiceOf, dayOf, decimalOf, instantOf, textOf } from "@/lib/url";

export interface CustomerSearch {
  readonly purpose?: string | undefined;
  /** The field of the golden record whose provenance is open. */
  readonly field?: string | undefined;
}

export function customerSearch(search: Search): CustomerSearch {
  return { purpose: textOf(search, "purpose"), field: textOf(search, "field") };
}

export const ALL_ACCOUNTS = "all";

export interface MoneySearch {
  readonly account?: string | undefined;
  readonly range?: Range | undefined;
  readonly q?: string | undefined;
  readonly direction?: "credit" | "debit" | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly least?: string | undefined;
  readonly most?: string | undefined;
}

export function moneySearch(search: Search): MoneySearch {
  return {
    account: textOf(search, "account"),
    range: choiceOf(search, "range", RANGES),
    q: textOf(search, "q"),
    direction: choiceOf(search, "direction", ["credit", "debit"] as const),
    from: dayOf(search, "from"),
    to: dayOf(search, "to"),
    least: decimalOf(search, "least"),
    most: decimalOf(search, "most"),
  };
}

export const NO_FILTER = {
  q: undefined,
  direction: undefined,
  from: undefined,
  to: undefined,
  least: undefined,
  most: undefined,
} as const;

export function isFiltered(search: MoneySearch): boolean {
  return Object.keys(NO_FILTER).some((key) => search[key as keyof MoneySearch] !== undefined);
}

export interface TimelineSearch {
  readonly kind?: string | undefined;
  /** Words of conversations. */
  readonly q?: string | undefined;
  /** The moment that is open, whole. */
  readonly open?: string | undefined;
}

export function timelineSearch(search: Search): TimelineSearch {
  return { kind: textOf(search, "kind"), q: textOf(search, "q"), open: textOf(search, "open") };
}

export interface LedgerSearch {
  /** The instant that is asked for; now where there is none. */
  readonly at?: string | undefined;
  /** By what had been recorded at that time (`then`), or at another instant, and not by what is known today. */
  readonly known?: string | undefined;
  /** The fact that is pointed at. */
  readonly fact?: string | undefined;
}

export function ledgerSearch(search: Search): LedgerSearch {
  return { at: instantOf(search, "at"), known: choiceOf(search, "known", ["then"] as const) ?? instantOf(search, "known"), fact: textOf(search, "fact") };
}
