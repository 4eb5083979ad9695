/** What can be done about an open request now: prove who asks first, then complete it, or end it another way. */
import { Button, Select } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import type { SubjectRequest } from "@/api/types";
import { Panel } from "@/ui/panel";
import { Failure } from "@/ui/states";

import { useStep } from "../api/requests";
import css from "./request.module.css";
import { PROOFS } from "./sayings";
import { StepDialog, type StepTask } from "./step-dialog";

export interface Rights {
  readonly answer: boolean;
  readonly cancel: boolean;
  readonly save: boolean;
  readonly erase: boolean;
  readonly record: boolean;
}

interface WorkPanelProps {
  readonly request: SubjectRequest;
  readonly rights: Rights;
}

export function WorkPanel({ request, rights }: WorkPanelProps) {
  const [task, setTask] = useState<StepTask | null>(null);
  const proven = request.proof !== "none";
  const hindrance = hindranceOf(request, rights);
  return (
    <Panel title="What is next" note={nextOf(request)}>
      <div className={css["stack"]}>
        {rights.answer && !proven ? <Prove request={request} /> : null}
        {hindrance === "" || !proven ? null : <p className="dim">{hindrance}</p>}
        <div className={css["bar"]} role="group" aria-label="What to do with this request">
          {rights.answer ? (
            <>
              <Button disabled={!proven || hindrance !== ""} onClick={() => setTask("complete")}>
                Complete…
              </Button>
              {request.is_extended || request.days_left < 0 ? null : (
                <Button variant="default" onClick={() => setTask("extend")}>
                  Take more time…
                </Button>
              )}
              <Button variant="default" onClick={() => setTask("refuse")}>
                Refuse…
              </Button>
            </>
          ) : (
            <p className="dim">Your role may look at requests, and not answer them.</p>
          )}
          {rights.cancel && request.status === "received" ? (
            <Button variant="default" className={css["last"]} onClick={() => setTask("cancel")}>
              Cancel…
            </Button>
          ) : null}
        </div>
      </div>
      {task === null ? null : <StepDialog request={request} task={task} onClose={() => setTask(null)} />}
    </Panel>
  );
}

function nextOf({ proof, customer, status }: SubjectRequest): string {
  if (proof === "none") return "nothing is answered before it is proven who asks";
  if (customer === "") return "nobody is known whom it is about";
  return status === "in_progress" ? "work has begun; complete it, or refuse it" : "it is proven who asks";
}

/** Why it cannot be completed by this person, beyond the proof; empty where it can. */
function hindranceOf({ kind, customer, status }: SubjectRequest, { erase, record }: Rights): string {
  if (status === "held") return "A legal hold stands on the customer: complete it once that is lifted, or refuse it.";
  if (customer === "") return "Nobody was found whom it is about: refuse it as not held, or open one for a customer.";
  if (kind === "erasure" && !erase) return "Completing it erases the customer, which your role may not.";
  if ((kind === "objection" || kind === "restriction") && !record) return "Completing it records an objection, which your role may not.";
  return "";
}

function Prove({ request }: { readonly request: SubjectRequest }) {
  const [proof, setProof] = useState<(typeof PROOFS)[number]["value"] | null>(null);
  const step = useStep(request);

  function send(event: SyntheticEvent) {
    event.preventDefault();
    if (proof !== null) step.mutate({ step: "verify", proof });
  }

  return (
    <form className={css["prove"]} onSubmit={send}>
      <Select
        className={css["proof"]}
        label="How it was proven who asks"
        placeholder="Choose"
        data={PROOFS.filter(({ value }) => value !== "none").map(({ value, label }) => ({ value, label }))}
        value={proof}
        onChange={(value) => setProof(PROOFS.find((one) => one.value === value)?.value ?? null)}
      />
      <Button type="submit" variant="default" loading={step.isPending} disabled={proof === null}>
        It is proven
      </Button>
      <span className="dim">The way is kept, never the document.</span>
      {step.error === null ? null : <Failure problem={asProblem(step.error)} />}
    </form>
  );
}
