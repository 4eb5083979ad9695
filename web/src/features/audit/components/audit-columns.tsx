/** How one audit record is read in a row. */
import { Link } from "@tanstack/react-router";

import type { AuditEntry } from "@/api/types";
import { clock, count, day, exact } from "@/lib/format";
import { done, words } from "@/lib/labels";
import { Badge, type Tone } from "@/ui/badge";
import type { Column } from "@/ui/virtual-table";

import css from "./audit.module.css";

export const AUDIT_COLUMNS: readonly Column<AuditEntry>[] = [
  {
    key: "at",
    title: "When",
    width: "96px",
    cell: (row) => (
      <time dateTime={row.at} title={exact(row.at)} className={css["two"]}>
        <span>{day(row.at)}</span>
        <span className={css["second"]}>{clock(row.at)}</span>
      </time>
    ),
  },
  {
    key: "actor",
    title: "Who",
    width: "minmax(110px, 0.9fr)",
    cell: (row) => <Two first={row.actor} second={words(row.role)} />,
  },
  {
    key: "action",
    title: "What",
    width: "minmax(140px, 1.2fr)",
    cell: (row) => (row.action === "" ? words(row.kind) : <Two first={done(row.action)} second={words(row.kind)} />),
  },
  {
    key: "purpose",
    title: "For",
    width: "minmax(90px, 0.8fr)",
    cell: (row) => <Two first={words(row.purpose)} second={row.channel === "" ? "" : `by ${row.channel}`} />,
  },
  { key: "customer", title: "Customer", width: "minmax(110px, 0.9fr)", cell: (row) => <Customers ids={row.customers} /> },
  { key: "outcome", title: "Answer", width: "minmax(120px, 1.5fr)", cell: (row) => <Outcome row={row} /> },
];

function Two({ first, second }: { readonly first: string; readonly second: string }) {
  return (
    <div className={css["two"]}>
      <span className="cut">{first}</span>
      {second === "" ? null : <span className={css["second"]}>{second}</span>}
    </div>
  );
}

/** The first customer of a record, leading to all that was done to them; and how many more there are. */
function Customers({ ids }: { readonly ids: readonly string[] }) {
  const [id] = ids;
  if (id === undefined) return <span className="dim">–</span>;
  return (
    <div className={css["two"]}>
      <Link to="/audit" search={(old) => ({ ...old, customer: id })} className="mono" title={`All records of ${id}`}>
        {id.slice(0, 8)}…{id.slice(-4)}
      </Link>
      {ids.length > 1 ? <span className={css["second"]}>and {count(ids.length - 1)} more</span> : null}
    </div>
  );
}

const TONES: readonly (readonly [RegExp, Tone])[] = [
  [/refus|den|fail/, "bad"],
  [/grant|allow|permit|done|ok|shown|signed/, "good"],
];

function Outcome({ row }: { readonly row: AuditEntry }) {
  const tone = TONES.find(([pattern]) => pattern.test(row.outcome))?.[1] ?? "calm";
  const details = Object.entries({ ...row.counts, ...row.details }).map(([key, value]) => `${words(key)}: ${value}`);
  const asked = row.data_classes.length === 0 ? [] : [`data: ${row.data_classes.join(", ")}`];
  const by = row.controller === "" ? [] : [`for: ${row.controller}`];
  const said = [...row.reasons, ...by, ...asked, ...details].join("; ");
  return (
    <div className={css["outcome"]} title={said}>
      <Badge tone={tone}>{words(row.outcome)}</Badge>
      <span className={css["second"]}>{said}</span>
    </div>
  );
}
