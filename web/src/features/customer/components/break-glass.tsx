/** Stands where a customer of another portfolio would: why, and the way through for what cannot wait. */
import { Button } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem, type Problem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import { Panel } from "@/ui/panel";
import { Failure } from "@/ui/states";

import { type Because, useBreakGlass } from "../api/glass";
import css from "./break-glass.module.css";

const REASONS: readonly { readonly value: Because; readonly label: string }[] = [
  { value: "customer_asks", label: "The customer is here, or on the phone" },
  { value: "covering", label: "I am covering for a colleague" },
  { value: "complaint", label: "A complaint has to be answered" },
  { value: "urgent", label: "It is urgent: fraud, or somebody’s safety" },
];

interface BreakGlassProps {
  readonly customer: string;
  readonly purpose: string;
  readonly problem: Problem;
}

export function BreakGlass({ customer, purpose, problem }: BreakGlassProps) {
  const session = useSession();
  const [because, setBecause] = useState<Because | null>(null);
  const glass = useBreakGlass(customer, purpose);

  function send(event: SyntheticEvent) {
    event.preventDefault();
    if (because !== null) glass.mutate(because);
  }

  return (
    <Panel>
      <Failure problem={problem} />
      {may(session, "break_glass", purpose) ? (
        <form className={css["form"]} onSubmit={send}>
          <fieldset className={css["reasons"]}>
            <legend>Why it cannot wait</legend>
            {REASONS.map(({ value, label }) => (
              <label key={value}>
                <input type="radio" name="because" required checked={because === value} onChange={() => setBecause(value)} />
                <span>{label}</span>
              </label>
            ))}
          </fieldset>
          <p className="dim">
            You reach this customer for 15 minutes. Your reason and every look are written down first, and are gone
            through afterwards.
          </p>
          {glass.error === null ? null : <Failure problem={asProblem(glass.error)} />}
          <Button type="submit" color="red" className={css["send"]} loading={glass.isPending} disabled={because === null}>
            Break the glass
          </Button>
        </form>
      ) : null}
    </Panel>
  );
}
