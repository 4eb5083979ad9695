/** Why a row is held, what to do next, and where it came from. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { HeldRow, RunView } from "@/api/types";
import { count } from "@/lib/format";
import { SourceTag } from "@/ui/badge";
import { When } from "@/ui/when";

import css from "./row-page.module.css";

export function RowFacts({ held }: { readonly held: HeldRow }) {
  const { row, run } = held;
  return (
    <>
      <p className={css["message"]}>{row.message}</p>
      {held.advice === "" || row.outcome !== "" ? null : (
        <p className={css["advice"]}>
          <strong>Next:</strong> {held.advice}
        </p>
      )}
      <dl className={css["facts"]}>
        <Fact name="From">
          <Link to="/sources/$source" params={{ source: row.source }} className={css["from"]}>
            <SourceTag source={row.source} />
          </Link>
          {row.object}
        </Fact>
        <Fact name="Contract">
          <Link to="/sources/$source" params={{ source: row.source }} search={{ version: row.version, object: row.object }} hash="contract">
            version {row.version}
          </Link>
        </Fact>
        <Fact name="Held">
          <When at={row.at} style="both" />
        </Fact>
        {row.place === "" ? null : <Fact name="Place">{row.place}</Fact>}
        <Fact name="Delivery">{run === null ? <span className="dim">not kept</span> : <Delivery run={run} source={row.source} />}</Fact>
      </dl>
    </>
  );
}

const WAYS: Readonly<Record<string, string>> = {
  files: "load of files",
  query: "query of a database",
  messages: "messages over HTTP",
  topics: "messages of a topic",
  mended: "handed in again",
  stated: "stated in Onefold",
};

function Delivery({ run, source }: { readonly run: RunView; readonly source: string }) {
  return (
    <>
      <Link to="/sources/$source" params={{ source }} hash="deliveries">
        {WAYS[run.way] ?? run.way}
      </Link>
      , <When at={run.began_at} style="both" />
      {run.files === 0 ? null : `, ${count(run.files)} ${run.files === 1 ? "file" : "files"}`}
      {run.mark === "" ? null : (
        <span className="dim" title="Tells these files from others; names of files are not kept">
          {" "}
          ({run.mark})
        </span>
      )}
      {run.by === "" ? null : <span className="dim"> by {run.by}</span>}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={css["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
