/** Handing rows in again: what will happen, what to put into each first, and what came of it. */
import { Button, Modal } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import { count } from "@/lib/format";
import { Icon } from "@/ui/icon";
import { Failure } from "@/ui/states";

import { type HandedIn, useHandIn } from "../api/quarantine";
import { type Correction, Corrections, asCorrections } from "./corrections";
import css from "./dialogs.module.css";
import { DoneButton } from "./done-button";
import type { Task } from "./kinds";

interface HandInDialogProps {
  readonly task: Task;
  readonly onClose: () => void;
}

export function HandInDialog({ task, onClose }: HandInDialogProps) {
  const [lines, setLines] = useState<readonly Correction[]>([]);
  const [tried, setTried] = useState(0);
  const handIn = useHandIn(setTried);
  const given = task.corrections;
  const one = task.rows === 1;

  function send(event: SyntheticEvent) {
    event.preventDefault();
    setTried(0);
    handIn.mutate({ choice: task.choice, corrections: { ...given, ...asCorrections(lines) } });
  }

  function done() {
    task.onDone?.();
    onClose();
  }

  return (
    <Modal opened onClose={handIn.isSuccess ? done : onClose} title="Hand in again" size={520} closeOnEscape={!handIn.isPending}>
      {handIn.isSuccess ? (
        <Result result={handIn.data} onDone={done} />
      ) : (
        <form className={css["form"]} onSubmit={send}>
          <p>
            {one ? "One open row" : `${count(task.rows)} open rows`}: {task.name}.
          </p>
          <ul className={css["points"]}>
            <li>{one ? "It is" : "Each is"} checked against the contract in force today. What keeps it is let in; what does not stays here, open.</li>
            <li>What is let in counts as history: what a later delivery said of the same thing stays on top.</li>
            <li>It is written to the audit that you did it.</li>
          </ul>
          {given === undefined ? (
            <Corrections lines={lines} field={task.field} onChange={setLines} />
          ) : (
            <p>
              Put in first: <span className="mono">{Object.keys(given).join(", ")}</span>.
            </p>
          )}
          {handIn.error === null ? null : <Failure problem={asProblem(handIn.error)} />}
          <div className={css["foot"]}>
            {handIn.isPending && tried > 0 ? <span role="status">{count(tried)} tried so far</span> : null}
            <Button variant="default" onClick={onClose} disabled={handIn.isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={handIn.isPending} data-autofocus>
              {one ? "Hand it in again" : `Hand in ${count(task.rows)} rows again`}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

/** How many went in, and what is still wrong with the others. */
function Result({ result, onDone }: { readonly result: HandedIn; readonly onDone: () => void }) {
  const held = result.still.reduce((sum, one) => sum + one.rows, 0);
  return (
    <div className={css["form"]}>
      <p role="status" className={css["result"]} data-tone={held === 0 ? "good" : "warn"}>
        <Icon name={held === 0 ? "check" : "alert"} size={16} />
        <span>
          {count(result.taken)} {result.taken === 1 ? "row was" : "rows were"} let in, {count(held)} still held.
        </span>
      </p>
      {held === 0 ? null : (
        <ul className={css["still"]} aria-label="Still held">
          {result.still.map((one) => (
            <li key={`${one.reason} ${one.field}`}>
              <strong>{count(one.rows)}</strong>
              <span>
                {one.message} {one.field === "" ? null : <span className="mono">{one.field}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <DoneButton onDone={onDone} />
    </div>
  );
}
