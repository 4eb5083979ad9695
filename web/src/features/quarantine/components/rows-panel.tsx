/** The rows themselves, never what they say: tick one or many, hand them in again or give them up. */
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";

import { asProblem } from "@/api/problem";
import type { HeldGroup, QuarantinedRow } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { VirtualTable } from "@/ui/virtual-table";

import { rowsQuery } from "../api/quarantine";
import type { QuarantineSearch } from "../api/search";
import type { Rights, Task } from "./kinds";
import css from "./quarantine.module.css";
import { rowColumns } from "./row-columns";

interface RowsPanelProps {
  readonly search: QuarantineSearch;
  readonly chosen: HeldGroup | undefined;
  readonly rights: Rights;
  readonly onTask: (task: Task) => void;
}

/** The server takes so many at once; whole kinds go through their own buttons. */
const MOST_TICKED = 5000;

export function RowsPanel({ search, chosen, rights, onTask }: RowsPanelProps) {
  const pages = useInfiniteQuery(rowsQuery(search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const { fetchNextPage, isFetchingNextPage } = pages;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const pickable = rights.handIn || rights.giveUp;
  const ticked = rows.filter((row) => picked.has(row.id) && row.outcome === "");
  const toggle = useCallback((id: string) => {
    setPicked((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const columns = useMemo(() => rowColumns(pickable ? { picked, toggle } : undefined), [pickable, picked, toggle]);
  return (
    <Panel
      title="Rows"
      note={chosen === undefined ? "newest first; what they say is shown row by row" : `${words(chosen.reason)}, ${chosen.source}/${chosen.object}`}
      actions={
        search.reason === undefined ? undefined : (
          <Link to="/quarantine" search={{ standing: search.standing, q: search.q, source: undefined }} resetScroll={false}>
            Show every kind
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
      ) : rows.length === 0 ? (
        <Empty icon="check" title="No such rows">
          Whatever was here is settled.
        </Empty>
      ) : (
        <>
          {pickable ? (
            <Ticked rows={rows} ticked={ticked} rights={rights} onPick={setPicked} onTask={onTask} />
          ) : null}
          <VirtualTable
            label="Held rows"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            rowHeight={44}
            more={pages.hasNextPage}
            onMore={more}
            stale={pages.isPlaceholderData}
          />
        </>
      )}
    </Panel>
  );
}

interface TickedProps {
  readonly rows: readonly QuarantinedRow[];
  readonly ticked: readonly QuarantinedRow[];
  readonly rights: Rights;
  readonly onPick: (ids: ReadonlySet<string>) => void;
  readonly onTask: (task: Task) => void;
}

function Ticked({ rows, ticked, rights, onPick, onTask }: TickedProps) {
  const open = rows.filter((row) => row.outcome === "").slice(0, MOST_TICKED);
  const all = open.length > 0 && ticked.length === open.length;
  const fields = new Set(ticked.map((row) => row.field));
  const name = ticked.length === 1 ? "the row that is ticked" : `the ${count(ticked.length)} rows that are ticked`;
  const task = {
    choice: { ids: ticked.map((row) => row.id) },
    rows: ticked.length,
    name,
    field: fields.size === 1 ? [...fields].join("") : "",
    onDone: () => onPick(new Set()),
  };
  return (
    <div className={css["ticked"]}>
      <label className={css["all"]}>
        <input
          type="checkbox"
          checked={all}
          disabled={open.length === 0}
          onChange={() => onPick(new Set(all ? [] : open.map((row) => row.id)))}
        />
        {ticked.length === 0 ? `Tick the ${count(open.length)} open rows listed so far` : `${count(ticked.length)} ticked`}
      </label>
      {ticked.length === 0 ? null : (
        <>
          {rights.handIn && ticked.some((row) => row.mendable) ? (
            <Button variant="default" onClick={() => onTask({ kind: "hand-in", ...task })}>
              Hand in again…
            </Button>
          ) : null}
          {rights.giveUp ? (
            <Button variant="default" onClick={() => onTask({ kind: "discard", ...task })}>
              Give up…
            </Button>
          ) : null}
          <Button variant="subtle" onClick={() => onPick(new Set())}>
            Untick
          </Button>
        </>
      )}
      <span role="status" className="hidden-visually">
        {ticked.length === 0 ? "" : `${count(ticked.length)} rows ticked`}
      </span>
    </div>
  );
}
