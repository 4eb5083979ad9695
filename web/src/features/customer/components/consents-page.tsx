/** What the customer said yes and no to: purposes down, channels across, and where each word came from. */
import { Button } from "@mantine/core";
import { useState } from "react";

import { may, useSession } from "@/api/session";
import type { ConsentView } from "@/api/types";
import { words } from "@/lib/labels";
import { Badge } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { ScrollX } from "@/ui/scroll-x";
import { Empty } from "@/ui/states";
import { When } from "@/ui/when";

import { ConsentDialog, type Draft } from "./consent-dialog";
import { CONSENT_CHANNELS, CONSENT_PURPOSES, lookOfAll, spoken, standing } from "./consent-rules";
import css from "./consents-page.module.css";
import { useCustomer } from "./customer-context";

export function ConsentsPage() {
  const { view, purpose } = useCustomer();
  const session = useSession();
  const said = spoken(view.consents);
  const mayWrite = may(session, "record_consent", purpose);
  const [draft, setDraft] = useState<Draft | null>(null);
  return (
    <>
      <Panel
        title="Consents"
        note="no answer means no; a yes has to stand for all records"
        actions={
          mayWrite ? (
            <Button onClick={() => setDraft({ purpose: "marketing", channel: "email", fact: "withdrawn" })}>
              Record a decision
            </Button>
          ) : undefined
        }
        flush
      >
        <Matrix consents={view.consents} onPick={mayWrite ? setDraft : undefined} />
      </Panel>
      <Panel title="What was said" flush>
        {said.length === 0 ? (
          <Empty icon="shield" title="Nothing on record">
            No source has sent a grant, a withdrawal or an objection. Whatever needs consent is denied.
          </Empty>
        ) : (
          <Facts consents={said} />
        )}
      </Panel>
      {draft === null ? null : (
        <ConsentDialog customer={view.customer} purpose={purpose} draft={draft} onClose={() => setDraft(null)} />
      )}
    </>
  );
}

interface MatrixProps {
  readonly consents: readonly ConsentView[];
  readonly onPick: ((draft: Draft) => void) | undefined;
}

function Matrix({ consents, onPick }: MatrixProps) {
  const purposes = [...new Set([...CONSENT_PURPOSES, ...consents.map((one) => one.purpose)])];
  return (
    <ScrollX label="Consents by purpose and channel">
      <table className={css["matrix"]} aria-label="Consent by purpose and channel">
        <thead>
          <tr>
            <th scope="col">Purpose</th>
            {CONSENT_CHANNELS.map((channel) => (
              <th key={channel} scope="col">
                {words(channel)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {purposes.map((purpose) => (
            <tr key={purpose}>
              <th scope="row">{words(purpose)}</th>
              {CONSENT_CHANNELS.map((channel) => (
                <td key={channel}>
                  <Cell purpose={purpose} channel={channel} consents={consents} onPick={onPick} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

interface CellProps extends MatrixProps {
  readonly purpose: string;
  readonly channel: string;
}

function Cell({ purpose, channel, consents, onPick }: CellProps) {
  const fact = standing(consents, purpose, channel);
  const look = lookOfAll(fact);
  const content = (
    <>
      <Icon name={look.icon} size={13} />
      <span className={look.tone === "calm" ? "hidden-visually" : undefined}>{look.word}</span>
    </>
  );
  if (onPick === undefined) {
    return (
      <span className={css["cell"]} data-tone={look.tone}>
        {content}
      </span>
    );
  }
  const next = look.tone === "good" ? "withdrawn" : "granted";
  return (
    <button
      type="button"
      className={css["cell"]}
      data-tone={look.tone}
      aria-label={`${words(purpose)} by ${words(channel).toLowerCase()}: ${look.word}. Record a decision`}
      onClick={() => onPick({ purpose, channel, fact: next })}
    >
      {content}
    </button>
  );
}

function Facts({ consents }: { readonly consents: readonly ConsentView[] }) {
  return (
    <ScrollX label="Each thing said">
      <table className={css["facts"]}>
        <thead>
          <tr>
            <th scope="col">Purpose</th>
            <th scope="col">Channel</th>
            <th scope="col">State</th>
            <th scope="col">Since</th>
            <th scope="col">Until</th>
            <th scope="col">Source</th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        <tbody>
          {consents.map((one) => (
            <tr key={`${one.purpose} ${one.channel} ${one.since}`}>
              <td>{words(one.purpose)}</td>
              <td>{words(one.channel)}</td>
              <td>
                <Badge tone={lookOfAll(one).tone}>{lookOfAll(one).word}</Badge>
              </td>
              <td>
                <When at={one.since} style="both" />
              </td>
              <td>
                <When at={one.until} />
              </td>
              <td>{one.source}</td>
              <td className={css["evidence"]}>{one.evidence}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
