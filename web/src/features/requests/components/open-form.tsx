/** The form of a new request; what it says has one id, so that sending it twice takes in one, and changing it another. */
import { Button, Select, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type SyntheticEvent, useState } from "react";

import { asProblem } from "@/api/problem";
import type { Named, RequestBody } from "@/api/types";
import { words } from "@/lib/labels";
import { uuid } from "@/lib/uuid";
import { Failure } from "@/ui/states";

import { useTakeIn } from "../api/requests";
import type { Kind } from "../api/search";
import css from "./request.module.css";
import { ASKERS, KIND_CHOICES, PROOFS, dayText, isCustomerId, isScoped, receivedOf } from "./sayings";

interface OpenFormProps {
  readonly customer: string;
  readonly kind: Kind;
  readonly laws: readonly Named[];
  readonly purposes: readonly Named[];
}

export function OpenForm({ customer, kind, laws, purposes }: OpenFormProps) {
  const navigate = useNavigate();
  const [today] = useState(() => dayText(new Date()));
  const [day, setDay] = useState(today);
  const [said, setSaid] = useState<RequestBody>(() => ({
    id: uuid(),
    kind,
    customer,
    asked_by: "self",
    proof: "none",
    law: laws[0]?.name ?? "",
    received: "",
    purposes: [],
  }));
  const takeIn = useTakeIn();
  const set = (part: Partial<RequestBody>) => setSaid((old) => ({ ...old, ...part, id: uuid() }));
  const id = said.customer.trim();
  const wrong = id !== "" && !isCustomerId(id);

  function send(event: SyntheticEvent) {
    event.preventDefault();
    const named = isScoped(said.kind) ? said.purposes : [];
    takeIn.mutate(
      { ...said, customer: id, purposes: named, received: receivedOf(day, today) },
      { onSuccess: ({ id: request }) => void navigate({ to: "/requests/$request", params: { request }, replace: true }) },
    );
  }

  return (
    <form className={css["form"]} onSubmit={send}>
      <TextInput
        label="Customer"
        description="The id on their page; any they ever had. Find them first, and open the request from there."
        value={said.customer}
        onChange={(event) => set({ customer: event.currentTarget.value })}
        error={wrong ? "An id has 32 hexadecimal digits" : undefined}
        required
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: "mono" }}
      />
      <KindChoice kind={said.kind} onChange={(chosen) => set({ kind: chosen })} />
      {isScoped(said.kind) ? <Purposes said={said} purposes={purposes} onChange={(named) => set({ purposes: named })} /> : null}
      <div className={css["pairs"]}>
        <Select
          label="Who asks"
          data={ASKERS.map(({ value, label }) => ({ value, label }))}
          value={said.asked_by}
          onChange={(value) => set({ asked_by: ASKERS.find((one) => one.value === value)?.value ?? said.asked_by })}
        />
        <Select
          label="How it was proven who asks"
          data={PROOFS.map(({ value, label }) => ({ value, label }))}
          value={said.proof}
          onChange={(value) => set({ proof: PROOFS.find((one) => one.value === value)?.value ?? said.proof })}
        />
        <TextInput
          type="date"
          label="When they asked"
          value={day}
          max={today}
          required
          onChange={(event) => {
            setDay(event.currentTarget.value);
            set({});
          }}
        />
        <Select
          className={css["wide"]}
          label="Law that gives the time"
          data={laws.map(({ name, title }) => ({ value: name, label: `${name}: ${title}` }))}
          value={said.law}
          onChange={(value) => set({ law: value ?? said.law })}
        />
      </div>
      {takeIn.error === null ? null : <Failure problem={asProblem(takeIn.error)} />}
      <div className={css["foot"]}>
        <span className="dim">{said.proof === "none" ? "It is answered only once it is proven who asks." : ""}</span>
        <Button type="submit" loading={takeIn.isPending} disabled={!isCustomerId(id) || day === "" || day > today}>
          Open the request
        </Button>
      </div>
    </form>
  );
}

function KindChoice({ kind, onChange }: { readonly kind: Kind; readonly onChange: (kind: Kind) => void }) {
  return (
    <fieldset className={css["choices"]}>
      <legend>What they ask for</legend>
      {KIND_CHOICES.map(({ value, label, about }) => (
        <label key={value} className={css["choice"]} data-chosen={value === kind}>
          <input type="radio" name="kind" value={value} checked={value === kind} onChange={() => onChange(value)} />
          <span className={css["label"]}>{label}</span>
          <span className="dim">{about}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface PurposesProps {
  readonly said: RequestBody;
  readonly purposes: readonly Named[];
  readonly onChange: (named: string[]) => void;
}

function Purposes({ said, purposes, onChange }: PurposesProps) {
  const named = said.purposes;
  return (
    <fieldset className={css["purposes"]}>
      <legend>
        What it is against <span className="dim">{said.kind === "objection" ? "none ticked: marketing" : "none ticked: all of these"}</span>
      </legend>
      {purposes.map(({ name, title }) => (
        <label key={name} title={title}>
          <input
            type="checkbox"
            checked={named.includes(name)}
            onChange={() => onChange(named.includes(name) ? named.filter((one) => one !== name) : [...named, name])}
          />
          <span>{words(name)}</span>
        </label>
      ))}
    </fieldset>
  );
}
