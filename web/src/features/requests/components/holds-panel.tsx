/** What keeps the customer from being erased: the legal holds that stand, with leave to place one and to lift one. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { HoldView } from "@/api/types";
import { Panel } from "@/ui/panel";
import { Failure, Lines } from "@/ui/states";
import { When } from "@/ui/when";

import { holdsQuery } from "../api/holds";
import { LiftHoldDialog, PlaceHoldDialog } from "./hold-dialogs";
import css from "./holds-panel.module.css";

export function HoldsPanel({ customer }: { readonly customer: string }) {
  const session = useSession();
  const found = useQuery(holdsQuery(customer));
  const [placing, setPlacing] = useState(false);
  const [lifted, setLifted] = useState<HoldView | null>(null);
  const place = may(session, "place_hold", "compliance") ? (
    <Button size="xs" variant="default" onClick={() => setPlacing(true)}>
      Place a hold…
    </Button>
  ) : undefined;
  return (
    <Panel title="Legal holds" note="while one stands, nothing of the customer is erased" actions={place}>
      {found.isPending ? (
        <Lines count={2} height={14} gap={18} />
      ) : found.error !== null ? (
        <Failure problem={asProblem(found.error)} onRetry={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <p className="dim">None stands.</p>
      ) : (
        <ul className={css["holds"]}>
          {found.data.items.map((hold) => (
            <Hold key={`${hold.source} ${hold.id}`} hold={hold} onLift={may(session, "lift_hold", "compliance") ? () => setLifted(hold) : null} />
          ))}
        </ul>
      )}
      {placing ? <PlaceHoldDialog customer={customer} onClose={() => setPlacing(false)} /> : null}
      {lifted === null ? null : <LiftHoldDialog customer={customer} hold={lifted} onClose={() => setLifted(null)} />}
    </Panel>
  );
}

function Hold({ hold, onLift }: { readonly hold: HoldView; readonly onLift: (() => void) | null }) {
  return (
    <li>
      <div>
        <p>
          {hold.matter}: {hold.reason}
        </p>
        <p className="dim">
          Placed <When at={hold.placed_at} /> by {hold.placed_by === "" ? hold.source : hold.placed_by}
          {hold.review_on === "" ? null : (
            <>
              {" "}
              · to be looked at again <When at={hold.review_on} />
              {hold.is_review_due ? <span className={css["due"]}>, that day has come</span> : null}
            </>
          )}
        </p>
      </div>
      {onLift === null || hold.source !== "onefold" ? null : (
        <Button size="xs" variant="default" className={css["lift"]} onClick={onLift} aria-label={`Lift the hold for ${hold.matter}`}>
          Lift…
        </Button>
      )}
    </li>
  );
}
