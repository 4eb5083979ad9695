/** Legal holds of a customer: those that stand, placing one, lifting one. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { HoldBody } from "@/api/types";

export function holdsQuery(customer: string) {
  return queryOptions({
    queryKey: ["holds", customer],
    queryFn: async ({ signal }) => {
      const query = { customer, lifted: false };
      return body(await api.GET("/api/holds", { params: { query }, signal }));
    },
  });
}

/** A hold decides how requests of the customer stand. */
function useChanged(customer: string) {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: holdsQuery(customer).queryKey }),
      queries.invalidateQueries({ queryKey: ["requests"] }),
    ]);
}

export function usePlaceHold(customer: string) {
  const changed = useChanged(customer);
  return useMutation({
    mutationFn: async (said: HoldBody) => {
      const params = { path: { customer } };
      return body(await api.POST("/api/customers/{customer}/holds", { params, body: said }));
    },
    onSuccess: changed,
  });
}

export function useLiftHold(customer: string) {
  const changed = useChanged(customer);
  return useMutation({
    mutationFn: async ({ hold, because }: { readonly hold: string; readonly because: string }) =>
      body(await api.POST("/api/holds/{hold}/lift", { params: { path: { hold } }, body: { because } })),
    onSuccess: changed,
  });
}
