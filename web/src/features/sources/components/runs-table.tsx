/** The deliveries of a source, the newest first: how each came, by whom, and that every row of it is accounted for. */
import { Link } from "@tanstack/react-router";

import type { RunView } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge } from "@/ui/badge";
import { ScrollX } from "@/ui/scroll-x";
import { Empty } from "@/ui/states";
import { When } from "@/ui/when";

import { PARTS, unexplained } from "./accounting";
import { AccountingBar } from "./accounting-bar";
import css from "./source-page.module.css";

const WAYS: Readonly<Record<string, string>> = {
  files: "Load of files",
  query: "Query of the database",
  messages: "Messages over HTTP, a day",
  topics: "Messages of topics, a day",
  mended: "Handed in again from quarantine",
  stated: "Stated in Onefold, a day",
};

export function RunsTable({ runs, source }: { readonly runs: readonly RunView[]; readonly source: string }) {
  if (runs.length === 0) {
    return (
      <Empty icon="database" title="No delivery on record">
        Deliveries are counted from now on; what came before is in the account above.
      </Empty>
    );
  }
  return (
    <ScrollX label="Columns of the deliveries">
      <table className={css["runs"]} aria-label={`Deliveries of ${source}`}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">How</th>
            <th scope="col" className="number">
              Offered
            </th>
            {PARTS.map((part) => (
              <th key={part} scope="col" className="number">
                {words(part)}
              </th>
            ))}
            <th scope="col">Why not</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Run key={`${run.way} ${run.began_at}`} run={run} source={source} />
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function Run({ run, source }: { readonly run: RunView; readonly source: string }) {
  const lost = unexplained(run.counts);
  const daily = run.way === "messages" || run.way === "topics" || run.way === "stated";
  return (
    <tr>
      <td>
        <div className={css["when"]}>
          <When at={run.began_at} style={daily ? "day" : "both"} />
          <State state={run.state} daily={daily} />
        </div>
      </td>
      <td>
        <span className={css["way"]}>{WAYS[run.way] ?? words(run.way)}</span>
        <span className={css["small"]}>
          {[
            run.by === "" ? "" : `by ${run.by}`,
            run.files === 0 ? "" : `${count(run.files)} ${run.files === 1 ? "file" : "files"}`,
            run.mark === "" ? "" : `mark ${run.mark}`,
          ]
            .filter((part) => part !== "")
            .join(" · ")}
        </span>
      </td>
      <td className="number">
        {count(run.counts.offered)}
        <span className={css["bar"]}>
          <AccountingBar counts={run.counts} />
        </span>
      </td>
      {PARTS.map((part) => (
        <td key={part} className="number" data-zero={run.counts[part] === 0}>
          {count(run.counts[part])}
        </td>
      ))}
      <td className={css["why"]}>
        {lost === 0 ? null : (
          <Badge tone="bad" icon="alert">
            {count(lost)} unexplained
          </Badge>
        )}
        {Object.entries(run.reasons).map(([reason, rows]) => (
          <Link key={reason} to="/quarantine" search={{ source, reason, standing: "all" }}>
            {count(rows)} × {words(reason).toLowerCase()}
          </Link>
        ))}
      </td>
    </tr>
  );
}

function State({ state, daily }: { readonly state: string; readonly daily: boolean }) {
  if (state === "stopped") {
    return (
      <Badge tone="warn" icon="alert">
        Stopped before its end
      </Badge>
    );
  }
  if (state === "going_on") return <Badge tone="accent">{daily ? "Today" : "Going on"}</Badge>;
  return null;
}
