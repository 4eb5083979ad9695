/** Invented customers with their fragments, products and consents, in the shapes of the API. */
import type { components } from "../src/api/generated/schema";
import { type Chance, chance } from "./chance.ts";

type Schemas = components["schemas"];
export type View = Schemas["View"];
export type Account = Schemas["AccountView"];

const NAMES: readonly (readonly [string, string, string])[] = [
  ["Dilnoza", "Karimova", "Дилноза Каримова"],
  ["Rustam", "Abdullayev", "Рустам Абдуллаев"],
  ["Екатерина", "Константинопольская-Преображенская", "Ekaterina Konstantinopolskaya"],
  ["Priya", "Raghunathan", "प्रिया रघुनाथन"],
  ["अनिरुद्ध", "वेंकटसुब्रमण्यन", "Anirudh Venkatasubramanian"],
  ["James", "Okafor", "Jim Okafor"],
  ["Сергей", "Волков", "Sergey Volkov"],
  ["Madina", "Yusupova", "Мадина Юсупова"],
];
const SOURCES = ["core", "crm", "telecom", "mobile", "fraud", "marketing"] as const;
const CITIES = ["Tashkent", "Samarkand", "Bukhara", "Москва", "Mumbai"] as const;

export const FIRST = chance(7).id();

type Said = Schemas["Value"]["value"];

function value(field: string, said: Said, fragments: readonly Schemas["FragmentView"][]): Schemas["Value"] {
  const candidates = fragments.flatMap(({ id, source, at, values }) => {
    const offered = values[field];
    return offered === undefined ? [] : [{ value: offered, source, fragment: id, at }];
  });
  const won = candidates.find((candidate) => candidate.value === said) ?? candidates[0];
  return {
    value: said,
    source: won?.source ?? "core",
    fragment: won?.fragment ?? "",
    at: won?.at ?? "2024-01-01",
    rule: "most trusted source for the field, then the newest",
    candidates,
    masked: false,
  };
}

function fragmentsOf(dice: Chance, index: number): Schemas["FragmentView"][] {
  const [given, family, other] = NAMES[index % NAMES.length] ?? ["A", "B", "A B"];
  const birth = `19${60 + dice.below(40)}-0${1 + dice.below(9)}-1${dice.below(10)}`;
  const phone = `+99890${1000000 + dice.below(8999999)}`;
  const city = dice.pick(CITIES);
  return SOURCES.slice(0, 2 + dice.below(4)).map((source, at) => ({
    id: dice.id(),
    source,
    key: source === "mobile" ? `anon-${dice.id().slice(0, 12)}` : String(100000 + dice.below(899999)),
    at: `202${4 + (at % 2)}-0${1 + at}-1${at}T0${at}:30:00Z`,
    permits: source !== "fraud",
    values:
      source === "fraud"
        ? {}
        : {
            kind: "person",
            full_name: source === "crm" ? other : `${given} ${family}`,
            given_name: given,
            family_name: family,
            birth_date: source === "telecom" ? `${birth.slice(0, 8)}01` : birth,
            phone,
            phone_verified: source === "telecom",
            email: `customer${index}@${source === "crm" ? "example.org" : "example.com"}`,
            city,
            country: "UZ",
            language: "ru",
            ...(source === "core"
              ? { national_id: `3${dice.below(9)}0690${100 + dice.below(899)}`, customer_number: `C-${10000 + index}`, tier: "affluent", status: "active", since_on: "2014-05-02", address: "Amir Temur 12, flat 48" }
              : {}),
          },
  }));
}

function accountsOf(dice: Chance): Account[] {
  const products = ["deposit", "deposit", "card", "loan", "subscription", "insurance"].slice(0, 1 + dice.below(6));
  return products.map((product, at) => ({
    id: dice.id(),
    source: product === "subscription" ? "telecom" : "core",
    product,
    name: { deposit: at === 0 ? "Everyday account" : "Savings Plus", card: "Visa Classic", loan: "Consumer loan", subscription: "Onnet 20 GB", insurance: "Home" }[product] ?? "",
    number: `•••• ${1000 + dice.below(8999)}`,
    currency: "UZS",
    status: product === "loan" && dice.next() < 0.3 ? "arrears" : "open",
    role: at === 1 ? "joint" : "owner",
    holders: at === 1 ? 2 : 1,
    opened_on: "2016-03-14",
    amount: product === "loan" ? "45000000.00" : null,
    balance: product === "deposit" ? `${dice.below(90_000_000)}.${10 + dice.below(89)}` : null,
    balance_at: product === "deposit" ? "2025-06-30" : null,
    transactions: product === "deposit" ? 2400 - at * 300 : product === "subscription" ? 60 : 0,
    moved_on: product === "deposit" ? "2025-06-30" : product === "subscription" ? "2025-06-01" : null,
  }));
}

export function person(index: number): View {
  const dice = chance(100 + index);
  const fragments = fragmentsOf(dice, index);
  const golden = Object.assign({}, ...fragments.toReversed().map(({ values }) => values)) as Record<string, Said>;
  const said = (channel: string, state: string, purpose = "marketing") => ({
    purpose,
    channel,
    state,
    since: "2024-11-03T09:12:00Z",
    source: "marketing",
    evidence: "notice v3, web form",
    until: null,
    granted: state === "granted" ? fragments.length : 0,
    records: fragments.length,
  });
  return {
    customer: index === 0 ? FIRST : dice.id(),
    name: String(golden["full_name"]),
    kind: "person",
    purpose: "servicing",
    role: "relationship_manager",
    profile: Object.fromEntries(Object.entries(golden).map(([field, one]) => [field, value(field, one, fragments)])),
    fragments,
    accounts: index === 5 ? [] : accountsOf(dice),
    consents: index % 3 === 2 ? [] : [said("email", "granted"), said("sms", "withdrawn"), said("any", "granted", "analytics")],
    flags: index % 2 === 0 ? ["do not contact: wish", "2 open cases"] : [],
    referenced: [],
    withheld: [
      { what: "fraud alerts", reason: "only for the purposes fraud and compliance" },
      { what: "gender", reason: "a special category; hidden from relationship managers" },
    ],
    decision: dice.id(),
    obligations: ["redact"],
  };
}

export const PEOPLE: readonly View[] = Array.from({ length: 24 }, (_, index) => person(index));
