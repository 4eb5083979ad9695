/** A source whose clock is not ours: by how much, and how that is known. No event is dated by it. */
import type { SourceView } from "@/api/types";
import { count } from "@/lib/format";
import { Badge } from "@/ui/badge";

import { span } from "./clock-span";

type Clock = NonNullable<SourceView["clock"]>;

const KNOWN_BY: Readonly<Record<string, string>> = {
  sent: "when it says it sent them",
  event: "when it says the newest event in each happened",
};

export function ClockOff({ clock }: { readonly clock: Clock }) {
  const way = clock.ahead_ms > 0 ? "ahead" : "behind";
  const known = KNOWN_BY[clock.basis] ?? clock.basis;
  return (
    <div title={`The median of ${count(clock.deliveries)} deliveries since the server started, by ${known}. Events keep the times they came with.`}>
      <Badge tone="warn" icon="clock">
        Clock {span(Math.abs(clock.ahead_ms))} {way}
      </Badge>
    </div>
  );
}
