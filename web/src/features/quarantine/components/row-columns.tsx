/** How one held row is read in a line. */
import { Link } from "@tanstack/react-router";

import type { QuarantinedRow } from "@/api/types";
import { words } from "@/lib/labels";
import { Badge, SourceTag } from "@/ui/badge";
import type { Column } from "@/ui/virtual-table";
import { When } from "@/ui/when";

import { OUTCOMES } from "./kinds";
import css from "./quarantine.module.css";

interface Picking {
  readonly picked: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
}

export function rowColumns(picking: Picking | undefined): readonly Column<QuarantinedRow>[] {
  return picking === undefined ? COLUMNS : [tick(picking), ...COLUMNS];
}

function tick({ picked, toggle }: Picking): Column<QuarantinedRow> {
  return {
    key: "tick",
    title: "Tick",
    quiet: true,
    width: "22px",
    cell: (row) =>
      row.outcome === "" ? (
        <input
          type="checkbox"
          className={css["tick"]}
          aria-label={`Row ${row.id}`}
          checked={picked.has(row.id)}
          onChange={() => toggle(row.id)}
        />
      ) : null,
  };
}

const COLUMNS: readonly Column<QuarantinedRow>[] = [
  {
    key: "row",
    title: "Row",
    width: "minmax(64px, 0.4fr)",
    cell: (row) => (
      <Link to="/quarantine/$row" params={{ row: row.id }} aria-label={`Open row ${row.id}`}>
        #{row.id}
      </Link>
    ),
  },
  { key: "at", title: "Held", width: "minmax(128px, 0.9fr)", cell: (row) => <When at={row.at} style="both" /> },
  {
    key: "source",
    title: "From",
    width: "minmax(120px, 1fr)",
    cell: (row) => <Two first={<SourceTag source={row.source} />} second={`${row.object} v${row.version}`} />,
  },
  { key: "reason", title: "Reason", width: "minmax(120px, 1.2fr)", cell: (row) => <Two first={words(row.reason)} second={row.place} /> },
  { key: "field", title: "Property", width: "minmax(100px, 1fr)", cell: (row) => <span className={`mono ${css["property"] ?? ""}`} title={row.field}>{row.field}</span> },
  { key: "outcome", title: "Stands", width: "minmax(110px, 0.7fr)", cell: (row) => <Stands row={row} /> },
];

function Two({ first, second }: { readonly first: React.ReactNode; readonly second: string }) {
  return (
    <div className={css["two"]}>
      <span className="cut">{first}</span>
      {second === "" ? null : <span className={css["second"]}>{second}</span>}
    </div>
  );
}

function Stands({ row }: { readonly row: QuarantinedRow }) {
  if (row.outcome !== "") return <Badge tone={row.outcome === "resubmitted" ? "good" : "calm"}>{OUTCOMES[row.outcome] ?? words(row.outcome)}</Badge>;
  return row.refused ? (
    <Badge tone="bad" icon="lock">
      Refused
    </Badge>
  ) : (
    <Badge tone="warn">Open</Badge>
  );
}
