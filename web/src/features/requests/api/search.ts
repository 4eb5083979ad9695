/** Which requests are looked at, and for whom one is opened. */
import { type Search, choiceOf, textOf } from "@/lib/url";

export const STATES = ["open", "overdue", "ended", "all"] as const;
export type State = (typeof STATES)[number];

export const KINDS = ["access", "portability", "erasure", "rectification", "objection", "restriction"] as const;
export type Kind = (typeof KINDS)[number];

export interface RequestsSearch {
  /** Open ones where it is absent. */
  readonly state?: State | undefined;
  readonly kind?: Kind | undefined;
  /** The beginning of a customer's or a request's id. */
  readonly q?: string | undefined;
}

export function requestsSearch(search: Search): RequestsSearch {
  return { state: choiceOf(search, "state", STATES), kind: choiceOf(search, "kind", KINDS), q: textOf(search, "q") };
}

export interface OpenSearch {
  readonly customer?: string | undefined;
  readonly kind?: Kind | undefined;
}

export function openSearch(search: Search): OpenSearch {
  return { customer: textOf(search, "customer"), kind: choiceOf(search, "kind", KINDS) };
}
