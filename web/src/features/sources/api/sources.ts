/** The sources, and one of them with its deliveries and its contract. */
import { queryOptions } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import { type Search, textOf } from "@/lib/url";

export interface SourcesSearch {
  /** The source whose objects are open. */
  readonly source?: string | undefined;
}

export function sourcesSearch(search: Search): SourcesSearch {
  return { source: textOf(search, "source") };
}

export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: async ({ signal }) => body(await api.GET("/api/sources", { signal })),
});

export interface SourceSearch {
  /** The version of the contract that is read; the one in force where it is absent. */
  readonly version?: string | undefined;
  /** The object of the contract that is open. */
  readonly object?: string | undefined;
}

export function sourceSearch(search: Search): SourceSearch {
  return { version: textOf(search, "version"), object: textOf(search, "object") };
}

export function sourceQuery(source: string, version: string | undefined) {
  return queryOptions({
    queryKey: ["sources", source, version],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/sources/{source}", { params: { path: { source }, query: { version } }, signal })),
  });
}
