/** One call, chat, mail or ticket, whole. Opening it is written down, so it is asked for only when somebody does. */
import { queryOptions } from "@tanstack/react-query";

import { api, body } from "@/api/client";

import { asPurpose } from "./customer";

export function conversationQuery(customer: string, moment: string, purpose: string, q: string | undefined) {
  return queryOptions({
    queryKey: ["customer", customer, "conversation", moment, purpose, q],
    queryFn: async ({ signal }) => {
      const params = { path: { customer, moment }, query: { purpose: asPurpose(purpose), q } };
      return body(await api.GET("/api/customers/{customer}/conversations/{moment}", { params, signal }));
    },
  });
}
