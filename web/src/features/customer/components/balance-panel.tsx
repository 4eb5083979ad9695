/** The balance of one account through time: range, extremes, change, and the picture. */
import { SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Suspense, lazy, useMemo } from "react";

import { asProblem } from "@/api/problem";
import type { AccountView, BalanceSeries } from "@/api/types";
import { amount, day, money } from "@/lib/format";
import { words } from "@/lib/labels";
import { type Point, RANGES, type Range, firstDay, isSparse, summary, within } from "@/lib/series";
import { Panel } from "@/ui/panel";
import { Empty, Failure } from "@/ui/states";

import { balancesQuery } from "../api/customer";
import css from "./balance-panel.module.css";
import { balanceOption } from "./balance-option";

const Chart = lazy(() => import("@/ui/chart"));
const HEIGHT_PX = 214;

interface BalancePanelProps {
  readonly customer: string;
  readonly account: AccountView;
  readonly purpose: string;
  readonly range: Range;
  readonly onRange: (range: Range) => void;
}

export function BalancePanel({ customer, account, purpose, range, onRange }: BalancePanelProps) {
  const balances = useQuery(balancesQuery(customer, account.id, purpose));
  return (
    <Panel
      title="Balance"
      note={
        <>
          <bdi>{account.name === "" ? words(account.product) : account.name}</bdi>
          {isSparse(balances.data?.points ?? []) ? ", known at the dots only" : ""}
        </>
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Range"
          data={RANGES.map((value) => ({ value, label: value === "all" ? "All" : value.toUpperCase() }))}
          value={range}
          onChange={(next) => onRange(RANGES.find((known) => known === next) ?? "all")}
        />
      }
    >
      {balances.isPending ? (
        <Skeleton height={HEIGHT_PX + 44} radius="sm" role="status" aria-label="Loading the balance" />
      ) : balances.error !== null ? (
        <Failure problem={asProblem(balances.error)} onRetry={() => void balances.refetch()} />
      ) : (
        <Picture series={balances.data} range={range} name={account.name} />
      )}
    </Panel>
  );
}

interface PictureProps {
  readonly series: BalanceSeries;
  readonly range: Range;
  readonly name: string;
}

function Picture({ series, range, name }: PictureProps) {
  const { points, currency } = series;
  const last = points.at(-1);
  const first = last === undefined ? null : startOf(points, firstDay(range, last.day));
  const inside = useMemo(() => within(points, first), [points, first]);
  const option = useMemo(
    () => balanceOption(inside, currency, first, last?.day ?? ""),
    [inside, currency, first, last?.day],
  );
  const facts = summary(inside);
  if (last === undefined || facts === null) {
    return (
      <Empty icon="bank" title="No balance yet">
        No source has stated a balance or a movement of this account.
      </Empty>
    );
  }
  const change = facts.change.toFixed(2);
  return (
    <>
      <dl className={css["facts"]}>
        <Fact label={`On ${day(last.day)}`} value={money(last.balance, currency)} strong />
        <Fact label="Change" value={`${facts.change > 0 ? "+" : ""}${amount(change, currency)}`} />
        <Fact label={`Lowest, ${day(facts.low.day)}`} value={amount(facts.low.balance, currency)} />
        <Fact label={`Highest, ${day(facts.high.day)}`} value={amount(facts.high.balance, currency)} />
      </dl>
      <Suspense fallback={<Skeleton height={HEIGHT_PX} radius="sm" />}>
        <Chart
          option={option}
          height={HEIGHT_PX}
          label={`Balance of ${name}: ${money(last.balance, currency)} on ${day(last.day)}, lowest ${money(facts.low.balance, currency)} on ${day(facts.low.day)}, highest ${money(facts.high.balance, currency)} on ${day(facts.high.day)}.`}
        />
      </Suspense>
    </>
  );
}

/** The range's first day, but not before there is anything to show. */
function startOf(points: readonly Point[], first: string | null): string | null {
  const known = points[0]?.day;
  return first !== null && known !== undefined && known > first ? known : first;
}

interface FactProps {
  readonly label: string;
  readonly value: string;
  readonly strong?: boolean;
}

function Fact({ label, value, strong = false }: FactProps) {
  return (
    <div className={css["fact"]} data-strong={strong}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
