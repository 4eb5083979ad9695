/** The sources and what waits in their quarantine. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import { type Search, textOf } from "@/lib/url";

export interface SourcesSearch {
  /** The source whose objects are open and whose quarantine is listed. */
  readonly source?: string | undefined;
  readonly reason?: string | undefined;
}

export function sourcesSearch(search: Search): SourcesSearch {
  return { source: textOf(search, "source"), reason: textOf(search, "reason") };
}

export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: async ({ signal }) => body(await api.GET("/api/sources", { signal })),
});

export function quarantineQuery(search: SourcesSearch) {
  return infiniteQueryOptions({
    queryKey: ["quarantine", search],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...search, cursor: pageParam };
      return body(await api.GET("/api/quarantine", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
