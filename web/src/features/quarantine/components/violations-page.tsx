/** What messages and rows broke of their contracts, by source and version: for whoever mends the sender. */
import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import type { HeldGroup } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { useUrlText } from "@/lib/url-text";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { ScrollX } from "@/ui/scroll-x";
import { Empty, Failure, Lines } from "@/ui/states";
import { When } from "@/ui/when";
import { Zone } from "@/ui/zone";

import { kindsQuery } from "../api/quarantine";
import type { ViolationsSearch } from "../api/violations";
import { asSearch, fits, kindKey } from "./kinds";
import { byVersion } from "./violations";
import css from "./violations.module.css";

const route = getRouteApi("/_in/violations");

export function ViolationsPage() {
  const search = route.useSearch();
  const kinds = useQuery(kindsQuery({ standing: "all" }));
  const all = kinds.data ?? [];
  const found = all.filter((kind) => fits(kind, search.q) && (search.source === undefined || kind.source === search.source));
  return (
    <Page
      title="Violations"
      about={
        <>
          What was sent against the contracts and tracking plans, since the beginning, settled or not · <Zone />
        </>
      }
      actions={<Link to="/quarantine">The quarantine</Link>}
    >
      {kinds.isPending ? (
        <Panel>
          <Lines count={8} height={14} gap={18} />
        </Panel>
      ) : kinds.error !== null ? (
        <Panel>
          <Failure problem={asProblem(kinds.error)} onRetry={() => void kinds.refetch()} />
        </Panel>
      ) : (
        <>
          <Filters search={search} sources={[...new Set(all.map(({ source }) => source))].sort()} />
          {found.length === 0 ? (
            <Panel>
              <Empty icon="check" title={all.length === 0 ? "Nothing was held" : "Nothing fits"}>
                {all.length === 0 ? "Every row so far kept the promises of its contract." : "Sources, events, properties and reasons are searched."}
              </Empty>
            </Panel>
          ) : (
            byVersion(found).map(({ key, source, version, kinds: of, rows }) => (
              <Panel
                key={key}
                title={`${source} ${version}`}
                note={`${count(rows)} ${rows === 1 ? "row" : "rows"}`}
                actions={
                  <Link to="/sources/$source" params={{ source }} search={{ version }} hash="contract">
                    Contract
                  </Link>
                }
                flush
              >
                <Table kinds={of} label={`Violations of ${source} ${version}`} />
              </Panel>
            ))
          )}
        </>
      )}
    </Page>
  );
}

function Filters({ search, sources }: { readonly search: ViolationsSearch; readonly sources: readonly string[] }) {
  const navigate = route.useNavigate();
  function change(part: ViolationsSearch) {
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  }
  const [text, setText] = useUrlText(search.q, (typed) => change({ q: typed }));
  return (
    <div className={css["filters"]} role="search" aria-label="Filter the violations">
      <TextInput
        className={css["text"]}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Event, property, reason"
        aria-label="Search the violations"
        data-hotkey="/"
        leftSection={<Icon name="search" size={14} />}
      />
      <Select
        className={css["source"]}
        aria-label="Source"
        data={[{ value: "", label: "All sources" }, ...sources.map((value) => ({ value, label: value }))]}
        value={search.source ?? ""}
        onChange={(value) => change({ source: value === "" || value === null ? undefined : value })}
      />
    </div>
  );
}

function Table({ kinds, label }: { readonly kinds: readonly HeldGroup[]; readonly label: string }) {
  return (
    <ScrollX label={label}>
      <table className={css["table"]} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Event or object</th>
            <th scope="col">Property</th>
            <th scope="col">What broke</th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
            <th scope="col" className="number">
              Rows
            </th>
            <th scope="col" className="number">
              Open
            </th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kindKey(kind)}>
              <td>
                <Link
                  className={css["event"]}
                  to="/sources/$source"
                  params={{ source: kind.source }}
                  search={{ version: kind.version, object: kind.object }}
                  hash="contract"
                >
                  {kind.object}
                </Link>
              </td>
              <td className={css["property"]}>
                {kind.field === "" ? <span className="dim">the whole row</span> : <span className="mono">{kind.field}</span>}
              </td>
              <td>
                <span>{words(kind.reason)}</span>
                <span className={`dim ${css["message"] ?? ""}`}>{kind.message}</span>
              </td>
              <td className={css["when"]}>
                <When at={kind.first_at} />
              </td>
              <td className={css["when"]}>
                <When at={kind.last_at} />
              </td>
              <td className="number">
                <Link
                  to="/quarantine"
                  search={{ ...asSearch(kind), standing: "all" }}
                  aria-label={`${count(kind.rows)} rows: ${words(kind.reason)}, ${kind.object} ${kind.field}`}
                >
                  {count(kind.rows)}
                </Link>
              </td>
              <td className="number">{count(kind.open)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
