/** The identity written out as the sum it is, with a word on whether it holds. */
import type { Accounting } from "@/api/types";
import { count } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge } from "@/ui/badge";

import { ABOUT, PARTS, unexplained } from "./accounting";
import css from "./accounting.module.css";

export function AccountingLine({ counts }: { readonly counts: Accounting }) {
  const lost = unexplained(counts);
  return (
    <div className={css["line"]}>
      <Term name="Offered" value={counts.offered} about="every row a source sent to any door" />
      {PARTS.map((part, index) => (
        <span key={part} className={css["pair"]}>
          <span className={css["sign"]} aria-hidden="true">
            {index === 0 ? "=" : "+"}
          </span>
          <Term name={words(part)} value={counts[part]} about={ABOUT[part]} part={part} />
        </span>
      ))}
      <span className={css["verdict"]}>
        {lost === 0 ? (
          <Badge tone="good" icon="check">
            Every row accounted for
          </Badge>
        ) : (
          <Badge tone="bad" icon="alert">
            {count(lost)} rows unexplained
          </Badge>
        )}
      </span>
    </div>
  );
}

interface TermProps {
  readonly name: string;
  readonly value: number;
  readonly about: string;
  readonly part?: string;
}

function Term({ name, value, about, part }: TermProps) {
  return (
    <span className={css["term"]} title={about}>
      <span className={css["value"]}>{count(value)}</span>
      <span className={css["name"]} data-part={part}>
        {name}
      </span>
    </span>
  );
}
