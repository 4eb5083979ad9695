/** Horizontal bars with a word and a number each: a chart that is a list, so it reads aloud as one. */
import type { ReactNode } from "react";

import css from "./bar-list.module.css";

export interface Bar {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: number;
  readonly tone?: "accent" | "good" | "warn" | "bad" | "calm";
}

interface BarListProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly format: (value: number) => string;
  /** What a full bar stands for; the largest value if absent. */
  readonly whole?: number;
}

export function BarList({ label, bars, format, whole }: BarListProps) {
  const full = whole ?? Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <ul className={css["bars"]} aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key} className={css["bar"]} data-tone={bar.tone ?? "accent"}>
          <span className={css["label"]}>{bar.label}</span>
          <span className={css["track"]} aria-hidden="true">
            <span className={css["fill"]} style={{ width: bar.value === 0 ? 0 : `max(2px, ${(100 * bar.value) / full}%)` }} />
          </span>
          <span className={css["value"]}>{format(bar.value)}</span>
        </li>
      ))}
    </ul>
  );
}
