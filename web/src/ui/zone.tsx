/** Names the zone of the times beside it. */
import { zone } from "@/lib/format";

export function Zone() {
  return <span title="The zone of this device; every time on screen is in it">times in {zone.replaceAll("_", " ")}</span>;
}
