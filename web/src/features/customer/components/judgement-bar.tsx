/** A steward's word on two records: same person, different people, or cannot tell. It outweighs every rule. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import type { FragmentView, JudgementBody, View } from "@/api/types";
import { Failure } from "@/ui/states";

import { useJudge } from "../api/customer";
import css from "./judgement-bar.module.css";

const VERDICTS = [
  { value: "different", label: "Different" },
  { value: "same", label: "Same" },
  { value: "unsure", label: "Unsure" },
] as const;

const SHORTEST_REASON = 3;

interface JudgementBarProps {
  readonly view: View;
  readonly picked: readonly string[];
  readonly onDone: () => void;
}

export function JudgementBar({ view, picked, onDone }: JudgementBarProps) {
  const [left, right] = picked.map((id) => view.fragments.find((fragment) => fragment.id === id));
  if (left === undefined || right === undefined) {
    return (
      <p className={css["bar"]}>
        <span className="dim">Tick two records to say whether they are the same customer.</span>
      </p>
    );
  }
  return <JudgementForm key={picked.join(" ")} customer={view.customer} left={left} right={right} onDone={onDone} />;
}

interface JudgementFormProps {
  readonly customer: string;
  readonly left: FragmentView;
  readonly right: FragmentView;
  readonly onDone: () => void;
}

function JudgementForm({ customer, left, right, onDone }: JudgementFormProps) {
  const [verdict, setVerdict] = useState<JudgementBody["verdict"]>("different");
  const [reason, setReason] = useState("");
  const judge = useJudge(customer);
  function send(event: SyntheticEvent) {
    event.preventDefault();
    judge.mutate({ left: left.id, right: right.id, verdict, reason: reason.trim() }, { onSuccess: onDone });
  }
  return (
    <form className={css["bar"]} onSubmit={send}>
      <SegmentedControl
        size="xs"
        aria-label="Verdict"
        data={VERDICTS.map(({ value, label }) => ({ value, label }))}
        value={verdict}
        onChange={(next) => setVerdict(VERDICTS.find(({ value }) => value === next)?.value ?? verdict)}
      />
      <TextInput
        className={css["reason"]}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        placeholder="Why"
        aria-label="Reason"
        required
      />
      <Button type="submit" loading={judge.isPending} disabled={reason.trim().length < SHORTEST_REASON}>
        Decide
      </Button>
      {judge.error === null ? null : <Failure problem={asProblem(judge.error)} />}
    </form>
  );
}
