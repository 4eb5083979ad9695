/** What was not let in: reasons with how many rows, then the rows of the chosen ones, never their content. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { asProblem } from "@/api/problem";
import type { QuarantineCount, QuarantinedRow } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { SourceTag } from "@/ui/badge";
import { BarList } from "@/ui/bar-list";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { type Column, VirtualTable } from "@/ui/virtual-table";
import { When } from "@/ui/when";
import { Zone } from "@/ui/zone";

import { type SourcesSearch, quarantineQuery } from "../api/sources";
import css from "./quarantine.module.css";

const COLUMNS: readonly Column<QuarantinedRow>[] = [
  { key: "at", title: "When", width: "150px", cell: (row) => <When at={row.at} style="both" /> },
  { key: "source", title: "Source", width: "minmax(110px, 0.8fr)", cell: (row) => <SourceTag source={row.source} /> },
  { key: "object", title: "Object", width: "minmax(90px, 0.7fr)", cell: (row) => <span className="cut">{row.object}</span> },
  { key: "reason", title: "Reason", width: "minmax(110px, 1fr)", cell: (row) => words(row.reason) },
  { key: "field", title: "Field", width: "minmax(90px, 0.7fr)", cell: (row) => <span className="mono">{row.field}</span> },
  { key: "message", title: "What is wrong", width: "minmax(140px, 2fr)", cell: (row) => <Message row={row} /> },
];

export function Quarantine({ search }: { readonly search: SourcesSearch }) {
  const pages = useInfiniteQuery(quarantineQuery(search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const { fetchNextPage, isFetchingNextPage } = pages;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const counts = pages.data?.pages[0]?.counts ?? [];
  return (
    <Panel
      title="Quarantine"
      note={
        <>
          rows that broke their contract, kept aside until somebody mends them · <Zone />
        </>
      }
      actions={
        search.source === undefined && search.reason === undefined ? undefined : (
          <Link to="/sources" resetScroll={false}>
            Show all
          </Link>
        )
      }
      flush
    >
      {pages.isPending ? (
        <div className={css["loading"]}>
          <Lines count={6} height={14} gap={18} />
        </div>
      ) : pages.error !== null ? (
        <Failure problem={asProblem(pages.error)} onRetry={() => void pages.refetch()} />
      ) : counts.length === 0 && rows.length === 0 ? (
        <Empty icon="check" title="The quarantine is empty">
          Every row so far kept the promises of its contract.
        </Empty>
      ) : (
        <>
          <Reasons counts={counts} search={search} />
          <VirtualTable
            label="Quarantined rows"
            columns={COLUMNS}
            rows={rows}
            rowKey={(row) => row.id}
            rowHeight={40}
            more={pages.hasNextPage}
            onMore={more}
          />
        </>
      )}
    </Panel>
  );
}

/** How many rows wait for each reason, over the chosen source or all. */
export function byReason(counts: readonly QuarantineCount[], source: string | undefined): readonly [string, number][] {
  const sums = new Map<string, number>();
  for (const one of counts) {
    if (source === undefined || one.source === source) sums.set(one.reason, (sums.get(one.reason) ?? 0) + waiting(one));
  }
  return [...sums].sort((left, right) => right[1] - left[1]);
}

/** Of the rows held for a reason, those that nobody has handed in again or given up. */
function waiting(one: QuarantineCount): number {
  return Math.max(0, one.rows - one.resubmitted - one.discarded);
}

const SETTLED: Readonly<Record<string, string>> = { resubmitted: "handed in again", discarded: "given up" };

function Reasons({ counts, search }: { readonly counts: readonly QuarantineCount[]; readonly search: SourcesSearch }) {
  const bars = byReason(counts, search.source).map(([reason, rows]) => ({
    key: reason,
    value: rows,
    label: (
      <Link
        to="/sources"
        search={{ ...search, reason: reason === search.reason ? undefined : reason }}
        aria-current={reason === search.reason ? "true" : undefined}
        resetScroll={false}
      >
        {words(reason)}
      </Link>
    ),
  }));
  return (
    <div className={css["reasons"]}>
      <BarList label="Quarantined rows by reason" bars={bars} format={count} />
    </div>
  );
}

function Message({ row }: { readonly row: QuarantinedRow }) {
  return (
    <div className={css["message"]} title={row.message}>
      <span className="cut">{row.message}</span>
      <span className={css["place"]}>
        {[row.place, row.refused ? "refused, only a digest is kept" : "", SETTLED[row.outcome] ?? ""].filter((text) => text !== "").join(" · ")}
      </span>
    </div>
  );
}
