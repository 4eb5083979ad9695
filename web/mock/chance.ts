/** A seeded generator, so that the mock bank is the same bank every morning. */

export interface Chance {
  next: () => number;
  below: (most: number) => number;
  pick: <T>(choices: readonly T[]) => T;
  id: () => string;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  const below = (most: number) => Math.floor(next() * most);
  return {
    next,
    below,
    pick: (choices) => {
      const picked = choices[below(choices.length)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
    id: () => Array.from({ length: 32 }, () => below(16).toString(16)).join(""),
  };
}
