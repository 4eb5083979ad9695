/** Recording what the customer said. The words beside it say how far each answer reaches, before it is sent. */
import { Button, Modal, SegmentedControl, Select, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import type { ConsentBody } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Failure } from "@/ui/states";

import { useRecordConsent } from "../api/customer";
import css from "./dialog.module.css";
import { CONSENT_CHANNELS, CONSENT_PURPOSES } from "./consent-rules";

export interface Draft {
  readonly purpose: string;
  readonly channel: string;
  readonly fact: ConsentBody["fact"];
}

const FACTS = [
  { value: "granted", label: "Grants" },
  { value: "withdrawn", label: "Withdraws" },
  { value: "objected", label: "Objects" },
] as const;

const SHORTEST_EVIDENCE = 3;

interface ConsentDialogProps {
  readonly customer: string;
  readonly purpose: string;
  readonly draft: Draft;
  readonly onClose: () => void;
}

export function ConsentDialog({ customer, purpose, draft, onClose }: ConsentDialogProps) {
  const [said, setSaid] = useState(draft);
  const [evidence, setEvidence] = useState("");
  const record = useRecordConsent(customer, purpose);
  const grants = said.fact === "granted";

  function send(event: SyntheticEvent) {
    event.preventDefault();
    record.mutate({ ...said, channel: said.channel as ConsentBody["channel"], evidence: evidence.trim() });
  }

  return (
    <Modal opened onClose={onClose} title="Record a decision" size={460}>
      {record.isSuccess ? (
        <div className={css["form"]}>
          <p role="status">
            Recorded and in force. It counts for {count(record.data.reaches)}{" "}
            {record.data.reaches === 1 ? "record" : "records"} of this customer.
          </p>
          <Button data-autofocus className={css["send"]} onClick={onClose}>
            Done
          </Button>
        </div>
      ) : (
        <form className={css["form"]} onSubmit={send}>
          <SegmentedControl
            fullWidth
            aria-label="The customer"
            data={FACTS.map(({ value, label }) => ({ value, label }))}
            value={said.fact}
            onChange={(fact) => setSaid({ ...said, fact: FACTS.find(({ value }) => value === fact)?.value ?? said.fact })}
          />
          <div className={css["pair"]}>
            <Select
              label="Purpose"
              data={CONSENT_PURPOSES.map((value) => ({ value, label: words(value) }))}
              value={said.purpose}
              onChange={(value) => setSaid({ ...said, purpose: value ?? said.purpose })}
            />
            <Select
              label="Channel"
              data={CONSENT_CHANNELS.map((value) => ({ value, label: words(value) }))}
              value={said.channel}
              onChange={(value) => setSaid({ ...said, channel: value ?? said.channel })}
            />
          </div>
          <TextInput
            label="Evidence"
            description="How we know: a call reference, a signed form, a notice version"
            value={evidence}
            onChange={(event) => setEvidence(event.currentTarget.value)}
            required
            data-autofocus
          />
          <p className="dim">
            {grants
              ? "A grant reaches only the records that verified identifiers join to this customer."
              : "A “no” reaches every record of this customer at once and is confirmed only when the gate has it."}
          </p>
          {record.error === null ? null : <Failure problem={asProblem(record.error)} />}
          <Button
            type="submit"
            className={css["send"]}
            color={grants ? "blue" : "red"}
            loading={record.isPending}
            disabled={evidence.trim().length < SHORTEST_EVIDENCE}
          >
            {grants ? "Record the grant" : "Record the “no”"}
          </Button>
        </form>
      )}
    </Modal>
  );
}
