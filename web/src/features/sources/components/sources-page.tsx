/** Where data comes from: contracts, what came through each door, what waits in quarantine and why. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";

import { sourcesQuery } from "../api/sources";
import { total } from "./accounting";
import { AccountingLine } from "./accounting-line";
import { Quarantine } from "./quarantine";
import { SourceTable } from "./source-table";

const route = getRouteApi("/_in/sources");

export function SourcesPage() {
  const session = useSession();
  const search = route.useSearch();
  const sources = useQuery(sourcesQuery);
  return (
    <Page title="Sources" about="What every system of record offered, and what became of each row.">
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
          </Panel>
          <SourceTable sources={sources.data.items} open={search.source} />
        </>
      )}
      {may(session, "list_quarantine", "stewardship") ? <Quarantine search={search} /> : null}
    </Page>
  );
}
