/** The kinds of moments a timeline is filtered by, and how each is drawn. */
import { words } from "@/lib/labels";
import type { IconName } from "@/ui/icon";

export const KINDS: readonly string[] = ["interaction", "case", "risk", "consent", "suppression", "product"];

const WORDS: Readonly<Record<string, string>> = {
  interaction: "Contacts and usage",
  case: "Cases",
  risk: "Alerts and blocks",
  consent: "Consents",
  suppression: "Do not contact",
  product: "Products",
};

/** What the moments of a kind are called. */
export function kindWords(kind: string): string {
  return WORDS[kind] ?? words(kind);
}

const ICONS: readonly (readonly [RegExp, IconName])[] = [
  [/suppression|do not contact/, "hidden"],
  [/risk|alert|block|fraud/, "alert"],
  [/case|dispute|complaint/, "case"],
  [/consent/, "shield"],
  [/ e-mail| letter/, "mail"],
  [/ sms\b|^note|chat|conversation/, "chat"],
  [/push notification/, "bell"],
  [/the mobile app$/, "sim"],
  [/the website$/, "globe"],
  [/at a branch$|^visit/, "pin"],
  [/phone|voice|call/, "phone"],
  [/^used /, "sim"],
  [/card/, "card"],
  [/insurance/, "umbrella"],
  [/product|deposit|account|loan/, "bank"],
];

/** The first icon whose word occurs in the kind, else in the title; a product is drawn as what it is. */
export function iconOf(kind: string, title: string): IconName {
  const said = [kind === "interaction" || kind === "product" ? "" : kind, title.toLowerCase(), kind];
  for (const text of said) {
    const found = text === "" ? undefined : ICONS.find(([pattern]) => pattern.test(text));
    if (found !== undefined) return found[1];
  }
  return "clock";
}
