/** Who saw, decided or changed what, newest first. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import { type Search, textOf } from "@/lib/url";

export interface AuditSearch {
  readonly actor?: string | undefined;
  readonly customer?: string | undefined;
  readonly kind?: string | undefined;
}

export function auditSearch(search: Search): AuditSearch {
  return { actor: textOf(search, "actor"), customer: textOf(search, "customer"), kind: textOf(search, "kind") };
}

const ID = /^[0-9a-f]{32}$/;

/** Whether a text is a whole customer id; the server refuses any other. */
export function isCustomerId(text: string | undefined): boolean {
  return text === undefined || ID.test(text);
}

export function auditQuery(search: AuditSearch) {
  const wanted = { ...search, customer: isCustomerId(search.customer) ? search.customer : undefined };
  return infiniteQueryOptions({
    queryKey: ["audit", wanted],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...wanted, cursor: pageParam, limit: 100 };
      return body(await api.GET("/api/audit", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
