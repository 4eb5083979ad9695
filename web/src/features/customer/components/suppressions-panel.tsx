/** Over which channels the customer is left alone, why and since when; whoever may sets it, and lifts what a desk set. */
import { Button } from "@mantine/core";
import { useState } from "react";

import { may, useSession } from "@/api/session";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge, SourceTag } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { When } from "@/ui/when";

import { LeaveAloneDialog } from "./leave-alone-dialog";
import css from "./ledger.module.css";
import { OUR_DESK, type Stopped, liftable, reasonWords } from "./ledger-rules";
import { LiftDialog } from "./lift-dialog";

interface SuppressionsPanelProps {
  readonly customer: string;
  readonly purpose: string;
  readonly stopped: readonly Stopped[];
  /** What is looked at is not now; then nothing is changed here. */
  readonly past: boolean;
}

export function SuppressionsPanel({ customer, purpose, stopped, past }: SuppressionsPanelProps) {
  const session = useSession();
  const sets = !past && may(session, "suppress_customer", purpose);
  const lifts = !past && may(session, "lift_suppression", purpose);
  const [setting, setSetting] = useState(false);
  const [lifting, setLifting] = useState<Stopped | null>(null);
  return (
    <Panel
      title="Do not contact"
      note="stops every purpose over its channel"
      actions={sets ? <Button onClick={() => setSetting(true)}>Leave alone</Button> : undefined}
      flush
    >
      {stopped.length === 0 ? (
        <p className={css["nothing"]}>{past ? "Nothing was in force; consent alone decided." : "Nothing is in force; consent alone decides."}</p>
      ) : (
        <ul className={css["stopped"]} aria-label="Do not contact">
          {stopped.map((one) => (
            <li key={`${one.channel} ${one.reason} ${one.source}`}>
              <Badge tone="warn" icon="flag">
                {words(one.channel)}
              </Badge>
              <span className={css["reason"]}>{reasonWords(one.reason)}</span>
              <span className="dim">
                since <When at={one.since} style="both" />
                {one.records === 1 ? null : <>, {count(one.records)} records</>}
              </span>
              <span className={css["end"]}>
                <SourceTag source={one.source} />
                {!lifts ? null : liftable(one) === null ? (
                  <span className="dim">{one.source === OUR_DESK ? "" : "its source takes it back"}</span>
                ) : (
                  <Button
                    variant="default"
                    aria-label={`Lift: ${words(one.channel)}, ${reasonWords(one.reason).toLowerCase()}`}
                    onClick={() => setLifting(one)}
                  >
                    Lift
                  </Button>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {setting ? <LeaveAloneDialog customer={customer} purpose={purpose} onClose={() => setSetting(false)} /> : null}
      {lifting === null ? null : <LiftDialog customer={customer} stopped={lifting} onClose={() => setLifting(null)} />}
    </Panel>
  );
}
