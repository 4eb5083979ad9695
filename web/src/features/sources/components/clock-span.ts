/** How much time, in the largest unit that says it: 4 min, 2 h, 3 days. */
const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, "days"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

export function span(milliseconds: number): string {
  const [size, unit] = UNITS.find(([least]) => milliseconds >= 2 * least) ?? [1000, "s"];
  return `${Math.round(milliseconds / size)} ${unit}`;
}
