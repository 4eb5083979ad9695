/** The kinds of moments a timeline is filtered by, and how each is drawn. */
import type { IconName } from "@/ui/icon";

export const KINDS: readonly string[] = ["interaction", "case", "risk", "consent", "suppression", "product"];

const ICONS: readonly (readonly [RegExp, IconName])[] = [
  [/suppression|do not contact/, "hidden"],
  [/risk|alert|block|fraud/, "alert"],
  [/case|dispute|complaint/, "case"],
  [/consent/, "shield"],
  [/card/, "card"],
  [/product|deposit|account|loan/, "bank"],
  [/call|phone/, "phone"],
  [/email|mail/, "mail"],
  [/sms|note|chat|conversation/, "chat"],
  [/branch|visit/, "pin"],
  [/push/, "bell"],
  [/web|page/, "globe"],
  [/app|login|device|usage/, "sim"],
];

/** The first icon whose word occurs in the kind, else in the title. */
export function iconOf(kind: string, title: string): IconName {
  const said = [kind === "interaction" ? "" : kind, title.toLowerCase(), kind];
  for (const text of said) {
    const found = text === "" ? undefined : ICONS.find(([pattern]) => pattern.test(text));
    if (found !== undefined) return found[1];
  }
  return "clock";
}
