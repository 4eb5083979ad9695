/** Releasing a segment: why and where to, who can be reached now; then how many went out and why the others did not. */
import { Button, Select } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { SyntheticEvent } from "react";

import { asProblem } from "@/api/problem";
import { may, purposeOr, purposesFor, useSession } from "@/api/session";
import type { Activation, SegmentView } from "@/api/types";
import { count, share } from "@/lib/format";
import { words } from "@/lib/labels";
import { CopyId } from "@/ui/copy";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { Failure } from "@/ui/states";

import { CHANNELS, useActivate, type Wanted } from "../api/segments";
import { AudiencePreview } from "./audience-preview";
import { MemberBars } from "./member-bars";
import css from "./segments.module.css";

const route = getRouteApi("/_in/segments/$segment");

export function ActivationPanel({ segment }: { readonly segment: SegmentView }) {
  const session = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const activate = useActivate(segment.id);
  const purpose = purposeOr(session, "activate_segment", search.purpose ?? "marketing");
  const channel = CHANNELS.find((one) => one === search.channel) ?? "app";
  function choose(change: { purpose?: string; channel?: string }) {
    activate.reset();
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  }
  function send(event: SyntheticEvent) {
    event.preventDefault();
    activate.mutate({ purpose, channel });
  }
  return (
    <Panel title="Activation" note="consent is asked again at the moment of sending">
      <form className={css["form"]} onSubmit={send}>
        <div className={css["pair"]}>
          <Select
            label="Purpose"
            data={purposesFor(session, "activate_segment").map((value) => ({ value, label: words(value) }))}
            value={purpose}
            onChange={(value) => choose({ purpose: value ?? purpose })}
          />
          <Select
            label="Channel"
            data={CHANNELS.map((value) => ({ value, label: words(value) }))}
            value={channel}
            onChange={(value) => choose({ channel: value ?? channel })}
          />
        </div>
        <div className={css["send"]}>
          <span className="dim">Goes to a file on the server; the audit keeps who and why.</span>
          <Button type="submit" loading={activate.isPending} leftSection={<Icon name="send" size={14} />}>
            Activate
          </Button>
        </div>
      </form>
      {activate.error === null ? null : <Failure problem={asProblem(activate.error)} />}
      {activate.data !== undefined ? (
        <Result done={activate.data} />
      ) : may(session, "count_audience", purpose) ? (
        <AudiencePreview segment={segment.id} wanted={{ purpose, channel } as Wanted} />
      ) : null}
    </Panel>
  );
}

function Result({ done }: { readonly done: Activation }) {
  return (
    <div className={css["result"]} role="status">
      <p className={css["outcome"]}>
        <strong>{count(done.released)}</strong> of {count(done.members)} members released ({share(done.released, done.members)})
        by {words(done.channel).toLowerCase()} for {words(done.purpose).toLowerCase()}
      </p>
      <MemberBars
        label="Members by what became of them"
        first={{ label: "Released", customers: done.released }}
        leftOut={done.left_out}
        members={done.members}
      />
      <p className={css["file"]}>
        <Icon name="download" size={14} />
        <span className="mono">{done.file}</span>
        <span className="dim">
          recorded as <CopyId id={done.decision} label="audit record" />
        </span>
      </p>
    </div>
  );
}
