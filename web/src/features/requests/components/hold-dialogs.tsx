/** Placing a legal hold and lifting one: what it does is said first, and both need their words. */
import { Button, Modal, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import type { HoldView } from "@/api/types";
import { Failure } from "@/ui/states";

import { useLiftHold, usePlaceHold } from "../api/holds";
import css from "./request.module.css";

const TEXT_MAX = 500;

interface PlaceHoldDialogProps {
  readonly customer: string;
  readonly onClose: () => void;
}

export function PlaceHoldDialog({ customer, onClose }: PlaceHoldDialogProps) {
  const [matter, setMatter] = useState("");
  const [reason, setReason] = useState("");
  const [review, setReview] = useState("");
  const place = usePlaceHold(customer);

  function send(event: SyntheticEvent) {
    event.preventDefault();
    place.mutate({ matter, reason, review_on: review }, { onSuccess: onClose });
  }

  return (
    <Modal opened onClose={onClose} title="Place a legal hold" size={480} closeOnEscape={!place.isPending}>
      <form className={css["dialog"]} onSubmit={send}>
        <p>Nothing of the customer is erased until it is lifted, whoever asks. It is on every record of theirs. They are not told.</p>
        <TextInput
          label="Matter"
          description="The case or order, as your lawyers call it"
          value={matter}
          onChange={(event) => setMatter(event.currentTarget.value)}
          maxLength={TEXT_MAX}
          required
          data-autofocus
        />
        <TextInput label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={TEXT_MAX} required />
        <TextInput type="date" label="To be looked at again" value={review} onChange={(event) => setReview(event.currentTarget.value)} />
        {place.error === null ? null : <Failure problem={asProblem(place.error)} />}
        <div className={css["foot"]}>
          <Button variant="default" onClick={onClose} disabled={place.isPending}>
            Back
          </Button>
          <Button type="submit" loading={place.isPending} disabled={matter.trim() === "" || reason.trim() === ""}>
            Place it
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface LiftHoldDialogProps {
  readonly customer: string;
  readonly hold: HoldView;
  readonly onClose: () => void;
}

export function LiftHoldDialog({ customer, hold, onClose }: LiftHoldDialogProps) {
  const [because, setBecause] = useState("");
  const lift = useLiftHold(customer);

  function send(event: SyntheticEvent) {
    event.preventDefault();
    lift.mutate({ hold: hold.id, because }, { onSuccess: onClose });
  }

  return (
    <Modal opened onClose={onClose} title="Lift the hold" size={480} closeOnEscape={!lift.isPending}>
      <form className={css["dialog"]} onSubmit={send}>
        <p>{hold.matter}. What waited for it can go on; nothing is erased by this alone.</p>
        <TextInput
          label="Reason"
          value={because}
          onChange={(event) => setBecause(event.currentTarget.value)}
          maxLength={TEXT_MAX}
          required
          data-autofocus
        />
        {lift.error === null ? null : <Failure problem={asProblem(lift.error)} />}
        <div className={css["foot"]}>
          <Button variant="default" onClick={onClose} disabled={lift.isPending}>
            Back
          </Button>
          <Button type="submit" color="red" loading={lift.isPending} disabled={because.trim() === ""}>
            Lift it
          </Button>
        </div>
      </form>
    </Modal>
  );
}
