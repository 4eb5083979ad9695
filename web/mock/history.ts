/** Invented movements, balances and moments. */
import type { components } from "../src/api/generated/schema";
import { chance } from "./chance.ts";
import type { Account, View } from "./people.ts";

type Schemas = components["schemas"];
type Transaction = Schemas["TransactionView"];

const DAY_MS = 86_400_000;
const END = Date.parse("2025-06-30T18:00:00Z");
const SHOPS = ["Korzinka supermarket", "Yandex Go", "Uzum Market", "Аптека 36,6", "Makro", "Beeline top-up", "कॉफ़ी हाउस"] as const;

/** Newest first, each with the balance after it. */
export function transactions(account: Account): readonly Transaction[] {
  const dice = chance(parseInt(account.id.slice(0, 8), 16));
  let balance = Number(account.balance ?? "0");
  return Array.from({ length: account.transactions }, (_, index) => {
    const salary = index % 30 === 4;
    const amount = salary ? 9_500_000 : -(20_000 + dice.below(600_000));
    const shop = dice.pick(SHOPS);
    const one: Transaction = {
      id: `${account.id.slice(0, 24)}${String(index).padStart(8, "0")}`,
      account: account.id,
      at: new Date(END - index * DAY_MS * 0.9 - dice.below(40_000_000)).toISOString(),
      amount: `${amount}.00`,
      currency: account.currency,
      operation: salary ? "transfer" : "card",
      category: salary ? "salary" : dice.pick(["groceries", "transport", "health", "rent", ""]),
      text: salary ? "Salary, Toshkent Textile LLC" : shop,
      counterparty: salary ? "Toshkent Textile LLC" : "",
      balance: account.balance === null ? null : balance.toFixed(2),
    };
    balance -= amount;
    return one;
  });
}

export function balances(account: Account): Schemas["BalanceSeries"] {
  const byDay = new Map<string, string>();
  for (const one of transactions(account)) {
    const day = one.at.slice(0, 10);
    if (!byDay.has(day) && one.balance !== null) byDay.set(day, one.balance);
  }
  const points = [...byDay].map(([day, balance]) => ({ day, balance })).reverse();
  return { account: account.id, currency: account.currency, points };
}

const MOMENTS = [
  ["interaction", "Call with the contact centre", "crm", "Asked about the fee for March. Explained; satisfied."],
  ["interaction", "Logged in to the app", "mobile", ""],
  ["case", "Dispute opened", "crm", "Card payment of 12 May not recognised.\nWaiting for the merchant."],
  ["interaction", "Newsletter opened", "marketing", "Summer rates"],
  ["consent", "Consent withdrawn: marketing by SMS", "marketing", ""],
  ["interaction", "Visit to the branch", "crm", "Консультация по ипотеке"],
  ["risk", "Alert dismissed", "fraud", ""],
  ["account", "Savings Plus opened", "core", ""],
] as const;

const BECAUSE = "held to be theirs: they were on this device at 2026-05-12T08:30:00Z";

export function moments(view: View): readonly Schemas["Moment"][] {
  return Array.from({ length: 240 }, (_, index) => {
    const [kind, title, source, text] = MOMENTS[(index * 5 + (index % 3)) % MOMENTS.length] ?? MOMENTS[0];
    const at = new Date(END - index * DAY_MS * 2.3).toISOString();
    const whole = { opens: false, found_title: [], found_text: [], because: source === "mobile" ? BECAUSE : "" };
    return { id: `${view.customer}-${index}`, at, kind, title, source, text, ...whole };
  });
}
