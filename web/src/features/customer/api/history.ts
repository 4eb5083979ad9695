/** Movements of money and moments of the timeline, page by page, newest first. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";

import { api, body } from "@/api/client";

import { asPurpose } from "./customer";
import { ALL_ACCOUNTS, type MoneySearch } from "./search";

const PAGE = 200;

export function transactionsQuery(customer: string, purpose: string, search: MoneySearch) {
  const { account, q, direction, from, to, least, most } = search;
  const wanted = { account: account === ALL_ACCOUNTS ? undefined : account, q, direction, from, to, least, most };
  return infiniteQueryOptions({
    queryKey: ["customer", customer, "transactions", purpose, wanted],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...wanted, purpose: asPurpose(purpose), limit: PAGE, cursor: pageParam };
      const params = { path: { customer }, query };
      return body(await api.GET("/api/customers/{customer}/transactions", { params, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function timelineQuery(customer: string, purpose: string, kind: string | undefined, q: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ["customer", customer, "timeline", purpose, kind, q],
    queryFn: async ({ pageParam, signal }) => {
      const query = { kind, q, purpose: asPurpose(purpose), cursor: pageParam };
      const params = { path: { customer }, query };
      return body(await api.GET("/api/customers/{customer}/timeline", { params, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}
