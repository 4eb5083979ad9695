/** When a source last delivered, against what its contract promises: late is said in words and with a mark. */
import type { SourceView } from "@/api/types";
import { Badge } from "@/ui/badge";
import { When } from "@/ui/when";

import css from "./freshness.module.css";

type Delivery = Pick<SourceView, "last_arrival_at" | "freshness" | "overdue">;

export function Freshness({ source }: { readonly source: Delivery }) {
  return (
    <>
      <div className={css["arrival"]}>
        {source.last_arrival_at === null ? "nothing yet" : <When at={source.last_arrival_at} style="ago" />}
        {source.overdue ? <Overdue /> : null}
      </div>
      {source.freshness === "" ? null : (
        <div className="dim">
          {source.overdue ? "promised" : "due"} {source.freshness}
        </div>
      )}
    </>
  );
}

export function Overdue() {
  return (
    <Badge tone="warn" icon="clock">
      Overdue
    </Badge>
  );
}
