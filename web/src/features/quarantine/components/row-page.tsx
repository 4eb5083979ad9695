/** One held row: why it is held, where it came from, what it says as far as one may see it, and mending it by hand. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { HeldRow } from "@/api/types";
import { useShortcuts } from "@/lib/keys";
import { words } from "@/lib/labels";
import { Badge } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failure, Lines } from "@/ui/states";
import { Zone } from "@/ui/zone";

import { nextQuery, rowQuery } from "../api/quarantine";
import { WHOLE_ROW } from "../api/search";
import { DiscardDialog } from "./discard-dialog";
import { HandInDialog } from "./hand-in-dialog";
import { OUTCOMES, type Rights, type Task } from "./kinds";
import { RightsNote } from "./rights-note";
import { RowFacts } from "./row-facts";
import { RowValues } from "./row-values";
import css from "./row-page.module.css";

const route = getRouteApi("/_in/quarantine/$row");

export function RowPage() {
  const { row: id } = route.useParams();
  const session = useSession();
  const row = useQuery(rowQuery(id));
  const rights = {
    handIn: may(session, "resubmit_quarantine", "stewardship"),
    giveUp: may(session, "discard_quarantine", "stewardship"),
    show: may(session, "show_held_row", "stewardship"),
  };
  return (
    <Page
      title={`Row ${id}`}
      about={
        <>
          A row that was not let in; that you looked at it is in the audit · <Zone />
        </>
      }
      actions={
        <>
          <Link to="/quarantine" search={row.data === undefined ? {} : kindOf(row.data)} className={css["back"]}>
            <Icon name="back" size={14} /> {row.data === undefined ? "The quarantine" : "Rows like it"}
          </Link>
          {row.data === undefined ? null : <Next held={row.data} />}
        </>
      }
    >
      {row.isPending ? (
        <Panel>
          <Lines count={10} height={14} gap={16} />
        </Panel>
      ) : row.error !== null ? (
        <Panel>
          <Failure problem={asProblem(row.error)} onRetry={() => void row.refetch()} />
        </Panel>
      ) : (
        <Opened key={id} held={row.data} rights={rights} />
      )}
    </Page>
  );
}

/** The next open row that broke in the same way, also by a key: for whoever mends one after another. */
function Next({ held }: { readonly held: HeldRow }) {
  const next = useQuery(nextQuery(held.row)).data ?? null;
  const navigate = route.useNavigate();
  useShortcuts(next === null ? [] : [{ keys: "n", run: () => void navigate({ to: "/quarantine/$row", params: { row: next } }) }]);
  if (next === null) return null;
  return (
    <Link to="/quarantine/$row" params={{ row: next }} className={css["back"]} aria-keyshortcuts="n" title="Next open row like it (N)">
      Next like it <Icon name="right" size={14} />
    </Link>
  );
}

function kindOf({ row }: HeldRow) {
  const { source, object, version, reason, field } = row;
  return { source, object, version, reason, field: field === "" ? WHOLE_ROW : field };
}

function Opened({ held, rights }: { readonly held: HeldRow; readonly rights: Rights }) {
  const [edits, setEdits] = useState<Readonly<Record<string, string>>>({});
  const [task, setTask] = useState<Task | null>(null);
  const { row } = held;
  const open = row.outcome === "";
  const editable = open && rights.handIn && row.mendable;
  const changed = Object.keys(edits).length;
  const choice = {
    choice: { ids: [row.id] },
    rows: 1,
    name: `row ${row.id} of ${row.source}/${row.object}`,
    field: row.field,
    onDone: () => setEdits({}),
  };

  function edit(path: string, value: string | undefined) {
    setEdits((old) => {
      const others = Object.entries(old).filter(([name]) => name !== path);
      return Object.fromEntries(value === undefined ? others : [...others, [path, value]]);
    });
  }

  return (
    <>
      <RightsNote rights={rights} />
      <Panel
        title={words(row.reason)}
        note={row.field === "" ? undefined : <span className="mono">{row.field}</span>}
        actions={
          open ? (
            <Badge tone={row.refused ? "bad" : "warn"} icon={row.refused ? "lock" : undefined}>
              {row.refused ? "Refused" : "Open"}
            </Badge>
          ) : (
            <Badge tone={row.outcome === "resubmitted" ? "good" : "calm"} icon="check">
              {words(OUTCOMES[row.outcome] ?? row.outcome)}
            </Badge>
          )
        }
      >
        <RowFacts held={held} />
      </Panel>
      <Panel title="What it says" note={editable ? "change what is wrong, then hand it in again" : undefined} flush>
        {held.withheld === "" ? null : (
          <p className={css["withheld"]}>
            <Icon name="lock" size={14} /> {held.withheld}
          </p>
        )}
        {held.line === "" ? null : <pre className={css["raw"]}>{held.line}</pre>}
        {held.values.length === 0 ? null : <RowValues values={held.values} edits={editable ? edits : undefined} onEdit={edit} reason={row.message} />}
      </Panel>
      {open && (editable || rights.giveUp) ? (
        <div className={css["bar"]} role="group" aria-label="What to do with this row">
          <span className={css["changed"]} role="status">
            {changed === 0 ? "Nothing changed" : `${changed} ${changed === 1 ? "property" : "properties"} changed`}
          </span>
          {changed === 0 ? null : (
            <Button variant="subtle" onClick={() => setEdits({})}>
              Undo
            </Button>
          )}
          {rights.giveUp ? (
            <Button variant="default" onClick={() => setTask({ kind: "discard", ...choice })}>
              Give up…
            </Button>
          ) : null}
          {editable ? (
            <Button onClick={() => setTask({ kind: "hand-in", ...choice, corrections: changed === 0 ? undefined : edits })}>Hand in again…</Button>
          ) : null}
        </div>
      ) : null}
      {task?.kind === "hand-in" ? <HandInDialog task={task} onClose={() => setTask(null)} /> : null}
      {task?.kind === "discard" ? <DiscardDialog task={task} onClose={() => setTask(null)} /> : null}
    </>
  );
}
