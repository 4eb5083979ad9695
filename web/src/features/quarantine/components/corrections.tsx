/** What to put into each row before it is handed in. To empty a property has to be said: it is easily done by mistake. */
import { Button, TextInput } from "@mantine/core";

import { Icon } from "@/ui/icon";

import css from "./dialogs.module.css";

export interface Correction {
  readonly key: number;
  readonly property: string;
  readonly value: string;
  readonly empties: boolean;
}

/** Property → value, as the server takes it. */
export function asCorrections(lines: readonly Correction[]): Readonly<Record<string, string>> {
  const named = lines.filter(({ property }) => property.trim() !== "");
  return Object.fromEntries(named.map(({ property, value, empties }) => [property.trim(), empties ? "" : value]));
}

interface CorrectionsProps {
  readonly lines: readonly Correction[];
  /** The property that broke, if all of the rows broke at one. */
  readonly field: string;
  readonly onChange: (lines: readonly Correction[]) => void;
}

export function Corrections({ lines, field, onChange }: CorrectionsProps) {
  const change = (key: number, part: Partial<Correction>) =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  function add() {
    const key = Math.max(0, ...lines.map((line) => line.key + 1));
    const property = lines.length === 0 && !field.includes(",") ? field : "";
    onChange([...lines, { key, property, value: "", empties: false }]);
  }
  return (
    <fieldset className={css["corrections"]}>
      <legend>Put into each row first</legend>
      {lines.length === 0 ? <p className="dim">Nothing: they are handed in as they are, which helps when the contract has changed.</p> : null}
      {lines.map((line) => (
        <div key={line.key} className={css["line"]}>
          <TextInput
            aria-label="Property"
            placeholder="property"
            value={line.property}
            required
            onChange={(event) => change(line.key, { property: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`Value of ${line.property}`}
            placeholder={line.empties ? "made empty" : "value"}
            value={line.empties ? "" : line.value}
            required={!line.empties}
            disabled={line.empties}
            onChange={(event) => change(line.key, { value: event.currentTarget.value })}
          />
          <label className={css["empties"]}>
            <input type="checkbox" checked={line.empties} onChange={() => change(line.key, { empties: !line.empties })} />
            Empty
            <span className="hidden-visually">: leave {line.property} without a value</span>
          </label>
          <Button
            variant="subtle"
            color="gray"
            aria-label={`Leave ${line.property} as it is`}
            onClick={() => onChange(lines.filter(({ key }) => key !== line.key))}
          >
            <Icon name="cross" size={14} />
          </Button>
        </div>
      ))}
      <Button variant="default" className={css["add"]} onClick={add}>
        {lines.length === 0 ? "Put a value in…" : "Another property"}
      </Button>
    </fieldset>
  );
}
