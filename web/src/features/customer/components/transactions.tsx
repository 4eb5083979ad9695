/** Movements of money: filtered on the server by what the URL says, scrolled through whatever their number. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { asProblem } from "@/api/problem";
import type { AccountView, TransactionView } from "@/api/types";
import { amount, clock, count, day, exact } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { type Column, VirtualTable } from "@/ui/virtual-table";
import { WithheldNote } from "@/ui/withheld";
import { Zone } from "@/ui/zone";

import { transactionsQuery } from "../api/history";
import { ALL_ACCOUNTS, type MoneySearch, isFiltered } from "../api/search";
import { TransactionFilters } from "./transaction-filters";
import css from "./transactions.module.css";

interface TransactionsProps {
  readonly customer: string;
  readonly purpose: string;
  readonly accounts: readonly AccountView[];
  readonly search: MoneySearch;
  readonly onSearch: (change: Partial<MoneySearch>) => void;
}

export function Transactions({ customer, purpose, accounts, search, onSearch }: TransactionsProps) {
  const pages = useInfiniteQuery(transactionsQuery(customer, purpose, search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const { fetchNextPage, isFetchingNextPage } = pages;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const columns = useMemo(
    () => columnsFor(search.account === ALL_ACCOUNTS ? accounts : null),
    [accounts, search.account],
  );
  const withheld = pages.data?.pages[0]?.withheld ?? [];

  return (
    <Panel title="Transactions" note={pages.data ? <Note rows={rows.length} more={pages.hasNextPage} /> : undefined} flush>
      <TransactionFilters search={search} onSearch={onSearch} />
      {withheld.length === 0 ? null : (
        <div className={css["withheld"]}>
          <WithheldNote withheld={withheld} />
        </div>
      )}
      {pages.isPending ? (
        <div className={css["loading"]}>
          <Lines count={8} height={14} gap={20} />
        </div>
      ) : pages.error !== null ? (
        <Failure problem={asProblem(pages.error)} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <Nothing filtered={isFiltered(search)} />
      ) : (
        <VirtualTable
          label="Transactions"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowHeight={44}
          more={pages.hasNextPage}
          onMore={more}
          stale={pages.isPlaceholderData}
        />
      )}
    </Panel>
  );
}

function Note({ rows, more }: { readonly rows: number; readonly more: boolean }) {
  if (rows === 0) return null;
  return (
    <>
      {more ? `newest ${count(rows)}, more below` : `${count(rows)}, newest first`} · <Zone />
    </>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  return filtered ? (
    <Empty icon="filter" title="Nothing matches">
      No transaction fits every filter. Widen the dates or clear the filter.
    </Empty>
  ) : (
    <Empty icon="coins" title="No transactions">
      No source has sent a movement on this account that you may see.
    </Empty>
  );
}

function columnsFor(accounts: readonly AccountView[] | null): readonly Column<TransactionView>[] {
  const names = new Map(accounts?.map(({ id, name, product }) => [id, name === "" ? words(product) : name]));
  const account: Column<TransactionView> = {
    key: "account",
    title: "Account",
    width: "minmax(80px, 0.7fr)",
    cell: (row) => <bdi className="cut">{names.get(row.account) ?? ""}</bdi>,
  };
  return [
    { key: "at", title: "Date", width: "92px", cell: (row) => <Booked at={row.at} /> },
    { key: "text", title: "Description", width: "minmax(90px, 1.8fr)", cell: (row) => <Description row={row} /> },
    ...(accounts === null ? [] : [account]),
    { key: "category", title: "Category", width: "minmax(76px, 0.8fr)", cell: (row) => <Category row={row} /> },
    {
      key: "amount",
      title: "Amount",
      width: "126px",
      numeric: true,
      cell: (row) => <Amount row={row} />,
    },
    {
      key: "balance",
      title: "Balance",
      width: "108px",
      numeric: true,
      cell: (row) => <span className="dim">{amount(row.balance, row.currency)}</span>,
    },
  ];
}

function Booked({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={exact(at)} className={css["two"]}>
      <span>{day(at)}</span>
      <span className={css["second"]}>{clock(at)}</span>
    </time>
  );
}

function Description({ row }: { readonly row: TransactionView }) {
  const first = row.text === "" ? (row.counterparty === "" ? words(row.operation) : row.counterparty) : row.text;
  const second = row.text === "" ? "" : row.counterparty;
  return (
    <div className={css["two"]} title={second === "" ? first : `${first}\n${second}`}>
      <bdi className="cut">{first}</bdi>
      {second === "" ? null : <bdi className={css["second"]}>{second}</bdi>}
    </div>
  );
}

function Category({ row }: { readonly row: TransactionView }) {
  const category = row.category === "" ? row.operation : row.category;
  return (
    <div className={css["two"]}>
      <span className="cut">{words(category)}</span>
      {row.operation === "" || row.operation === category ? null : (
        <span className={css["second"]}>{words(row.operation)}</span>
      )}
    </div>
  );
}

function Amount({ row }: { readonly row: TransactionView }) {
  if (row.amount === "") return <Badge icon="lock">hidden</Badge>;
  const credit = !row.amount.startsWith("-");
  return (
    <span className={css["amount"]} data-credit={credit}>
      {credit ? "+" : ""}
      {amount(row.amount, row.currency)} <span className={css["currency"]}>{row.currency}</span>
    </span>
  );
}
