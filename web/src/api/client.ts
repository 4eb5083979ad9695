/** The one typed client. Same origin, session cookie, CSRF token on writes, failures thrown as `Problem`. */
import createClient, { type Middleware } from "openapi-fetch";

import type { paths } from "./generated/schema";
import { problemOf, unreachable } from "./problem";

let csrf = "";

/** Kept in memory only: a page that is gone takes its token with it. */
export function rememberCsrf(token: string): void {
  csrf = token;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET" && csrf !== "") request.headers.set("X-CSRF", csrf);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return;
    const body: unknown = await response.json().catch(() => undefined);
    throw problemOf(response.status, body);
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === "AbortError" ? error : unreachable();
  },
};

export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });
api.use(guard);

/** The body of an answer; failures were thrown before it got here. */
export function body<T>(answer: { data?: T; response: Response }): T {
  if (answer.data === undefined) throw problemOf(answer.response.status, undefined);
  return answer.data;
}
