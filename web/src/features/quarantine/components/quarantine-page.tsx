/** What is held back: kinds of rows with what to do next, then the rows of the kind that is looked at. */
import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { HeldGroup } from "@/api/types";
import { count } from "@/lib/format";
import { useUrlText } from "@/lib/url-text";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { Zone } from "@/ui/zone";

import { kindsQuery } from "../api/quarantine";
import { type QuarantineSearch, STANDINGS } from "../api/search";
import { DiscardDialog } from "./discard-dialog";
import { HandInDialog } from "./hand-in-dialog";
import { KindList } from "./kind-list";
import { type Task, fits, isChosen } from "./kinds";
import css from "./quarantine.module.css";
import { RightsNote } from "./rights-note";
import { RowsPanel } from "./rows-panel";

const route = getRouteApi("/_in/quarantine");

export function QuarantinePage() {
  const search = route.useSearch();
  const session = useSession();
  const kinds = useQuery(kindsQuery(search));
  const [task, setTask] = useState<Task | null>(null);
  const found = (kinds.data ?? []).filter((kind) => fits(kind, search.q));
  const chosen = found.find((kind) => isChosen(kind, search));
  const rights = {
    handIn: may(session, "resubmit_quarantine", "stewardship"),
    giveUp: may(session, "discard_quarantine", "stewardship"),
    show: may(session, "show_held_row", "stewardship"),
  };
  const refused = kinds.error !== null && asProblem(kinds.error).status === 403;
  return (
    <Page
      title="Quarantine"
      about={
        <>
          Rows that broke their contract, encrypted and kept aside until somebody mends them or gives them up · <Zone />
        </>
      }
      actions={refused ? undefined : <Link to="/violations">By contract version</Link>}
    >
      {refused ? null : <RightsNote rights={rights} />}
      <Panel title="What is held, by kind" note={kinds.data === undefined ? undefined : <Sum kinds={found} />} flush>
        {refused ? null : <Filters search={search} kinds={kinds.data ?? []} />}
        {kinds.isPending ? (
          <div className={css["loading"]}>
            <Lines count={6} height={16} gap={22} />
          </div>
        ) : kinds.error !== null ? (
          <Failure problem={asProblem(kinds.error)} onRetry={() => void kinds.refetch()} />
        ) : found.length === 0 ? (
          <Nothing search={search} some={kinds.data.length > 0} />
        ) : (
          <KindList kinds={found} search={search} rights={rights} onTask={setTask} stale={kinds.isPlaceholderData} />
        )}
      </Panel>
      {kinds.data === undefined || found.length === 0 ? null : (
        <RowsPanel key={JSON.stringify({ ...search, q: undefined })} search={search} chosen={chosen} rights={rights} onTask={setTask} />
      )}
      {task?.kind === "hand-in" ? <HandInDialog task={task} onClose={() => setTask(null)} /> : null}
      {task?.kind === "discard" ? <DiscardDialog task={task} onClose={() => setTask(null)} /> : null}
    </Page>
  );
}

function Sum({ kinds }: { readonly kinds: readonly HeldGroup[] }) {
  const open = kinds.reduce((sum, kind) => sum + kind.open, 0);
  const settled = kinds.reduce((sum, kind) => sum + kind.rows, 0) - open;
  return (
    <>
      {count(open)} open, {count(settled)} settled
    </>
  );
}

function Nothing({ search, some }: { readonly search: QuarantineSearch; readonly some: boolean }) {
  if (some) {
    return (
      <Empty icon="search" title="No kind fits">
        Sources, objects, properties and reasons are searched; what the rows say is not.
      </Empty>
    );
  }
  const standing = search.standing ?? "open";
  return (
    <Empty icon="check" title={standing === "settled" ? "Nothing was settled yet" : "Nothing waits here"}>
      {standing === "all" ? "Every row so far kept the promises of its contract." : "Every row so far kept its contract, or was mended or given up."}
    </Empty>
  );
}

const STANDING_LABELS = { open: "Open", settled: "Settled", all: "All" } as const;

function Filters({ search, kinds }: { readonly search: QuarantineSearch; readonly kinds: readonly HeldGroup[] }) {
  const navigate = route.useNavigate();
  function change(part: QuarantineSearch) {
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  }
  const [text, setText] = useUrlText(search.q, (typed) => change({ q: typed }));
  const sources = [...new Set([...kinds.map((kind) => kind.source), ...(search.source === undefined ? [] : [search.source])])].sort();
  // Another source has other kinds: the one that was looked at is let go of.
  const fresh = { object: undefined, version: undefined, reason: undefined, field: undefined };
  return (
    <div className={css["filters"]} role="search" aria-label="Filter the quarantine">
      <TextInput
        className={css["text"]}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Source, object, property, reason"
        aria-label="Search the kinds"
        data-hotkey="/"
        leftSection={<Icon name="search" size={14} />}
      />
      <Select
        className={css["source"]}
        aria-label="Source"
        data={[{ value: "", label: "All sources" }, ...sources.map((value) => ({ value, label: value }))]}
        value={search.source ?? ""}
        onChange={(value) => change({ ...fresh, source: value === "" || value === null ? undefined : value })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Which rows"
        data={STANDINGS.map((value) => ({ value, label: STANDING_LABELS[value] }))}
        value={search.standing ?? "open"}
        onChange={(value) => change({ standing: STANDINGS.find((one) => one === value && one !== "open") })}
      />
    </div>
  );
}
