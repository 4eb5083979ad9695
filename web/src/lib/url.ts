/** Filters live in the URL: plain `?key=value`, read back defensively, because people edit links by hand. */

export type Search = Record<string, unknown>;

/** The text of a parameter; the router may have read "998901234567" as a number. */
export function textOf(search: Search, key: string): string | undefined {
  const value = search[key];
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** Whether something is so; absent where it is not. */
export function flagOf(search: Search, key: string): true | undefined {
  return search[key] === true || search[key] === "true" ? true : undefined;
}

export function choiceOf<T extends string>(search: Search, key: string, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === search[key]);
}

/** A day as an input of type date writes it. */
export function dayOf(search: Search, key: string): string | undefined {
  const value = textOf(search, key);
  return value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}

/** An instant in UTC as links carry it; one without a zone is taken for UTC, a day for its first instant. */
export function instantOf(search: Search, key: string): string | undefined {
  const value = textOf(search, key);
  if (value === undefined || !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(value)) return undefined;
  const at = new Date(/T[\d:.]+$/.test(value) ? `${value}Z` : value);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** A decimal such as 1200 or 99.90; a comma is taken for the point. */
export function decimalOf(search: Search, key: string): string | undefined {
  const value = textOf(search, key)?.replace(",", ".");
  return value !== undefined && /^\d+(\.\d{1,4})?$/.test(value) ? value : undefined;
}

/** `?a=1&b=x` without quotes around texts, keys in the order given, empty ones left out. */
export function writeSearch(search: Search): string {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") out.set(key, value);
    else if (typeof value === "number" || typeof value === "boolean") out.set(key, String(value));
  }
  const text = out.toString();
  return text === "" ? "" : `?${text}`;
}

export function readSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** A way back into the console after signing in; never to another site. */
export function safeReturn(path: string | undefined): string {
  if (path === undefined || !path.startsWith("/") || /^\/[/\\]/.test(path) || path.startsWith("/sign-in")) {
    return "/";
  }
  return path;
}
