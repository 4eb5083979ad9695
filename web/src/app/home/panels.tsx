/** The state of the rooms a role works in, each a short answer with a way in. */
import { type UseQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { asProblem } from "@/api/problem";
import type { AuditEntry, SegmentView, SourceView, SubjectRequest } from "@/api/types";
import { auditQuery } from "@/features/audit/api/audit";
import { requestsQuery } from "@/features/requests/api/requests";
import { Deadline } from "@/features/requests/components/deadline";
import { kindName } from "@/features/requests/components/sayings";
import { segmentsQuery } from "@/features/segments/api/segments";
import { sourcesQuery } from "@/features/sources/api/sources";
import { total, unexplained } from "@/features/sources/components/accounting";
import { Overdue } from "@/features/sources/components/freshness";
import { count } from "@/lib/format";
import { done } from "@/lib/labels";
import { SourceTag } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { When } from "@/ui/when";

import css from "./home.module.css";

const MOST_ROWS = 6;

export function SourcesPanel() {
  const sources = useQuery(sourcesQuery);
  return (
    <Panel title="Sources" actions={<Link to="/sources">All sources</Link>} flush>
      <Loaded query={sources}>{({ items }) => <SourceFigures items={items} />}</Loaded>
    </Panel>
  );
}

function SourceFigures({ items }: { readonly items: readonly SourceView[] }) {
  const counts = total(items.map((source) => source.counts));
  const lost = unexplained(counts);
  return (
    <>
      <dl className={css["sum"]}>
        <Figure label="Offered" value={counts.offered} />
        <Figure label="Accepted" value={counts.accepted} />
        <Figure label="In quarantine" value={counts.quarantined} warn={counts.quarantined > 0} />
        {lost === 0 ? null : <Figure label="Unexplained" value={lost} warn />}
      </dl>
      <ul className={css["rows"]}>
        {items.map((source) => (
          <li key={source.name}>
            <SourceTag source={source.name} />
            {source.overdue ? <Overdue /> : null}
            <span className={css["end"]}>
              {count(source.counts.accepted)} accepted,{" "}
              {source.last_arrival_at === null ? "nothing yet" : <When at={source.last_arrival_at} style="ago" />}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function SegmentsPanel() {
  const segments = useQuery(segmentsQuery);
  return (
    <Panel title="Segments" actions={<Link to="/segments">All segments</Link>} flush>
      <Loaded query={segments}>{({ items }) => <SegmentRows items={items} />}</Loaded>
    </Panel>
  );
}

function SegmentRows({ items }: { readonly items: readonly SegmentView[] }) {
  if (items.length === 0) return <Empty icon="layers" title="No segment is published" />;
  return (
    <ul className={css["rows"]}>
      {items.slice(0, MOST_ROWS).map((segment) => (
        <li key={segment.id}>
          <Link to="/segments/$segment" params={{ segment: segment.id }}>
            {segment.name}
          </Link>
          <span className={css["end"]}>{segment.owner}</span>
        </li>
      ))}
    </ul>
  );
}

export function RequestsPanel() {
  const requests = useQuery(requestsQuery("open"));
  return (
    <Panel title="Requests to answer" actions={<Link to="/requests">All requests</Link>} flush>
      <Loaded query={requests}>{({ items }) => <RequestRows items={items} />}</Loaded>
    </Panel>
  );
}

function RequestRows({ items }: { readonly items: readonly SubjectRequest[] }) {
  if (items.length === 0) return <Empty icon="check" title="Nobody waits for an answer" />;
  return (
    <ul className={css["rows"]}>
      {items.slice(0, MOST_ROWS).map((request) => (
        <li key={request.id}>
          <Link to="/requests/$request" params={{ request: request.id }}>
            {kindName(request.kind)}
          </Link>
          <Deadline request={request} />
          <span className={css["end"]}>
            due <When at={request.due_on} />
          </span>
        </li>
      ))}
    </ul>
  );
}

export function AuditPanel() {
  const audit = useInfiniteQuery(auditQuery({}));
  const rows = audit.data?.pages[0]?.items ?? [];
  return (
    <Panel title="Latest in the audit" actions={<Link to="/audit">All records</Link>} flush>
      {audit.isPending ? (
        <Waiting />
      ) : audit.error !== null ? (
        <Failure problem={asProblem(audit.error)} />
      ) : rows.length === 0 ? (
        <Empty icon="shield" title="Nothing on record" />
      ) : (
        <AuditRows rows={rows.slice(0, MOST_ROWS)} />
      )}
    </Panel>
  );
}

function AuditRows({ rows }: { readonly rows: readonly AuditEntry[] }) {
  return (
    <ul className={css["rows"]}>
      {rows.map((row) => (
        <li key={row.id}>
          <strong>{row.actor}</strong> {done(row.action === "" ? row.kind : row.action).toLowerCase()}
          <span className={css["end"]}>
            <When at={row.at} style="ago" />
          </span>
        </li>
      ))}
    </ul>
  );
}

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}

function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.isPending) return <Waiting />;
  if (query.error !== null) return <Failure problem={asProblem(query.error)} onRetry={() => void query.refetch()} />;
  return children(query.data);
}

function Waiting() {
  return (
    <div style={{ padding: 14 }}>
      <Lines count={5} />
    </div>
  );
}

function Figure({ label, value, warn = false }: { readonly label: string; readonly value: number; readonly warn?: boolean }) {
  return (
    <div className={css["figure"]} data-tone={warn ? "warn" : undefined}>
      <dt>{label}</dt>
      <dd>{count(value)}</dd>
    </div>
  );
}
