/** Putting a customer on do-not-contact. The words say how far it reaches before it is sent. */
import { Button, Modal, Select } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import type { SuppressionBody } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Failure } from "@/ui/states";

import { useSuppress } from "../api/ledger";
import css from "./dialog.module.css";
import { STOP_CHANNELS, reasonsFor } from "./ledger-rules";

interface LeaveAloneDialogProps {
  readonly customer: string;
  readonly purpose: string;
  readonly onClose: () => void;
}

export function LeaveAloneDialog({ customer, purpose, onClose }: LeaveAloneDialogProps) {
  const reasons = reasonsFor(purpose);
  const [channel, setChannel] = useState<SuppressionBody["channel"]>("any");
  const [reason, setReason] = useState<SuppressionBody["reason"] | null>(null);
  const suppress = useSuppress(customer, purpose);

  function send(event: SyntheticEvent) {
    event.preventDefault();
    if (reason !== null) suppress.mutate({ channel, reason });
  }

  return (
    <Modal opened onClose={onClose} title="Leave alone" size={460} closeOnEscape={!suppress.isPending}>
      {suppress.isSuccess ? (
        <div className={css["form"]}>
          <p role="status">
            {suppress.data.reaches === 0
              ? "It was in force already, for every record of this customer."
              : `In force. It counts for ${count(suppress.data.reaches)} ${suppress.data.reaches === 1 ? "record" : "records"} of this customer.`}
          </p>
          <Button data-autofocus className={css["send"]} onClick={onClose}>
            Done
          </Button>
        </div>
      ) : (
        <form className={css["form"]} onSubmit={send}>
          <div className={css["pair"]}>
            <Select
              label="Channel"
              data={STOP_CHANNELS.map((value) => ({ value, label: words(value) }))}
              value={channel}
              onChange={(value) => setChannel(STOP_CHANNELS.find((one) => one === value) ?? channel)}
            />
            <Select
              label="Reason"
              placeholder="Why"
              data={reasons.map((value) => ({ value, label: words(value) }))}
              value={reason}
              onChange={(value) => setReason(reasons.find((one) => one === value) ?? reason)}
              required
              data-autofocus
            />
          </div>
          <p className="dim">
            {channel === "any" ? "Nothing goes out to them any more" : `Nothing goes out to them by ${words(channel).toLowerCase()} any more`}
            , for whatever purpose and whatever they agreed to. It reaches every record of this customer at once.
          </p>
          {reason === "litigation" ? <p className="dim">While it stands, the customer cannot be erased.</p> : null}
          {suppress.error === null ? null : <Failure problem={asProblem(suppress.error)} />}
          <Button type="submit" className={css["send"]} color="red" loading={suppress.isPending} disabled={reason === null}>
            Leave alone
          </Button>
        </form>
      )}
    </Modal>
  );
}
