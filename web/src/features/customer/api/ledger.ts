/** The ledger of a customer's consents, and the do-not-contact that a desk sets and lifts. */
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { SuppressionBody } from "@/api/types";

import { asPurpose } from "./customer";
import type { LedgerSearch } from "./search";

const PAGE = 100;

/** What stood, and all that was said page by page; each look is written down, so it is not asked again unasked. */
export function ledgerQuery(customer: string, purpose: string, { at, known }: LedgerSearch) {
  return infiniteQueryOptions({
    queryKey: ["customer", customer, "ledger", purpose, at, known],
    queryFn: async ({ pageParam, signal }) => {
      const query = { at, known, purpose: asPurpose(purpose), cursor: pageParam, limit: PAGE };
      const params = { path: { customer }, query };
      return body(await api.GET("/api/customers/{customer}/consents", { params, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

/** The answer comes when nothing goes out any more; what is read next is already new. */
export function useSuppress(customer: string, purpose: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (said: SuppressionBody) => {
      const params = { path: { customer }, query: { purpose: asPurpose(purpose) } };
      return body(await api.POST("/api/customers/{customer}/suppressions", { params, body: said }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["customer", customer] }),
  });
}

export function useLift(customer: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (said: SuppressionBody) => {
      const params = { path: { customer } };
      return body(await api.POST("/api/customers/{customer}/suppressions/lift", { params, body: said }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["customer", customer] }),
  });
}
