/** A step that ends a request or moves its deadline: what will happen is said first, and a reason chosen where one is needed. */
import { Button, Modal } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import type { SubjectRequest } from "@/api/types";
import { Failure } from "@/ui/states";

import { useStep } from "../api/requests";
import css from "./request.module.css";
import { type Choice, DELAYS, KIND_CHOICES, REFUSALS } from "./sayings";

export type StepTask = "complete" | "extend" | "refuse" | "cancel";

interface Saying {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly reasons: readonly Choice[];
}

const SAYINGS: Readonly<Record<Exclude<StepTask, "complete">, Saying>> = {
  extend: {
    title: "Take more time",
    text: "The law gives more time once. Tell the customer within the first, with the reason.",
    button: "Take more time",
    reasons: DELAYS,
  },
  refuse: {
    title: "Refuse the request",
    text: "Nothing that was asked is done. Tell the customer why, and where they can complain. There is no way back but a new request.",
    button: "Refuse it",
    reasons: REFUSALS,
  },
  cancel: {
    title: "Cancel the request",
    text: "For somebody who no longer wants it. Nothing is done. There is no way back but a new request.",
    button: "Cancel the request",
    reasons: [],
  },
};

function sayingOf(task: StepTask, kind: string): Saying {
  if (task !== "complete") return SAYINGS[task];
  const text = KIND_CHOICES.find(({ value }) => value === kind)?.answered ?? "";
  return { title: "Complete the request", text, button: kind === "erasure" ? "Erase the customer" : "Complete it", reasons: [] };
}

interface StepDialogProps {
  readonly request: SubjectRequest;
  readonly task: StepTask;
  readonly onClose: () => void;
}

export function StepDialog({ request, task, onClose }: StepDialogProps) {
  const [because, setBecause] = useState("");
  const step = useStep(request);
  const { title, text, button, reasons } = sayingOf(task, request.kind);
  const harm = task === "refuse" || task === "cancel" || (task === "complete" && request.kind === "erasure");

  function send(event: SyntheticEvent) {
    event.preventDefault();
    step.mutate({ step: task, because }, { onSuccess: onClose });
  }

  return (
    <Modal opened onClose={onClose} title={title} size={480} closeOnEscape={!step.isPending} closeOnClickOutside={!step.isPending}>
      <form className={css["dialog"]} onSubmit={send}>
        <p>{text}</p>
        {reasons.length === 0 ? null : (
          <fieldset className={css["reasons"]}>
            <legend>Why</legend>
            {reasons.map(({ value, label, about }, index) => (
              <label key={value}>
                <input
                  type="radio"
                  name="because"
                  value={value}
                  required
                  checked={because === value}
                  data-autofocus={index === 0 ? true : undefined}
                  onChange={() => setBecause(value)}
                />
                <span>{label}</span>
                <span className="dim">{about}</span>
              </label>
            ))}
          </fieldset>
        )}
        {step.error === null ? null : <Failure problem={asProblem(step.error)} />}
        <div className={css["foot"]}>
          <Button variant="default" onClick={onClose} disabled={step.isPending}>
            Back
          </Button>
          <Button type="submit" color={harm ? "red" : "blue"} loading={step.isPending} disabled={reasons.length > 0 && because === ""}>
            {button}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
