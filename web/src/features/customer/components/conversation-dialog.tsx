/** What was said, whole: who said what and when, or a letter by its paragraphs. */
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { asProblem } from "@/api/problem";
import type { Conversation, Turn } from "@/api/types";
import { exact } from "@/lib/format";
import { SourceTag } from "@/ui/badge";
import { Pieces } from "@/ui/pieces";
import { Empty, Failure, Lines } from "@/ui/states";
import { WithheldNote } from "@/ui/withheld";

import { conversationQuery } from "../api/conversation";
import css from "./conversation-dialog.module.css";

interface ConversationDialogProps {
  readonly customer: string;
  readonly moment: string;
  readonly purpose: string;
  readonly q: string | undefined;
  readonly onClose: () => void;
}

export function ConversationDialog({ customer, moment, purpose, q, onClose }: ConversationDialogProps) {
  const shown = useQuery(conversationQuery(customer, moment, purpose, q));
  return (
    <Modal
      opened
      onClose={onClose}
      size={760}
      title={<bdi>{shown.data?.title ?? "Conversation"}</bdi>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {shown.error !== null ? (
        <Failure problem={asProblem(shown.error)} onRetry={() => void shown.refetch()} />
      ) : shown.data === undefined ? (
        <Lines count={8} height={14} gap={14} />
      ) : (
        <Whole it={shown.data} />
      )}
    </Modal>
  );
}

function Whole({ it }: { readonly it: Conversation }) {
  return (
    <article className={css["whole"]}>
      <dl className={css["facts"]}>
        <Fact name="When">
          <time dateTime={it.at}>{exact(it.at)}</time>
        </Fact>
        <Fact name="Source">
          <SourceTag source={it.source} />
        </Fact>
        {it.participants === "" ? null : <Fact name="Took part">{it.participants}</Fact>}
        {it.employee === "" ? null : <Fact name="For the firm">{it.employee}</Fact>}
        {it.attachments === "" ? null : <Fact name="Attached">{it.attachments}</Fact>}
      </dl>
      <WithheldNote withheld={it.withheld} />
      {it.turns.length === 0 ? (
        <Empty icon="chat" title="No words">
          Nothing was written down of what was said, or it may not be shown.
        </Empty>
      ) : it.is_talk ? (
        <ol className={css["talk"]} aria-label="Who said what">
          {it.turns.map((turn, index) => (
            <Said key={index} turn={turn} first={it.turns[0]} />
          ))}
        </ol>
      ) : (
        <div className={css["letter"]}>
          {it.turns.map((turn, index) => (
            <p key={index} dir="auto">
              <Pieces parts={turn.said} />
            </p>
          ))}
        </div>
      )}
    </article>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}

/** Whoever speaks first stands on one side, everybody else on the other: two sides can be told apart at sight. */
function Said({ turn, first }: { readonly turn: Turn; readonly first: Turn | undefined }) {
  return (
    <li className={css["turn"]} data-first={turn.who === first?.who}>
      <span className={css["who"]}>
        <bdi>{turn.who === "" ? "Somebody" : turn.who}</bdi>
        <span className={css["at"]}>{turn.at}</span>
      </span>
      <span className={css["said"]} dir="auto">
        <Pieces parts={turn.said} />
      </span>
    </li>
  );
}
