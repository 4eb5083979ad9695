/** What people asked about their own data, and until when each is to be answered; those that are due come first. */
import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { RequestList, SubjectRequest } from "@/api/types";
import { count } from "@/lib/format";
import { useUrlText } from "@/lib/url-text";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { VirtualTable } from "@/ui/virtual-table";
import { Zone } from "@/ui/zone";

import { requestsQuery } from "../api/requests";
import { type RequestsSearch, type State, KINDS, STATES } from "../api/search";
import { REQUEST_COLUMNS } from "./request-columns";
import css from "./requests.module.css";
import { fits, isOverdue, kindName } from "./sayings";

const route = getRouteApi("/_in/requests");

export function RequestsPage() {
  const search = route.useSearch();
  const session = useSession();
  const state = search.state ?? "open";
  const list = useQuery(requestsQuery(state));
  const rows = (list.data?.items ?? []).filter((one) => fits(one, search));
  const refused = list.error !== null && asProblem(list.error).status === 403;
  return (
    <Page
      title="Requests"
      about={
        <>
          What people ask about their own data: to see it, take it with them, have it erased, corrected or left alone · <Zone />
        </>
      }
      actions={
        !refused && may(session, "open_request", "compliance") ? (
          <Button component={Link} to="/requests/new" variant="default">
            Open a request
          </Button>
        ) : undefined
      }
    >
      <Panel flush title="Requests of data subjects" note={list.data === undefined ? undefined : <Sum list={list.data} rows={rows} />}>
        {refused ? null : <Filters search={search} />}
        {list.isPending ? (
          <div className={css["loading"]}>
            <Lines count={8} height={14} gap={20} />
          </div>
        ) : list.error !== null ? (
          <Failure problem={asProblem(list.error)} onRetry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          <Nothing state={state} some={list.data.items.length > 0} />
        ) : (
          <VirtualTable
            label="Requests"
            columns={REQUEST_COLUMNS}
            rows={rows}
            rowKey={(row) => row.id}
            rowHeight={46}
            more={false}
            onMore={() => undefined}
            stale={list.isPlaceholderData}
          />
        )}
        {list.data?.more === true ? (
          <p className={css["note"]}>Only the first {count(list.data.items.length)} are listed; one that is not can be opened by its id.</p>
        ) : null}
      </Panel>
    </Page>
  );
}

/** Of a whole list the server counts what is overdue, also beyond its end; of a part it is counted here. */
function Sum({ list, rows }: { readonly list: RequestList; readonly rows: readonly SubjectRequest[] }) {
  const overdue = rows.length === list.items.length ? list.overdue : rows.filter(isOverdue).length;
  return (
    <>
      {count(rows.length)} listed
      {overdue === 0 ? null : <span className={css["overdue"]}>, {count(overdue)} overdue</span>}
    </>
  );
}

const NOTHING: Readonly<Record<State, readonly [string, string]>> = {
  open: ["Nobody waits for an answer", "Whatever was asked is answered. A new request can be opened here, or from a customer’s page."],
  overdue: ["Nothing is overdue", "Every open request is still within its time."],
  ended: ["No request has ended yet", "Completed, refused and cancelled ones stay here, also when the customer was erased."],
  all: ["Nobody has asked for anything yet", "Requests come from programs of a controller, from the command line, or are opened here."],
};

function Nothing({ state, some }: { readonly state: State; readonly some: boolean }) {
  if (some) {
    return (
      <Empty icon="search" title="No request fits">
        Ids of customers and of requests are looked for, by their beginning.
      </Empty>
    );
  }
  const [title, text] = NOTHING[state];
  return (
    <Empty icon="check" title={title}>
      {text}
    </Empty>
  );
}

const STATE_LABELS: Readonly<Record<State, string>> = { open: "Open", overdue: "Overdue", ended: "Ended", all: "All" };

function Filters({ search }: { readonly search: RequestsSearch }) {
  const navigate = route.useNavigate();
  function change(part: RequestsSearch) {
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  }
  const [text, setText] = useUrlText(search.q, (typed) => change({ q: typed }));
  return (
    <div className={css["filters"]} role="search" aria-label="Filter the requests">
      <TextInput
        className={css["text"]}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Id of a customer or a request"
        aria-label="Id of a customer or a request"
        data-hotkey="/"
        leftSection={<Icon name="search" size={14} />}
      />
      <Select
        className={css["select"]}
        aria-label="What is asked for"
        data={[{ value: "", label: "All kinds" }, ...KINDS.map((value) => ({ value, label: kindName(value) }))]}
        value={search.kind ?? ""}
        onChange={(value) => change({ kind: KINDS.find((one) => one === value) })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Which requests"
        data={STATES.map((value) => ({ value, label: STATE_LABELS[value] }))}
        value={search.state ?? "open"}
        onChange={(value) => change({ state: STATES.find((one) => one === value && one !== "open") })}
      />
    </div>
  );
}
