/** The properties of a row: what broke is marked in words and in place, and each can be changed where that is allowed. */
import { Button, TextInput } from "@mantine/core";
import { useId } from "react";

import type { HeldValue } from "@/api/types";
import { Badge, type Tone } from "@/ui/badge";
import { Icon } from "@/ui/icon";

import css from "./row-values.module.css";

interface RowValuesProps {
  readonly values: readonly HeldValue[];
  /** What was changed so far, by property; absent where nothing may be. */
  readonly edits: Readonly<Record<string, string>> | undefined;
  readonly onEdit: (path: string, value: string | undefined) => void;
  readonly reason: string;
}

export function RowValues({ values, edits, onEdit, reason }: RowValuesProps) {
  // What broke comes first: it is what one came for.
  const sorted = values.toSorted((left, right) => Number(right.broken) - Number(left.broken));
  return (
    <ul className={css["values"]} aria-label="Properties">
      {sorted.map((value) => (
        <Value key={value.path} value={value} edits={edits} onEdit={onEdit} reason={reason} />
      ))}
    </ul>
  );
}

interface ValueProps extends Omit<RowValuesProps, "values"> {
  readonly value: HeldValue;
}

const TONES: Readonly<Record<string, Tone>> = { pii: "accent", pci: "accent", special: "bad", secret: "bad" };

function Value({ value, edits, onEdit, reason }: ValueProps) {
  const id = useId();
  const edited = edits?.[value.path];
  const hint = [value.about, value.allowed.length === 0 ? "" : `One of: ${value.allowed.join(", ")}.`].filter((part) => part !== "").join(" ");
  return (
    <li className={css["value"]} data-broken={value.broken} data-changed={edited !== undefined}>
      <div className={css["name"]}>
        <span id={id} className={css["path"]}>
          {value.broken ? <Icon name="alert" size={14} /> : null}
          {value.path}
        </span>
        <span className={css["kind"]}>
          {value.type}
          {value.required ? ", required" : ""}
          <Badge tone={TONES[value.field_class] ?? "calm"}>{value.field_class}</Badge>
        </span>
      </div>
      <div className={css["body"]}>
        {edits !== undefined && value.editable && !value.cut ? (
          <Editor value={value} edited={edited} labelled={id} onEdit={onEdit} />
        ) : (
          <Shown value={value} />
        )}
        {value.broken ? <p className={css["broke"]}>This broke: {reason}</p> : null}
        {hint === "" ? null : <p className="dim">{hint}</p>}
      </div>
    </li>
  );
}

interface EditorProps {
  readonly value: HeldValue;
  readonly edited: string | undefined;
  readonly labelled: string;
  readonly onEdit: (path: string, value: string | undefined) => void;
}

/** What is masked or hidden can be replaced without being seen. */
function Editor({ value, edited, labelled, onEdit }: EditorProps) {
  const seen = value.shown === "full" ? value.value : "";
  return (
    <div className={css["editor"]}>
      <TextInput
        className={css["input"]}
        aria-labelledby={labelled}
        value={edited ?? seen}
        placeholder={value.shown === "full" ? "empty" : placeholder(value)}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          const typed = event.currentTarget.value;
          onEdit(value.path, typed === seen ? undefined : typed);
        }}
      />
      {edited === undefined ? null : (
        <Button variant="subtle" onClick={() => onEdit(value.path, undefined)} aria-label={`Leave ${value.path} as it was`}>
          Undo
        </Button>
      )}
    </div>
  );
}

function placeholder({ shown, value }: HeldValue): string {
  if (shown === "masked") return value;
  return shown === "none" ? "not in the row" : "hidden from your role; type to replace it";
}

const WORDS: Readonly<Record<string, string>> = {
  hidden: "hidden from your role",
  digest: "only a digest is kept",
  none: "not in the row",
};

function Shown({ value }: { readonly value: HeldValue }) {
  const word = WORDS[value.shown];
  if (word !== undefined) {
    return (
      <span className={css["word"]}>
        <Icon name={value.shown === "none" ? "minus" : "hidden"} size={13} /> {word}
      </span>
    );
  }
  return (
    <span className={css["text"]}>
      {value.value === "" ? <span className="dim">empty</span> : value.value}
      {value.cut ? <span className="dim"> … longer than is shown</span> : null}
    </span>
  );
}
