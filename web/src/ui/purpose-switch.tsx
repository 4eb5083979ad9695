/** Why the data is looked at. It decides what may be shown, so it is always in sight and in the URL. */
import { Select } from "@mantine/core";

import { words } from "@/lib/labels";

import css from "./purpose-switch.module.css";

interface PurposeSwitchProps {
  readonly value: string;
  readonly purposes: readonly string[];
  readonly onChange: (purpose: string) => void;
}

export function PurposeSwitch({ value, purposes, onChange }: PurposeSwitchProps) {
  if (purposes.length < 2) {
    return (
      <span className={css["only"]}>
        <span className={css["label"]}>Purpose</span> {words(value)}
      </span>
    );
  }
  return (
    <Select
      aria-label="Purpose"
      leftSection={<span className={css["label"]}>Purpose</span>}
      leftSectionWidth={66}
      w={190}
      data={purposes.map((purpose) => ({ value: purpose, label: words(purpose) }))}
      value={value}
      onChange={(next) => {
        if (next !== null) onChange(next);
      }}
    />
  );
}
