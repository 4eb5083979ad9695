/** Customers by words of conversations with them, newest first. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { paths } from "@/api/generated/schema";
import { hasWord } from "@/lib/words";

type Query = NonNullable<paths["/api/conversations"]["get"]["parameters"]["query"]>;

export function heardQuery(q: string, purpose: string) {
  const asked = q.trim();
  return infiniteQueryOptions({
    queryKey: ["customers", "heard", asked, purpose],
    queryFn: async ({ pageParam, signal }) => {
      const query = { q: asked, purpose, cursor: pageParam } as Query;
      return body(await api.GET("/api/conversations", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: hasWord(asked),
    placeholderData: hasWord(asked) ? keepPreviousData : undefined,
  });
}
