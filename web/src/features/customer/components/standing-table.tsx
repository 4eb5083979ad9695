/** Each use that somebody spoke of: whether it may be made, and by which fact. */
import { Link } from "@tanstack/react-router";

import type { ConsentStands } from "@/api/types";
import { day } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge } from "@/ui/badge";
import { ScrollX } from "@/ui/scroll-x";
import { When } from "@/ui/when";

import css from "./ledger.module.css";
import { type Stopped, narrowed, reasonWords, stopping, whyOf } from "./ledger-rules";

interface StandingTableProps {
  readonly customer: string;
  readonly standing: readonly ConsentStands[];
  readonly stopped: readonly Stopped[];
}

export function StandingTable({ customer, standing, stopped }: StandingTableProps) {
  return (
    <ScrollX label="What stands for each use">
      <table className={css["standing"]} aria-label="What stands for each use">
        <thead>
          <tr>
            <th scope="col">Use</th>
            <th scope="col">Allowed</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {standing.map((use) => (
            <tr key={`${use.purpose} ${use.channel} ${use.data_class} ${use.controller}`}>
              <th scope="row">
                {words(use.purpose)} <span className={css["channel"]}>{words(use.channel)}</span>
                {narrowed(use) === "" ? null : <span className={css["narrowed"]}>{narrowed(use)}</span>}
              </th>
              <td>
                <Allowed use={use} by={use.may ? stopping(use, stopped) : undefined} />
              </td>
              <td className={css["why"]}>
                {whyOf(use)}
                <Since customer={customer} use={use} />
                {use.may ? <StoppedBy by={stopping(use, stopped)} /> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

/** Since when, leading to the fact that decides. */
function Since({ customer, use }: { readonly customer: string; readonly use: ConsentStands }) {
  if (use.since === "") return null;
  if (use.fact === "") {
    return (
      <>
        , <When at={use.since} />
      </>
    );
  }
  return (
    <>
      ,{" "}
      <Link
        to="/customers/$customer/ledger"
        params={{ customer }}
        search={(old) => ({ ...old, fact: use.fact })}
        aria-label={`${day(use.since)}: the fact that decides ${words(use.purpose).toLowerCase()}, ${words(use.channel).toLowerCase()}`}
        preload={false}
        replace
        resetScroll={false}
      >
        <When at={use.since} />
      </Link>
    </>
  );
}

function Allowed({ use, by }: { readonly use: ConsentStands; readonly by: Stopped | undefined }) {
  if (!use.may) return <Badge tone="bad" icon="cross">No</Badge>;
  return by === undefined ? (
    <Badge tone="good" icon="check">
      Yes
    </Badge>
  ) : (
    <Badge tone="warn" icon="flag">
      Left alone
    </Badge>
  );
}

function StoppedBy({ by }: { readonly by: Stopped | undefined }) {
  if (by === undefined) return null;
  return <span className={css["narrowed"]}>Not contacted all the same: {reasonWords(by.reason).toLowerCase()}</span>;
}
