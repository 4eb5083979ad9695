/** Kinds of held rows put together by the contract version that they broke. */
import type { HeldGroup } from "@/api/types";

export interface OfVersion {
  readonly key: string;
  readonly source: string;
  readonly version: string;
  readonly kinds: readonly HeldGroup[];
  readonly rows: number;
}

/** Sources by name, the newest version first, in each what happened most often first. */
export function byVersion(kinds: readonly HeldGroup[]): readonly OfVersion[] {
  const groups = new Map<string, HeldGroup[]>();
  for (const kind of kinds) {
    const key = `${kind.source}\n${kind.version}`;
    groups.set(key, [...(groups.get(key) ?? []), kind]);
  }
  return [...groups].flatMap(([key, of]) => {
    const [first] = of;
    if (first === undefined) return [];
    const { source, version } = first;
    const most = of.toSorted((left, right) => right.rows - left.rows || left.object.localeCompare(right.object));
    return [{ key, source, version, kinds: most, rows: of.reduce((sum, kind) => sum + kind.rows, 0) }];
  }).sort((left, right) => left.source.localeCompare(right.source) || right.version.localeCompare(left.version, undefined, { numeric: true }));
}
