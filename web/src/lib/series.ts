/** Arithmetic behind the balance chart: ranges, extremes and change over end-of-day points. */

export interface Point {
  readonly day: string;
  readonly balance: string;
}

export const RANGES = ["1m", "3m", "6m", "1y", "all"] as const;
export type Range = (typeof RANGES)[number];

const MONTHS: Readonly<Record<Exclude<Range, "all">, number>> = { "1m": 1, "3m": 3, "6m": 6, "1y": 12 };

/** The first day of a range that ends on `lastDay`; a month back from the 31st is the month's last day. */
export function firstDay(range: Range, lastDay: string): string | null {
  if (range === "all") return null;
  const end = new Date(`${lastDay}T00:00:00Z`);
  const first = new Date(end);
  first.setUTCMonth(end.getUTCMonth() - MONTHS[range], 1);
  const daysInMonth = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(end.getUTCDate(), daysInMonth));
  return first.toISOString().slice(0, 10);
}

/**
 * The points from `first` on. Days without movement have no point, so the balance carried in
 * from before the range stands as a point on its first day.
 */
export function within(points: readonly Point[], first: string | null): readonly Point[] {
  if (first === null) return points;
  const from = points.findIndex((point) => point.day >= first);
  if (from === -1) return points.slice(-1);
  const carried = points[from - 1];
  const inside = points.slice(from);
  return carried && inside[0]?.day !== first ? [{ day: first, balance: carried.balance }, ...inside] : inside;
}

const DAY_MS = 86_400_000;
const SPARSE_DAYS = 7;

/** Whether the balance is known only now and then, as by monthly statements, so that it moved unseen in between. */
export function isSparse(points: readonly Point[]): boolean {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return false;
  const days = (Date.parse(last.day) - Date.parse(first.day)) / DAY_MS;
  return days / (points.length - 1) > SPARSE_DAYS;
}

export interface Summary {
  readonly low: Point;
  readonly high: Point;
  readonly change: number;
}

/** Extremes and change over the points; null when there are none. */
export function summary(points: readonly Point[]): Summary | null {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  let low = first;
  let high = first;
  for (const point of points) {
    if (Number(point.balance) < Number(low.balance)) low = point;
    if (Number(point.balance) > Number(high.balance)) high = point;
  }
  return { low, high, change: Number(last.balance) - Number(first.balance) };
}
