/** The parts of what was offered, drawn to scale; a part too small to see still gets a sliver. */
import { Tooltip } from "@mantine/core";

import type { Accounting } from "@/api/types";
import { count, share } from "@/lib/format";
import { words } from "@/lib/labels";

import { PARTS } from "./accounting";
import css from "./accounting.module.css";

export function AccountingBar({ counts }: { readonly counts: Accounting }) {
  const parts = PARTS.filter((part) => counts[part] > 0);
  const said = parts.map((part) => `${part} ${count(counts[part])}`).join(", ");
  return (
    <Tooltip
      multiline
      label={
        parts.length === 0
          ? "Nothing was offered yet"
          : parts.map((part) => (
              <div key={part}>
                {words(part)} {count(counts[part])} ({share(counts[part], counts.offered)})
              </div>
            ))
      }
    >
      <div className={css["bar"]} role="img" aria-label={said === "" ? "Nothing was offered yet" : said}>
        {parts.map((part) => (
          <span key={part} data-part={part} style={{ flexGrow: counts[part] }} />
        ))}
      </div>
    </Tooltip>
  );
}
