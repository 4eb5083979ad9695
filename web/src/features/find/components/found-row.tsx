/** One customer found: who, where from, and what of the query it was found by. */
import type { Found } from "@/api/types";
import { Avatar } from "@/ui/avatar";
import { SourceTag } from "@/ui/badge";
import { shown, words } from "@/lib/labels";

import css from "./found-row.module.css";

export function FoundRow({ found, compact = false }: { readonly found: Found; readonly compact?: boolean }) {
  return (
    <div className={css["row"]} data-compact={compact}>
      <Avatar name={found.name} kind={found.kind} size={compact ? 26 : 32} />
      <div className={css["who"]}>
        <span className={css["name"]}>
          {found.barred ? <span className="dim">A customer of another portfolio</span> : <bdi>{found.name}</bdi>}
        </span>
        <span className={css["why"]}>
          found by <mark className={css["matched"]}>{words(found.matched_by).toLowerCase()}</mark>
          {found.matched === found.name || found.barred ? null : <bdi> {found.matched}</bdi>}
        </span>
      </div>
      <span className={css["born"]}>{found.birth_date === "" ? "" : shown("birth_date", found.birth_date)}</span>
      {compact ? null : (
        <>
          <span className={css["city"]}>
            <bdi>{found.city}</bdi>
          </span>
          <span className={css["sources"]}>
            {found.sources.map((source) => (
              <SourceTag key={source} source={source} />
            ))}
          </span>
        </>
      )}
    </div>
  );
}
