/** Breaking the glass: leave to reach one customer of another portfolio for a quarter of an hour. */
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { GlassBody } from "@/api/types";

import { asPurpose } from "./customer";

export type Because = GlassBody["because"];

/** What the server's problem is called when the customer is of another portfolio. */
export const OF_ANOTHER = "other_portfolio";

/** It is in the audit before the answer comes; everything of the customer is then asked for anew. */
export function useBreakGlass(customer: string, purpose: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (because: Because) => {
      const params = { path: { customer }, query: { purpose: asPurpose(purpose) } };
      return body(await api.POST("/api/customers/{customer}/glass", { params, body: { because } }));
    },
    onSuccess: () => queries.resetQueries({ queryKey: ["customer", customer] }),
  });
}
