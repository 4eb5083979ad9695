/** Lifting a do-not-contact that a desk set, and what stands after it. */
import { Button, Modal } from "@mantine/core";

import { asProblem } from "@/api/problem";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Failure } from "@/ui/states";
import { When } from "@/ui/when";

import { useLift } from "../api/ledger";
import css from "./dialog.module.css";
import { type Stopped, liftable, reasonWords, stoppedOf } from "./ledger-rules";

interface LiftDialogProps {
  readonly customer: string;
  readonly stopped: Stopped;
  readonly onClose: () => void;
}

export function LiftDialog({ customer, stopped, onClose }: LiftDialogProps) {
  const lift = useLift(customer);
  const said = liftable(stopped);
  return (
    <Modal opened onClose={onClose} title="Lift a do-not-contact" size={460} closeOnEscape={!lift.isPending}>
      {lift.isSuccess ? (
        <div className={css["form"]}>
          <p role="status">
            Lifted for {count(lift.data.reaches)} {lift.data.reaches === 1 ? "record" : "records"} of this customer.{" "}
            {lift.data.stands.length === 0
              ? "From now on consent alone decides."
              : `Still in force: ${stoppedOf(lift.data.stands).map(nameOf).join("; ")}.`}
          </p>
          <Button data-autofocus className={css["send"]} onClick={onClose}>
            Done
          </Button>
        </div>
      ) : (
        <form
          className={css["form"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (said !== null) lift.mutate(said);
          }}
        >
          <p>
            {words(stopped.channel)}, {reasonWords(stopped.reason).toLowerCase()}; set at a desk on <When at={stopped.since} style="both" />.
          </p>
          <p className="dim">
            They may be contacted again wherever they agreed to it. What a source said stays in force until that source takes it
            back.
          </p>
          {stopped.reason === "litigation" ? <p className="dim">It no longer keeps the customer from being erased.</p> : null}
          {lift.error === null ? null : <Failure problem={asProblem(lift.error)} />}
          <Button type="submit" data-autofocus className={css["send"]} color="red" loading={lift.isPending} disabled={said === null}>
            Lift it
          </Button>
        </form>
      )}
    </Modal>
  );
}

function nameOf({ channel, reason, source }: Stopped): string {
  return `${words(channel)}, ${reasonWords(reason).toLowerCase()}, said to ${source}`;
}
