/** Where data comes from: contracts, and what came through each door. */
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import { count } from "@/lib/format";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";

import { sourcesQuery } from "../api/sources";
import { total } from "./accounting";
import { AccountingLine } from "./accounting-line";
import { SourceTable } from "./source-table";
import css from "./sources-page.module.css";

const route = getRouteApi("/_in/sources");

export function SourcesPage() {
  const session = useSession();
  const search = route.useSearch();
  const sources = useQuery(sourcesQuery);
  const late = (sources.data?.items ?? []).filter((source) => source.overdue).map((source) => source.name);
  return (
    <Page
      title="Sources"
      about="What every system of record offered, and what became of each row."
      actions={
        may(session, "list_quarantine", "stewardship") ? (
          <>
            <Link to="/quarantine">The quarantine</Link>
            <Link to="/violations">Violations</Link>
          </>
        ) : undefined
      }
    >
      {sources.isPending ? (
        <Panel>
          <Lines count={8} height={16} gap={18} />
        </Panel>
      ) : sources.error !== null ? (
        <Panel>
          <Failure problem={asProblem(sources.error)} onRetry={() => void sources.refetch()} />
        </Panel>
      ) : sources.data.items.length === 0 ? (
        <Panel>
          <Empty icon="database" title="No source yet">
            Publish a contract and load its first file: <code>onefold load SOURCE FOLDER</code>.
          </Empty>
        </Panel>
      ) : (
        <>
          <Panel>
            <AccountingLine counts={total(sources.data.items.map((source) => source.counts))} />
            {late.length === 0 ? null : <p className={css["late"]}>{lateWords(late)}</p>}
          </Panel>
          <SourceTable sources={sources.data.items} open={search.source} />
        </>
      )}
    </Page>
  );
}

function lateWords(late: readonly string[]): string {
  const [first] = late;
  return late.length === 1 && first !== undefined
    ? `${first} is late: nothing came within the time its contract promises.`
    : `${count(late.length)} sources are late: ${late.join(", ")}. Nothing came within the time their contracts promise.`;
}
