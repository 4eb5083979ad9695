/** The kinds of rows: what is wrong, where, since when, how many, what to do next, and the two ways out for all of them. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { HeldGroup } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge, SourceTag } from "@/ui/badge";
import { VirtualList } from "@/ui/virtual-list";
import { When } from "@/ui/when";

import type { QuarantineSearch } from "../api/search";
import { type Rights, type Task, asChoice, asSearch, isChosen, kindKey } from "./kinds";
import css from "./kind-list.module.css";

interface KindListProps {
  readonly kinds: readonly HeldGroup[];
  readonly search: QuarantineSearch;
  readonly rights: Rights;
  readonly onTask: (task: Task) => void;
  readonly stale: boolean;
}

export function KindList({ kinds, search, rights, onTask, stale }: KindListProps) {
  return (
    <VirtualList
      label="Kinds of held rows"
      rows={kinds}
      rowKey={kindKey}
      estimate={104}
      render={(kind) => <Kind kind={kind} search={search} rights={rights} onTask={onTask} />}
      more={false}
      onMore={() => undefined}
      stale={stale}
    />
  );
}

interface KindProps {
  readonly kind: HeldGroup;
  readonly search: QuarantineSearch;
  readonly rights: Rights;
  readonly onTask: (task: Task) => void;
}

function Kind({ kind, search, rights, onTask }: KindProps) {
  const chosen = isChosen(kind, search);
  const kept = { standing: search.standing, q: search.q };
  const settled = kind.resubmitted + kind.discarded;
  return (
    <div className={css["kind"]} data-chosen={chosen}>
      <div className={css["what"]}>
        <h3 className={css["title"]}>
          <Link
            to="/quarantine"
            search={chosen ? kept : { ...kept, ...asSearch(kind) }}
            resetScroll={false}
            title={chosen ? "Show the rows of every kind" : "Show the rows of this kind"}
          >
            {words(kind.reason)}
            {kind.field === "" ? null : <span className={css["field"]}>{kind.field}</span>}
          </Link>
        </h3>
        <p className={css["where"]}>
          <SourceTag source={kind.source} />
          <span>{kind.object}</span>
          <span>v{kind.version}</span>
          <span>
            {kind.first_at.slice(0, 10) === kind.last_at.slice(0, 10) ? null : (
              <>
                <When at={kind.first_at} /> –{" "}
              </>
            )}
            <When at={kind.last_at} />
          </span>
        </p>
        <p className={css["message"]}>{kind.message}</p>
        {kind.advice === "" || kind.open === 0 ? null : (
          <p className={css["advice"]}>
            <strong>Next:</strong> {kind.advice}
          </p>
        )}
      </div>
      <div className={css["numbers"]}>
        <span className={css["open"]} data-none={kind.open === 0}>
          {count(kind.open)} <span>open</span>
        </span>
        {kind.resubmitted === 0 ? null : <Badge tone="good">{count(kind.resubmitted)} handed in</Badge>}
        {kind.discarded === 0 ? null : <Badge>{count(kind.discarded)} given up</Badge>}
        {settled === 0 && kind.open === 0 ? <Badge>none</Badge> : null}
      </div>
      <Ways kind={kind} rights={rights} onTask={onTask} />
    </div>
  );
}

function Ways({ kind, rights, onTask }: Pick<KindProps, "kind" | "rights" | "onTask">) {
  if (kind.open === 0 || (!rights.handIn && !rights.giveUp)) return <div className={css["ways"]} />;
  const name = `${words(kind.reason)}${kind.field === "" ? "" : ` (${kind.field})`} in ${kind.source}/${kind.object}`;
  const task = { choice: asChoice(kind), rows: kind.open, name, field: kind.field };
  return (
    <div className={css["ways"]}>
      {rights.handIn && kind.mendable ? (
        <Button variant="default" aria-label={`Hand in again: ${name}`} onClick={() => onTask({ kind: "hand-in", ...task })}>
          Hand in again…
        </Button>
      ) : null}
      {rights.giveUp ? (
        <Button variant="default" aria-label={`Give up: ${name}`} onClick={() => onTask({ kind: "discard", ...task })}>
          Give up…
        </Button>
      ) : null}
    </div>
  );
}
