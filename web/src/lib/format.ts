/** Dates, money and counts as the reader's locale writes them. Amounts stay decimal text: no float touches money. */

// Outside a browser there is no reader; tests then get the same text on every machine.
const locale = typeof document === "undefined" ? "en-GB" : navigator.language;

const MINUS = "\u2212";
const NONE = "–";

const moneyFormats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string): Intl.NumberFormat {
  const known = moneyFormats.get(currency);
  if (known) return known;
  const made = /^[A-Z]{3}$/.test(currency)
    ? new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "code" })
    : new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  moneyFormats.set(currency, made);
  return made;
}

function isDecimal(text: string): text is Intl.StringNumericLiteral {
  return /^[+-]?\d+(\.\d+)?$/.test(text);
}

/** The number alone, in the currency's decimals: for columns whose currency stands elsewhere. */
export function amount(text: string | null, currency: string): string {
  if (text === null || !isDecimal(text)) return text ?? NONE;
  return moneyFormat(currency)
    .formatToParts(text)
    // With the currency goes the space between it and the number.
    .filter((part) => part.type !== "currency" && part.value.trim() !== "")
    .map((part) => (part.type === "minusSign" ? MINUS : part.value))
    .join("");
}

/** Number and currency code. */
export function money(text: string | null, currency: string): string {
  if (text === null || !isDecimal(text)) return text ?? NONE;
  return `${amount(text, currency)}\u00a0${currency}`;
}

const compactFormat = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const countFormat = new Intl.NumberFormat(locale);
const shareFormat = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

/** Short enough for an axis: 12.5K. */
export function compact(value: number): string {
  return compactFormat.format(value);
}

export function count(value: number): string {
  return countFormat.format(value);
}

/** A count of customers as its asker may know it: in steps of `least`, where 0 is fewer than that. */
export function countInSteps(value: number, least: number): string {
  return least > 0 && value === 0 ? `fewer than ${count(least)}` : count(value);
}

/** A part of a whole; of nothing it is nothing. */
export function share(part: number, whole: number): string {
  return whole === 0 ? NONE : shareFormat.format(part / whole);
}

const dayFormat = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const dayOfInstant = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const clockFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const exactFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" });
const monthFormat = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });

/** The reader's own zone, as the world's list of zones calls it: every instant on screen is in it. */
export const zone = typeof document === "undefined" ? "UTC" : clockFormat.resolvedOptions().timeZone;

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;

function instant(iso: string): Date | null {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** A day as a day: "1990-04-05" is the fifth everywhere, an instant is the reader's own day. */
export function day(iso: string | null): string {
  if (iso === null || iso === "") return NONE;
  if (iso.length === 4) return iso;
  const at = instant(iso);
  if (at === null) return iso;
  return DAY_ONLY.test(iso) ? dayFormat.format(at) : dayOfInstant.format(at);
}

/** Hours and minutes of an instant; a day has none. */
export function clock(iso: string): string {
  const at = DAY_ONLY.test(iso) ? null : instant(iso);
  return at === null ? "" : clockFormat.format(at);
}

/** Day, time and zone, for titles and tooltips. */
export function exact(iso: string): string {
  const at = instant(iso);
  if (at === null) return iso;
  return DAY_ONLY.test(iso) ? dayFormat.format(at) : exactFormat.format(at);
}

export function month(iso: string): string {
  const at = instant(iso);
  return at === null ? iso : monthFormat.format(at);
}

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 days ago", measured from `now` (ms). */
export function ago(iso: string | null, now: number = Date.now()): string {
  const at = iso === null ? null : instant(iso);
  if (at === null) return "never";
  const seconds = (at.getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return "just now";
}

/** Whole years between a birth date and `now`; null for what is not a date. */
export function age(birthDate: string, now: Date = new Date()): number | null {
  const born = instant(birthDate);
  if (born === null) return null;
  const years = now.getUTCFullYear() - born.getUTCFullYear();
  const before =
    now.getUTCMonth() < born.getUTCMonth() ||
    (now.getUTCMonth() === born.getUTCMonth() && now.getUTCDate() < born.getUTCDate());
  const full = before ? years - 1 : years;
  return full >= 0 && full < 130 ? full : null;
}

function displayName(type: "region" | "language", code: string): string {
  try {
    return new Intl.DisplayNames(locale, { type }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** "UZ" as the reader's word for the country. */
export function country(code: string): string {
  return displayName("region", code);
}

export function language(code: string): string {
  return displayName("language", code);
}
