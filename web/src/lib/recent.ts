/** The customers looked at in this tab: in memory alone, so they are gone with the page, and at sign-out. */

export interface Recent {
  readonly customer: string;
  readonly name: string;
  readonly kind: string;
}

const MOST = 8;

let kept: readonly Recent[] = [];

export function recents(): readonly Recent[] {
  return kept;
}

/** The list with one more on top, each customer once. */
export function withRecent(list: readonly Recent[], item: Recent): readonly Recent[] {
  return [item, ...list.filter((known) => known.customer !== item.customer)].slice(0, MOST);
}

export function remember(item: Recent): void {
  kept = withRecent(kept, item);
}

export function forgetAll(): void {
  kept = [];
}
