/** What the sources keep to themselves: named with the view, asked for after it is shown, each with how it ended. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import type { FetchedValue, Referenced, View } from "@/api/types";
import { sentence, shown, words } from "@/lib/labels";
import { SourceTag } from "@/ui/badge";
import { Breakable } from "@/ui/breakable";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { When } from "@/ui/when";

import { referencesQuery } from "../api/customer";
import css from "./on-demand.module.css";

interface OnDemandProps {
  readonly view: View;
  readonly purpose: string;
}

export function OnDemand({ view, purpose }: OnDemandProps) {
  const session = useSession();
  const allowed = may(session, "fetch_references", purpose);
  const asked = useQuery({ ...referencesQuery(view.customer, purpose), enabled: allowed });
  const refusal = allowed ? null : "Your role does not ask sources for this purpose";
  const failure = asked.error === null ? refusal : asProblem(asked.error).title;
  return (
    <Panel
      title="Fetched on demand"
      note="kept nowhere"
      actions={
        allowed ? (
          <button type="button" className={css["again"]} disabled={asked.isFetching} onClick={() => void asked.refetch()}>
            Ask again
          </button>
        ) : undefined
      }
      flush
    >
      <dl className={css["list"]} aria-busy={asked.isFetching}>
        {view.referenced.map((one) => (
          <div key={`${one.fragment} ${one.field}`} className={css["row"]}>
            <dt className={css["label"]}>
              {words(one.field)}
              <Thing view={view} one={one} />
            </dt>
            <dd className={css["value"]}>
              <Answer
                one={one}
                found={asked.data?.items.find((it) => it.fragment === one.fragment && it.field === one.field)}
                waiting={asked.isFetching}
                failure={failure}
              />
            </dd>
            <dd className={css["from"]}>
              <SourceTag source={one.source} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** Which product a field is of, where it is one. */
function Thing({ view, one }: { readonly view: View; readonly one: Referenced }) {
  const account = view.accounts.find(({ id }) => id === one.fragment);
  if (account === undefined) return null;
  return <span className={css["thing"]}>{account.name === "" ? words(account.product) : account.name}</span>;
}

interface AnswerProps {
  readonly one: Referenced;
  readonly found: FetchedValue | undefined;
  readonly waiting: boolean;
  readonly failure: string | null;
}

function Answer({ one, found, waiting, failure }: AnswerProps) {
  if (waiting) {
    return (
      <>
        <Skeleton height={12} width="70%" />
        <span className="hidden-visually">Asking {one.source}</span>
      </>
    );
  }
  if (failure !== null) return <Unavailable reason={failure} />;
  if (found === undefined) return <Unavailable reason="Not granted when the source had answered" />;
  if (found.outcome === "unavailable") return <Unavailable reason={sentence(found.reason)} />;
  return (
    <>
      {found.outcome === "none" || found.value === null ? (
        <span className="dim">No value{found.reason === "" ? "" : `: ${found.reason}`}</span>
      ) : (
        <span>
          <Breakable text={shown(found.field, found.value, found.masked)} />
          {found.masked ? <Masked /> : null}
        </span>
      )}
      <span className={css["asked"]}>
        asked <When at={found.asked_at} style="ago" />
      </span>
    </>
  );
}

function Masked() {
  return (
    <span className={css["masked"]} title="Masked for your role">
      <Icon name="lock" size={12} />
      <span className="hidden-visually">masked</span>
    </span>
  );
}

function Unavailable({ reason }: { readonly reason: string }) {
  return (
    <span className={css["unavailable"]}>
      <Icon name="alert" size={12} />
      <span>
        <span className="hidden-visually">Unavailable: </span>
        {reason}
      </span>
    </span>
  );
}
