/** One request: what is asked and until when, what can be done about it now, and every step so far. */
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { StepView, SubjectRequest } from "@/api/types";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failure, Lines } from "@/ui/states";
import { When } from "@/ui/when";
import { Zone } from "@/ui/zone";

import { requestQuery } from "../api/requests";
import { HoldsPanel } from "./holds-panel";
import { RequestFacts } from "./request-facts";
import css from "./request.module.css";
import { Result } from "./result";
import { isOpen, kindName, stepName } from "./sayings";
import { WorkPanel } from "./work-panel";

const route = getRouteApi("/_in/requests/$request");

export function RequestPage() {
  const { request: id } = route.useParams();
  const found = useQuery(requestQuery(id));
  return (
    <Page
      title={found.data === undefined ? "Request" : `${kindName(found.data.kind)} request`}
      tab="Request"
      about={
        <>
          Every step is in the audit before it is taken · <Zone />
        </>
      }
      actions={
        <Link to="/requests" className={css["back"]}>
          <Icon name="back" size={14} /> All requests
        </Link>
      }
    >
      {found.isPending ? (
        <Panel>
          <Lines count={8} height={14} gap={18} />
        </Panel>
      ) : found.error !== null ? (
        <Panel>
          <Failure problem={asProblem(found.error)} onRetry={() => void found.refetch()} />
        </Panel>
      ) : (
        <Opened request={found.data} />
      )}
    </Page>
  );
}

function Opened({ request }: { readonly request: SubjectRequest }) {
  const session = useSession();
  const rights = {
    answer: may(session, "answer_request", "compliance"),
    cancel: may(session, "cancel_request", "compliance"),
    save: may(session, "fetch_package", "compliance"),
    erase: may(session, "erase_customer", "compliance"),
    record: may(session, "record_consent", "compliance"),
  };
  return (
    <>
      <RequestFacts request={request} />
      {isOpen(request) ? <WorkPanel request={request} rights={rights} /> : <Result request={request} maySave={rights.save} />}
      {isOpen(request) && request.customer !== "" && may(session, "list_holds", "compliance") ? <HoldsPanel customer={request.customer} /> : null}
      <Panel title="History" flush>
        <ol className={css["steps"]} aria-label="Steps of the request">
          {request.steps.toReversed().map((step) => (
            <Step key={`${step.at} ${step.step}`} step={step} />
          ))}
        </ol>
      </Panel>
    </>
  );
}

function Step({ step }: { readonly step: StepView }) {
  return (
    <li>
      <span className={css["at"]}>
        <When at={step.at} style="both" />
      </span>
      <span>{stepName(step)}</span>
      <span className={css["actor"]}>by {step.actor}</span>
    </li>
  );
}
