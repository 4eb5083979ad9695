/** What exists and was not shown, and why: a line that opens, never silence. */
import { UnstyledButton } from "@mantine/core";
import { useId, useState } from "react";

import { sentence } from "@/lib/labels";

import { Icon } from "./icon";
import css from "./withheld.module.css";

interface WithheldNoteProps {
  readonly withheld: readonly { readonly what: string; readonly reason: string }[];
}

const MOST_NAMED = 3;

export function WithheldNote({ withheld }: WithheldNoteProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (withheld.length === 0) return null;
  const things = withheld.map((item) => sentence(item.what));
  const named = things.slice(0, MOST_NAMED).join(", ");
  return (
    <section className={css["note"]} aria-label="Withheld">
      <UnstyledButton className={css["head"]} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <Icon name="hidden" size={14} />
        <strong>Withheld from you</strong>
        <span className={css["named"]}>
          {named}
          {things.length > MOST_NAMED ? ` and ${things.length - MOST_NAMED} more` : ""}
        </span>
        <span className={css["why"]}>
          Why
          <Icon name={open ? "down" : "right"} size={14} />
        </span>
      </UnstyledButton>
      {open ? (
        <dl id={id} className={css["list"]}>
          {withheld.map((item) => (
            <div key={`${item.what} ${item.reason}`} className={css["item"]}>
              <dt>{sentence(item.what)}</dt>
              <dd>{sentence(item.reason)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
}
