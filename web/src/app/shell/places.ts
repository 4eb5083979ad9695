/** The places of the console: what the sidebar, the palette and the "g" keys lead to. */
import { may } from "@/api/session";
import type { Session } from "@/api/types";
import type { IconName } from "@/ui/icon";

export interface Place {
  readonly to: "/" | "/find" | "/segments" | "/sources" | "/audit";
  readonly title: string;
  readonly icon: IconName;
  /** Pressed after "g". */
  readonly key: string;
  /** The action that must be open to the session; absent where everybody may go. */
  readonly action?: string;
}

const PLACES: readonly Place[] = [
  { to: "/", title: "Home", icon: "home", key: "h" },
  { to: "/find", title: "Find", icon: "search", key: "f", action: "search_customers" },
  { to: "/segments", title: "Segments", icon: "layers", key: "e", action: "list_segments" },
  { to: "/sources", title: "Sources", icon: "database", key: "s", action: "list_sources" },
  { to: "/audit", title: "Audit", icon: "shield", key: "a", action: "list_audit" },
];

/** Only those the session may go to; the server refuses the rest anyway. */
export function placesFor(session: Session): readonly Place[] {
  return PLACES.filter(({ action }) => action === undefined || may(session, action));
}
