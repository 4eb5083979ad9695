/** A short word on a tinted ground. The tone repeats what the word says, so colour is never alone. */
import type { ReactNode } from "react";

import css from "./badge.module.css";
import { Icon, type IconName } from "./icon";

export type Tone = "calm" | "good" | "warn" | "bad" | "accent";

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

export function Badge({ tone = "calm", icon, children }: BadgeProps) {
  return (
    <span className={css["badge"]} data-tone={tone}>
      {icon === undefined ? null : <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

/** Where something came from: a source's name with the source's own colour beside it. */
export function SourceTag({ source }: { readonly source: string }) {
  return (
    <span className={css["source"]} data-hue={hue(source)}>
      {source}
    </span>
  );
}

const HUES = 10;

/** A stable one of the hues, so that a source looks the same on every page. */
function hue(name: string): number {
  let sum = 0;
  for (const char of name) sum = (sum * 12 + (char.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}
