/** Finding customers. What may be searched by and what is shown is cut by the gate. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { paths } from "@/api/generated/schema";
import { type Search, textOf } from "@/lib/url";

const SHORTEST_QUERY = 2;

/** Whether there is enough to search by; the server refuses less. */
export function longEnough(q: string): boolean {
  return q.trim().length >= SHORTEST_QUERY;
}

type Query = NonNullable<paths["/api/customers"]["get"]["parameters"]["query"]>;

export interface FindSearch {
  readonly q?: string | undefined;
  readonly purpose?: string | undefined;
}

export function findSearch(search: Search): FindSearch {
  return { q: textOf(search, "q"), purpose: textOf(search, "purpose") };
}

export function foundQuery(q: string, purpose: string) {
  const asked = q.trim();
  return queryOptions({
    queryKey: ["customers", "found", asked, purpose],
    queryFn: async ({ signal }) => {
      const query = { q: asked, purpose } as Query;
      return body(await api.GET("/api/customers", { params: { query }, signal }));
    },
    enabled: longEnough(asked),
    placeholderData: longEnough(asked) ? keepPreviousData : undefined,
  });
}
