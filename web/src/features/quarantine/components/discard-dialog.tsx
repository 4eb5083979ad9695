/** Giving rows up: one of the reasons there are, what will happen, and what came of it. */
import { Button, Modal } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import { count } from "@/lib/format";
import { Icon } from "@/ui/icon";
import { Failure } from "@/ui/states";

import { useGiveUp } from "../api/quarantine";
import css from "./dialogs.module.css";
import { DoneButton } from "./done-button";
import { BECAUSE, type Because, type Task } from "./kinds";

interface DiscardDialogProps {
  readonly task: Task;
  readonly onClose: () => void;
}

export function DiscardDialog({ task, onClose }: DiscardDialogProps) {
  const [because, setBecause] = useState<Because | null>(null);
  const giveUp = useGiveUp();
  const one = task.rows === 1;

  function send(event: SyntheticEvent) {
    event.preventDefault();
    if (because !== null) giveUp.mutate({ choice: task.choice, because });
  }

  function done() {
    task.onDone?.();
    onClose();
  }

  return (
    <Modal opened onClose={giveUp.isSuccess ? done : onClose} title="Give up" size={520} closeOnEscape={!giveUp.isPending}>
      {giveUp.isSuccess ? (
        <div className={css["form"]}>
          <p role="status" className={css["result"]} data-tone="good">
            <Icon name="check" size={16} />
            <span>
              {count(giveUp.data)} {giveUp.data === 1 ? "row was" : "rows were"} given up.
            </span>
          </p>
          <DoneButton onDone={done} />
        </div>
      ) : (
        <form className={css["form"]} onSubmit={send}>
          <p>
            {one ? "One open row" : `${count(task.rows)} open rows`}: {task.name}.
          </p>
          <fieldset className={css["reasons"]}>
            <legend>Why</legend>
            {BECAUSE.map(({ value, label, about }, index) => (
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
          <ul className={css["points"]}>
            <li>
              {one ? "It leaves" : "They leave"} the open rows and cannot be handed in any more; there is no way back.
            </li>
            <li>Nothing is deleted: the {one ? "row stays" : "rows stay"} encrypted, with the record that you gave {one ? "it" : "them"} up, and why.</li>
          </ul>
          {giveUp.error === null ? null : <Failure problem={asProblem(giveUp.error)} />}
          <div className={css["foot"]}>
            <Button variant="default" onClick={onClose} disabled={giveUp.isPending}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={giveUp.isPending} disabled={because === null}>
              {one ? "Give it up" : `Give up ${count(task.rows)} rows`}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
