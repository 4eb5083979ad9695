/** The sources by name; one that is opened shows its objects. */
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";

import type { Accounting, SourceView } from "@/api/types";
import { count } from "@/lib/format";
import { Badge, SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { ScrollX } from "@/ui/scroll-x";

import { AccountingBar } from "./accounting-bar";
import { ClockOff } from "./clock-off";
import { Freshness } from "./freshness";
import css from "./source-table.module.css";

const DELIVERS: Readonly<Record<string, string>> = { record: "records", event: "events" };

/** What a row of an object is, where its name does not say so already. */
function kindOfRow({ name, entity }: SourceView["objects"][number]): string {
  const entities: Readonly<Record<string, string>> = { party: "customer", risk: "risk alert" };
  const kind = entities[entity] ?? entity.replaceAll("_", " ");
  return name.toLowerCase() === kind ? "" : kind;
}

interface SourceTableProps {
  readonly sources: readonly SourceView[];
  readonly open: string | undefined;
}

export function SourceTable({ sources, open }: SourceTableProps) {
  return (
    <Panel title="By source" note={count(sources.length)} flush>
      <ScrollX label="Sources">
        <table className={css["table"]}>
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Contract</th>
              <th scope="col">Last delivery</th>
              <th scope="col" className="number">
                Offered
              </th>
              <th scope="col" className={css["wide"]}>
                What became of it
              </th>
              <th scope="col" className="number">
                Quarantined
              </th>
              <th scope="col" className="number">
                Refused
              </th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <Fragment key={source.name}>
                <SourceRow source={source} open={source.name === open} />
                {source.name === open
                  ? source.objects.map((object) => (
                      <tr key={object.name} className={css["object"]}>
                        <td>
                          {object.name} <span className="dim">{kindOfRow(object)}</span>
                        </td>
                        <td className="dim">{DELIVERS[object.delivers] ?? object.delivers}</td>
                        <td />
                        <Numbers counts={object.counts} />
                      </tr>
                    ))
                  : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}

function SourceRow({ source, open }: { readonly source: SourceView; readonly open: boolean }) {
  return (
    <tr data-open={open}>
      <td>
        <Link
          to="/sources"
          search={{ source: open ? undefined : source.name }}
          className={css["name"]}
          aria-expanded={open}
          resetScroll={false}
        >
          <Icon name={open ? "down" : "right"} size={12} />
          <SourceTag source={source.name} />
        </Link>
        <div className={css["about"]}>{source.about === "" ? source.owner : source.about}</div>
        <Link to="/sources/$source" params={{ source: source.name }} className={css["more"]}>
          Deliveries and contract<span className="hidden-visually"> of {source.name}</span>
        </Link>
      </td>
      <td>
        <div>
          v{source.version} <Badge tone={source.status === "active" ? "good" : "warn"}>{source.status}</Badge>
        </div>
        <div className="dim">{source.owner}</div>
      </td>
      <td>
        <Freshness source={source} />
        {source.clock?.beyond === true ? <ClockOff clock={source.clock} /> : null}
      </td>
      <Numbers counts={source.counts} source={source.name} />
    </tr>
  );
}

function Numbers({ counts, source }: { readonly counts: Accounting; readonly source?: string }) {
  return (
    <>
      <td className="number">{count(counts.offered)}</td>
      <td className={css["wide"]}>
        <AccountingBar counts={counts} />
      </td>
      <td className="number" data-zero={counts.quarantined === 0}>
        {source === undefined || counts.quarantined === 0 ? (
          count(counts.quarantined)
        ) : (
          <Link to="/quarantine" search={{ source, standing: "all" }} aria-label={`${count(counts.quarantined)} quarantined rows of ${source}`}>
            {count(counts.quarantined)}
          </Link>
        )}
      </td>
      <td className="number" data-zero={counts.refused === 0}>
        {count(counts.refused)}
      </td>
    </>
  );
}
