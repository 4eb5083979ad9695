/** What the server says when it says no: RFC 9457 problem details, as an error that can be thrown and shown. */

export class Problem extends Error {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly hint: string;
  readonly code: string;
  readonly reasons: readonly string[];

  constructor(parts: Partial<ProblemDetails>) {
    super(parts.title ?? "Something went wrong");
    this.name = "Problem";
    this.title = this.message;
    this.status = parts.status ?? 0;
    this.detail = parts.detail ?? "";
    this.hint = parts.hint ?? "";
    this.code = parts.code ?? "";
    this.reasons = parts.reasons ?? [];
  }
}

interface ProblemDetails {
  title: string;
  status: number;
  detail: string;
  hint: string;
  code: string;
  reasons: readonly string[];
}

function text(body: object, key: string): string | undefined {
  const value: unknown = Reflect.get(body, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(body: object, key: string): readonly string[] {
  const value: unknown = Reflect.get(body, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A problem from whatever came back with a status that is not success, problem+json or not. */
export function problemOf(status: number, body: unknown): Problem {
  const fallback = status >= 500 ? "The server could not answer" : "The request was not accepted";
  if (typeof body !== "object" || body === null) {
    return new Problem({ title: fallback, status, detail: `HTTP status ${status}.` });
  }
  return new Problem({
    title: text(body, "title") ?? fallback,
    status,
    detail: text(body, "detail") ?? "",
    hint: text(body, "hint") ?? "",
    code: text(body, "code") ?? "",
    reasons: texts(body, "reasons"),
  });
}

/** The same for a request that got no answer at all. */
export function unreachable(): Problem {
  return new Problem({
    title: "Onefold cannot be reached",
    detail: "The request got no answer.",
    hint: "Check the connection and that the server is running, then try again.",
    code: "unreachable",
  });
}

/** How browsers and Vite say that a page's own script or style did not come. */
const NOT_LOADED = /preload CSS|dynamically imported module|module script failed/i;

/** Any thrown thing as a problem to show; a bug in the console says so. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Error && NOT_LOADED.test(error.message)) {
    return new Problem({
      title: "This page could not be loaded",
      detail: "The server does not answer, or it was updated since you opened the console.",
      hint: "Try again; the console is then loaded anew.",
      code: "not_loaded",
    });
  }
  return new Problem({
    title: "The console made a mistake",
    detail: error instanceof Error ? error.message : String(error),
    hint: "Reload the page. If it happens again, report what you did.",
    code: "console",
  });
}

/** Whether trying again may help: no answer, or the server asked for patience. */
export function mayPass(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 429 || problem.status === 503;
}
