/** The places of the console: what the sidebar, the palette and the "g" keys lead to. */
import { may } from "@/api/session";
import type { Session } from "@/api/types";
import type { IconName } from "@/ui/icon";

export interface Place {
  readonly to: "/" | "/find" | "/segments" | "/sources" | "/quarantine" | "/requests" | "/audit";
  readonly title: string;
  readonly icon: IconName;
  /** Pressed after "g". */
  readonly key: string;
  /** What must be open to the session, and the purpose the server asks the gate for; absent where everybody may go. */
  readonly needs?: { readonly action: string; readonly purpose?: string };
}

const PLACES: readonly Place[] = [
  { to: "/", title: "Home", icon: "home", key: "h" },
  { to: "/find", title: "Find", icon: "search", key: "f", needs: { action: "search_customers" } },
  { to: "/segments", title: "Segments", icon: "layers", key: "e", needs: { action: "list_segments", purpose: "analytics" } },
  { to: "/sources", title: "Sources", icon: "database", key: "s", needs: { action: "list_sources", purpose: "stewardship" } },
  { to: "/quarantine", title: "Quarantine", icon: "tray", key: "q", needs: { action: "list_quarantine", purpose: "stewardship" } },
  { to: "/requests", title: "Requests", icon: "mail", key: "r", needs: { action: "list_requests", purpose: "compliance" } },
  { to: "/audit", title: "Audit", icon: "shield", key: "a", needs: { action: "list_audit", purpose: "compliance" } },
];

/** Only those the session may go to; the server refuses the rest anyway. */
export function placesFor(session: Session): readonly Place[] {
  return PLACES.filter(({ needs }) => needs === undefined || may(session, needs.action, needs.purpose));
}
