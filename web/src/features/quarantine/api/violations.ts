/** What is looked for among the violations. */
import { type Search, textOf } from "@/lib/url";

export interface ViolationsSearch {
  readonly source?: string | undefined;
  readonly q?: string | undefined;
}

export function violationsSearch(search: Search): ViolationsSearch {
  return { source: textOf(search, "source"), q: textOf(search, "q") };
}
