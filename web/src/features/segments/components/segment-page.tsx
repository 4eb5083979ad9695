/** One segment: what it means in words, how many it holds, and releasing it through a channel. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { SegmentView } from "@/api/types";
import { count, countInSteps, share } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failure, Lines } from "@/ui/states";
import { When } from "@/ui/when";

import { segmentQuery } from "../api/segments";
import { ActivationPanel } from "./activation-panel";
import css from "./segments.module.css";

const route = getRouteApi("/_in/segments/$segment");

export function SegmentPage() {
  const { segment: id } = route.useParams();
  const session = useSession();
  const segment = useQuery(segmentQuery(id));
  if (segment.isPending) {
    return (
      <Page title="Segment">
        <Panel>
          <Lines count={8} height={14} gap={18} />
        </Panel>
      </Page>
    );
  }
  if (segment.error !== null) {
    return (
      <Page title="Segment">
        <Panel>
          <Failure problem={asProblem(segment.error)} onRetry={() => void segment.refetch()} />
        </Panel>
      </Page>
    );
  }
  const view = segment.data;
  return (
    <Page title={view.name}>
      <div className={css["columns"]}>
        <Panel title="Definition" note={`${view.owner} · v${view.version}`}>
          <p className={css["words"]}>{view.about}</p>
          <p className="dim">Exactly: a customer is in it while all of these hold.</p>
          <ul className={css["conditions"]}>
            {view.definition.map((condition) => (
              <li key={condition}>
                <Icon name="check" size={13} />
                {condition}
              </li>
            ))}
          </ul>
        </Panel>
        <div className={css["stack"]}>
          <Panel title="Members" note={<Counted view={view} />}>
            <Members view={view} />
          </Panel>
          {may(session, "activate_segment") ? <ActivationPanel segment={view} /> : null}
        </div>
      </div>
    </Page>
  );
}

function Counted({ view }: { readonly view: SegmentView }) {
  return view.evaluated_at === null ? null : (
    <>
      counted <When at={view.evaluated_at} style="ago" />
      {view.as_of === null ? null : (
        <>
          , windows end on <When at={view.as_of} />
        </>
      )}
    </>
  );
}

/** For who may only aggregate: counts rounded down, none of a small group, nobody asked one by one. */
function InSteps({ bulk, all, least }: { readonly bulk: number; readonly all: number; readonly least: number }) {
  const told = (number: number) => countInSteps(number, least);
  return (
    <>
      <dl className={css["figures"]}>
        <div className={css["figure"]}>
          <dt>Members now</dt>
          <dd>{told(bulk)}</dd>
        </div>
        <div className={css["figure"]}>
          <dt>Of all customers</dt>
          <dd>{told(all)}</dd>
        </div>
      </dl>
      <p className="dim">Your role is told counts in steps of {count(least)}, rounded down.</p>
    </>
  );
}

function Members({ view }: { readonly view: SegmentView }) {
  const { bulk, asked, agreed, of_customers: all, least } = view;
  if (bulk === null || all === null) {
    return <p className="dim">Your role may read this segment’s definition and not count its members.</p>;
  }
  if (asked === null || agreed === null) {
    return <InSteps bulk={bulk} all={all} least={least} />;
  }
  return (
    <>
      <dl className={css["figures"]}>
        <div className={css["figure"]}>
          <dt>Members now</dt>
          <dd>{count(bulk)}</dd>
        </div>
        <div className={css["figure"]}>
          <dt>Of all customers</dt>
          <dd>
            {share(bulk, all)} <small>of {count(all)}</small>
          </dd>
        </div>
        <div className={css["figure"]}>
          <dt>Asked one by one</dt>
          <dd>
            {count(agreed)} <small>of {count(asked)} agree</small>
          </dd>
        </div>
      </dl>
      <p className={css["verdict"]}>
        {agreed === asked ? (
          <Badge tone="good" icon="check">
            Bulk and live agree
          </Badge>
        ) : (
          <Badge tone="bad" icon="alert">
            Bulk and live differ on {count(asked - agreed)}
          </Badge>
        )}
      </p>
    </>
  );
}
