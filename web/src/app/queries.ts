/** How data is kept: fresh for a moment, asked again only where that may help, and a lost session ends at sign-in. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { asProblem, mayPass } from "@/api/problem";
import { sessionQuery } from "@/api/session";

const FRESH_MS = 20_000;
const MOST_RETRIES = 2;

let whenSessionEnds: () => void = () => undefined;

/** Set once by the router, which is made after the client that it needs. */
export function onSessionEnd(act: () => void): void {
  whenSessionEnds = act;
}

function ended(error: Error): void {
  const known = queries.getQueryData(sessionQuery.queryKey) !== undefined;
  if (asProblem(error).status !== 401 || !known) return;
  queries.removeQueries({ queryKey: sessionQuery.queryKey });
  whenSessionEnds();
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: ended }),
  mutationCache: new MutationCache({ onError: ended }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < MOST_RETRIES && mayPass(asProblem(error)),
    },
    mutations: { retry: false },
  },
});
