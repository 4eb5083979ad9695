/** One customer as the gate cuts it, and the two things that may be written about it. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { paths } from "@/api/generated/schema";
import type { ConsentBody, JudgementBody } from "@/api/types";

type Purpose = NonNullable<paths["/api/customers/{customer}"]["get"]["parameters"]["query"]>["purpose"];

/** The URL may hold any word; the server is the one to refuse it. */
export function asPurpose(purpose: string): Purpose {
  return purpose as Purpose;
}

export function customerQuery(customer: string, purpose: string) {
  return queryOptions({
    queryKey: ["customer", customer, "view", purpose],
    queryFn: async ({ signal }) => {
      const params = { path: { customer }, query: { purpose: asPurpose(purpose) } };
      return body(await api.GET("/api/customers/{customer}", { params, signal }));
    },
  });
}

/** What the sources say now; asked anew whenever it is looked at, and kept no longer than it is on screen. */
export function referencesQuery(customer: string, purpose: string) {
  return queryOptions({
    queryKey: ["customer", customer, "references", purpose],
    queryFn: async ({ signal }) => {
      const params = { path: { customer }, query: { purpose: asPurpose(purpose) } };
      return body(await api.GET("/api/customers/{customer}/references", { params, signal }));
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

export function relationsQuery(customer: string, purpose: string) {
  return queryOptions({
    queryKey: ["customer", customer, "relations", purpose],
    queryFn: async ({ signal }) => {
      const params = { path: { customer }, query: { purpose: asPurpose(purpose) } };
      return body(await api.GET("/api/customers/{customer}/relations", { params, signal }));
    },
  });
}

export function balancesQuery(customer: string, account: string, purpose: string) {
  return queryOptions({
    queryKey: ["customer", customer, "balances", account, purpose],
    queryFn: async ({ signal }) => {
      const params = { path: { customer, account }, query: { purpose: asPurpose(purpose) } };
      return body(await api.GET("/api/customers/{customer}/accounts/{account}/balances", { params, signal }));
    },
  });
}

/** What a person at a desk says of a decision. */
export type StatedConsent = Pick<ConsentBody, "purpose" | "channel" | "fact" | "evidence">;

/** What such a person leaves open: for the server it means all data, ourselves, from now on. */
const LEFT_OPEN: Omit<ConsentBody, keyof StatedConsent> = {
  data_class: "",
  controller: "",
  includes_parts: false,
  from_at: "",
  until_at: "",
  basis: "",
  jurisdiction: "",
  notice: "",
  notice_version: "",
  language: "",
  mechanism: "",
};

/** The answer comes when the gate's own state holds the fact, so what is read next is already new. */
export function useRecordConsent(customer: string, purpose: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (fact: StatedConsent) => {
      const params = { path: { customer }, query: { purpose: asPurpose(purpose) } };
      return body(await api.POST("/api/customers/{customer}/consents", { params, body: { ...LEFT_OPEN, ...fact } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["customer", customer] }),
  });
}

export function useJudge(customer: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (judgement: JudgementBody) => body(await api.POST("/api/judgements", { body: judgement })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["customer", customer] }),
  });
}
