/** Who is signed in and what they may do. The server decides; this only keeps the console from offering the rest. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";

import { api, body, rememberCsrf } from "./client";
import type { Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => {
    const session = body(await api.GET("/api/session", { signal }));
    rememberCsrf(session.csrf);
    return session;
  },
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
});

export async function signIn(login: string, password: string): Promise<Session> {
  const session = body(await api.POST("/api/session", { body: { login, password } }));
  rememberCsrf(session.csrf);
  return session;
}

/** How people can sign in here; open to everybody. */
export const waysQuery = queryOptions({
  queryKey: ["ways"],
  queryFn: async ({ signal }) => body(await api.GET("/api/session/ways", { signal })),
  staleTime: 60_000,
  retry: false,
});

/** The browser goes there itself: the provider's page is not ours. */
export function providerAddress(back: string): string {
  return `/api/session/provider?${new URLSearchParams({ back }).toString()}`;
}

export async function signOut(): Promise<void> {
  await api.DELETE("/api/session");
  rememberCsrf("");
}

/** Another password for whoever is signed in; the session goes on with a new cookie. */
export async function changePassword(present: string, wanted: string): Promise<Session> {
  const session = body(await api.POST("/api/session/password", { body: { present, wanted } }));
  rememberCsrf(session.csrf);
  return session;
}

/** Whether the password of whoever is signed in is kept here, and not by the firm's directory or provider. */
export function isKeptHere(session: Session): boolean {
  return !/^(?:directory|provider):/u.test(session.login);
}

/** Only below the signed-in route, where the session is already there. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether an action is open to the session, for any purpose or for the one named. */
export function may(session: Session, action: string, purpose?: string): boolean {
  const purposes = session.may[action] ?? [];
  return purpose === undefined ? purposes.length > 0 : purposes.includes(purpose);
}

/** The everyday purposes first: where several are open, the first one is what a page starts with. */
const ORDER: readonly string[] = ["servicing", "compliance", "stewardship", "fraud", "marketing", "analytics"];

function rank(purpose: string): number {
  const place = ORDER.indexOf(purpose);
  return place === -1 ? ORDER.length : place;
}

/** The purposes an action is open for. */
export function purposesFor(session: Session, action: string): readonly string[] {
  return (session.may[action] ?? []).toSorted((left, right) => rank(left) - rank(right));
}

/** The purpose to use: the wanted one where it is open, else the first that is. */
export function purposeOr(session: Session, action: string, wanted: string | undefined): string {
  const open = purposesFor(session, action);
  return wanted !== undefined && open.includes(wanted) ? wanted : (open[0] ?? wanted ?? "servicing");
}
