/** One source: its account as a whole, by day and by delivery, and what its contract promises. */
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useEffect } from "react";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { SourceDetail } from "@/api/types";
import { count } from "@/lib/format";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failure, Lines } from "@/ui/states";
import { Zone } from "@/ui/zone";

import { sourceQuery } from "../api/sources";
import { AccountingLine } from "./accounting-line";
import { ContractPanel } from "./contract-panel";
import { DaysChart } from "./days-chart";
import { Freshness } from "./freshness";
import { RunsTable } from "./runs-table";
import css from "./source-page.module.css";

const route = getRouteApi("/_in/sources/$source");

export function SourcePage() {
  const { source } = route.useParams();
  const { version } = route.useSearch();
  const session = useSession();
  const detail = useQuery(sourceQuery(source, version));
  const about = detail.data?.source.about;
  return (
    <Page
      title={source}
      tab={`Source ${source}`}
      about={
        <>
          {about === undefined || about === "" ? "A source" : about} · <Zone />
        </>
      }
      actions={
        may(session, "list_quarantine", "stewardship") ? (
          <>
            <Link to="/quarantine" search={{ source }}>
              Its quarantine
            </Link>
            <Link to="/violations" search={{ source }}>
              Its violations
            </Link>
          </>
        ) : undefined
      }
    >
      {detail.isPending ? (
        <Panel>
          <Lines count={10} height={14} gap={18} />
        </Panel>
      ) : detail.error !== null ? (
        <Panel>
          <Failure problem={asProblem(detail.error)} onRetry={() => void detail.refetch()} />
        </Panel>
      ) : (
        <Detail detail={detail.data} />
      )}
    </Page>
  );
}

function Detail({ detail }: { readonly detail: SourceDetail }) {
  const { source } = detail;
  // A link to a part of the page leads there once the part is there.
  useEffect(() => {
    const part = location.hash === "" ? null : document.getElementById(location.hash.slice(1));
    part?.scrollIntoView({ block: "start" });
  }, []);
  return (
    <>
      <Panel
        title="Account"
        note="since the beginning"
        actions={
          <div className={css["fresh"]}>
            <Freshness source={source} />
          </div>
        }
      >
        <AccountingLine counts={source.counts} />
      </Panel>
      <Panel title="By day" note="what came through all of its doors, days in UTC">
        <DaysChart days={detail.days} today={new Date().toISOString().slice(0, 10)} />
      </Panel>
      <div id="deliveries" className={css["anchor"]}>
        <Panel title="Deliveries" note={`the last ${count(detail.runs.length)}; names of files are not kept, a mark tells them apart`} flush>
          <RunsTable runs={detail.runs} source={source.name} />
        </Panel>
      </div>
      <ContractPanel detail={detail} />
    </>
  );
}
