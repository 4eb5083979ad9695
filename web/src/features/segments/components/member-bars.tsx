/** The members of a segment in bars: those who are reached, and those who are left out by reason. */
import type { LeftOut } from "@/api/types";
import { count } from "@/lib/format";
import { sentence } from "@/lib/labels";
import { BarList } from "@/ui/bar-list";

interface MemberBarsProps {
  readonly label: string;
  readonly first: { readonly label: string; readonly customers: number };
  readonly leftOut: readonly LeftOut[];
  readonly members: number;
  readonly format?: (customers: number) => string;
}

export function MemberBars({ label, first, leftOut, members, format = count }: MemberBarsProps) {
  const bars = [
    { key: "first", label: first.label, value: first.customers, tone: "good" as const },
    ...leftOut.map(({ reason, customers }) => ({
      key: reason,
      label: sentence(reason),
      value: customers,
      tone: "warn" as const,
    })),
  ];
  return <BarList label={label} bars={bars} format={format} whole={members} />;
}
