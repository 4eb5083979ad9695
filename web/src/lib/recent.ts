/** The customers looked at in this tab. In sessionStorage, so it is gone with the tab, and cleared at sign-out. */

export interface Recent {
  readonly customer: string;
  readonly name: string;
  readonly kind: string;
}

const KEY = "onefold.recent";
const MOST = 8;

function isRecent(value: unknown): value is Recent {
  return (
    typeof value === "object" &&
    value !== null &&
    ["customer", "name", "kind"].every((key) => typeof Reflect.get(value, key) === "string")
  );
}

export function recents(): readonly Recent[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRecent).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** The list with one more on top, each customer once. */
export function withRecent(list: readonly Recent[], item: Recent): readonly Recent[] {
  return [item, ...list.filter((known) => known.customer !== item.customer)].slice(0, MOST);
}

export function remember(item: Recent): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(withRecent(recents(), item)));
  } catch {
    // A browser that stores nothing has no recent customers.
  }
}

export function forgetAll(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}
