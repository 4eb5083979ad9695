/** Like the virtual table, for rows of their own shape and height: measured as they come into sight. */
import { Skeleton } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

import { useOffset } from "./offset";

interface VirtualListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly estimate: number;
  readonly render: (row: Row) => ReactNode;
  readonly more: boolean;
  readonly onMore: () => void;
  readonly stale: boolean;
}

const AHEAD_ROWS = 20;

export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { label, rows, rowKey, estimate, render, more, onMore, stale } = props;
  const place = useRef<HTMLDivElement>(null);
  const margin = useOffset(place);
  const virtual = useWindowVirtualizer({
    count: rows.length + (more ? 1 : 0),
    estimateSize: () => estimate,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? "more" : rowKey(row);
    },
    overscan: 10,
    scrollMargin: margin,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD_ROWS) onMore();
  }, [more, last, rows.length, onMore]);

  return (
    <div
      ref={place}
      role="list"
      aria-label={label}
      aria-busy={stale}
      style={{ position: "relative", height: virtual.getTotalSize(), opacity: stale ? 0.55 : 1 }}
    >
      {items.map(({ index, start, key }) => {
        const row = rows[index];
        return (
          <div
            key={String(key)}
            role="listitem"
            ref={virtual.measureElement}
            data-index={index}
            style={{ position: "absolute", top: 0, left: 0, width: "100%", transform: `translateY(${start - margin}px)` }}
          >
            {row === undefined ? <Skeleton height={12} m={14} width="50%" /> : render(row)}
          </div>
        );
      })}
    </div>
  );
}
