/** What people ask about their own data: the list, one of it, taking one in, and every step that can be taken. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { AnswerBody, RequestBody, SubjectRequest } from "@/api/types";

import type { State } from "./search";

/** Deadlines come nearer and others work too, so a list is read anew whenever it is come back to. */
export function requestsQuery(state: State) {
  return queryOptions({
    queryKey: ["requests", "list", state],
    queryFn: async ({ signal }) => {
      const query = { status: state === "all" ? "" : state };
      return body(await api.GET("/api/requests", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
}

export function requestQuery(request: string) {
  return queryOptions({
    queryKey: ["requests", "one", request],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/requests/{request}", { params: { path: { request } }, signal })),
  });
}

export function useTakeIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (said: RequestBody) => body(await api.POST("/api/requests", { body: said })),
    onSuccess: (taken) => {
      queries.setQueryData(requestQuery(taken.id).queryKey, taken);
      return queries.invalidateQueries({ queryKey: ["requests", "list"] });
    },
  });
}

/** A step of a request; its end by the asker's own wish is a door of its own. */
export type Step = Partial<Pick<AnswerBody, "proof" | "because">> & { readonly step: AnswerBody["step"] | "cancel" };

async function take(request: string, { step, ...said }: Step): Promise<SubjectRequest> {
  const params = { path: { request } };
  if (step === "cancel") return body(await api.POST("/api/requests/{request}/cancel", { params }));
  return body(await api.POST("/api/requests/{request}/answer", { params, body: { proof: "none", because: "", ...said, step } }));
}

/** Whatever was done about a customer shows on their page, too. A step that failed may have begun the work. */
export function useStep({ id, customer }: SubjectRequest) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (step: Step) => take(id, step),
    onSuccess: (taken) => queries.setQueryData(requestQuery(id).queryKey, taken),
    onError: () => queries.invalidateQueries({ queryKey: requestQuery(id).queryKey }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["requests", "list"] }),
        queries.invalidateQueries({ queryKey: ["customer", customer] }),
      ]),
  });
}

/** The package as a file of the reader's own; a refusal is shown on the page, which a plain link could not. */
export function useSavePackage(request: string) {
  return useMutation({
    mutationFn: async () => {
      const params = { path: { request } };
      const answer = await api.GET("/api/requests/{request}/package", { params, parseAs: "blob" });
      const address = URL.createObjectURL(body(answer));
      const link = document.createElement("a");
      link.href = address;
      link.download = `request-${request.slice(0, 8)}.zip`;
      link.click();
      URL.revokeObjectURL(address);
    },
  });
}
