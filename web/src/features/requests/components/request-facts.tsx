/** What is asked, by whom, for whom, and until when. */
import type { ReactNode } from "react";

import type { SubjectRequest } from "@/api/types";
import { words } from "@/lib/labels";
import { CopyId } from "@/ui/copy";
import { Panel } from "@/ui/panel";
import { When } from "@/ui/when";

import { CustomerLink } from "./customer-link";
import { Deadline, StatusBadge } from "./deadline";
import css from "./request.module.css";
import { askerName, isOpen, proofName } from "./sayings";

export function RequestFacts({ request }: { readonly request: SubjectRequest }) {
  return (
    <Panel title="What is asked" note={<CopyId id={request.id} label="request id" />} actions={<StatusBadge status={request.status} />}>
      <dl className={css["facts"]}>
        <Fact name="Customer">
          <CustomerLink customer={request.customer} />
        </Fact>
        <Fact name="Asked by">{askerName(request.asker)}</Fact>
        <Fact name="Proven">{request.proof === "none" ? <span className={css["missing"]}>not yet</span> : proofName(request.proof)}</Fact>
        <Fact name="Received">
          <When at={request.received_at} />
        </Fact>
        <Fact name="Due">
          <span className={css["due"]}>
            <When at={request.due_on} />
            {isOpen(request) ? <Deadline request={request} /> : null}
          </span>
        </Fact>
        <Fact name="Law">
          {request.law}
          {request.is_extended ? ", with more time" : ""}
        </Fact>
        {request.purposes.length === 0 ? null : <Fact name="Against">{request.purposes.map((one) => words(one)).join(", ")}</Fact>}
      </dl>
    </Panel>
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
