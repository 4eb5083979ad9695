/**
 * A long table that scrolls with the page: only the rows in sight exist, and the next page is asked for
 * before its first row comes into sight. Roles and row numbers are written out, because a grid of divs has none.
 */
import { Skeleton } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

import { useOffset } from "./offset";
import { ScrollX } from "./scroll-x";
import css from "./virtual-table.module.css";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** The title is only read aloud: the column says by itself what it is. */
  readonly quiet?: boolean;
  /** A grid track: "96px", "minmax(0, 1fr)". */
  readonly width: string;
  readonly numeric?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowHeight: number;
  readonly more: boolean;
  readonly onMore: () => void;
  readonly stale?: boolean;
}

const AHEAD_ROWS = 30;

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, rowKey, rowHeight, more, onMore, stale = false } = props;
  const body = useRef<HTMLDivElement>(null);
  const margin = useOffset(body);
  const virtual = useWindowVirtualizer({
    count: rows.length + (more ? 1 : 0),
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: margin,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD_ROWS) onMore();
  }, [more, last, rows.length, onMore]);

  const template = { gridTemplateColumns: columns.map((column) => column.width).join(" ") };
  return (
    <ScrollX label={`Columns of ${label.toLowerCase()}`} role="group" narrowOnly>
      <div role="table" aria-label={label} aria-rowcount={more ? -1 : rows.length + 1} className={css["table"]} data-stale={stale}>
        <div role="rowgroup" className={css["head"]}>
          <div role="row" aria-rowindex={1} className={css["row"]} style={template}>
            {columns.map((column) => (
              <span key={column.key} role="columnheader" data-numeric={column.numeric ?? false}>
                {column.quiet === true ? <span className="hidden-visually">{column.title}</span> : column.title}
              </span>
            ))}
          </div>
        </div>
        <div ref={body} role="rowgroup" className={css["body"]} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            const place = { ...template, height: rowHeight, transform: `translateY(${start - margin}px)` };
            if (row === undefined) {
              return (
                <div key="more" role="row" className={css["row"]} style={place}>
                  <span role="cell" className={css["loading"]}>
                    <Skeleton height={10} width="60%" />
                    <span className="hidden-visually">Loading more rows</span>
                  </span>
                </div>
              );
            }
            return (
              <div key={rowKey(row)} role="row" aria-rowindex={index + 2} className={css["row"]} style={place}>
                {columns.map((column) => (
                  <div key={column.key} role="cell" data-numeric={column.numeric ?? false}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </ScrollX>
  );
}
