/** Before anything is sent: how many could be reached now, and how many are left out, by reason. */
import { useQuery } from "@tanstack/react-query";

import { asProblem } from "@/api/problem";
import type { CountedAudience } from "@/api/types";
import { count, countInSteps, share } from "@/lib/format";
import { CopyId } from "@/ui/copy";
import { Failure, Lines } from "@/ui/states";
import { When } from "@/ui/when";

import { audienceQuery, type Wanted } from "../api/segments";
import { MemberBars } from "./member-bars";
import css from "./segments.module.css";

interface AudiencePreviewProps {
  readonly segment: string;
  readonly wanted: Wanted;
}

export function AudiencePreview({ segment, wanted }: AudiencePreviewProps) {
  const audience = useQuery(audienceQuery(segment, wanted));
  return (
    <section className={css["result"]} aria-label="Who can be reached now" aria-busy={audience.isPending}>
      {audience.isPending ? (
        <Lines count={3} height={12} gap={12} />
      ) : audience.error !== null ? (
        <Failure problem={asProblem(audience.error)} onRetry={() => void audience.refetch()} />
      ) : (
        <Counted audience={audience.data} />
      )}
    </section>
  );
}

function Counted({ audience }: { readonly audience: CountedAudience }) {
  const { reachable, members, left_out: leftOut, least } = audience;
  const told = (number: number) => countInSteps(number, least);
  return (
    <>
      <p className={css["outcome"]}>
        <strong>{told(reachable)}</strong> of {told(members)} members can be reached now
        {least === 0 ? ` (${share(reachable, members)})` : `, in steps of ${count(least)}`}
      </p>
      <MemberBars
        label="Members by whether they can be reached"
        first={{ label: "Can be reached", customers: reachable }}
        leftOut={leftOut}
        members={members}
        format={told}
      />
      <p className="dim">
        counted <When at={audience.at} style="ago" />, recorded as <CopyId id={audience.decision} label="audit record" />
      </p>
    </>
  );
}
