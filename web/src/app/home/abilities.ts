/** What a person can do here, in plain words, each with the page it is done on; nothing that cannot be reached. */
import { may, purposesFor } from "@/api/session";
import type { Session } from "@/api/types";
import { words } from "@/lib/labels";

import { type Place, placesFor } from "../shell/places";

export interface Ability {
  readonly text: string;
  /** The page, where it is one that can be opened as it is; a customer's own page is reached by finding them. */
  readonly to: Place["to"] | undefined;
  /** "servicing or marketing": what it may be done for; empty where it makes no difference. */
  readonly reasons: string;
}

interface Offer {
  readonly action: string;
  readonly text: string;
  /** The page on which it happens; without it nothing is offered. */
  readonly place: Place["to"];
  readonly linked?: boolean;
  /** The purpose its page asks for. */
  readonly purpose?: string;
}

const OFFERS: readonly Offer[] = [
  {
    action: "search_customers",
    text: "Find a customer by name, phone, e-mail, account number or a key of any source",
    place: "/find",
    linked: true,
  },
  { action: "show_customer", text: "See who they are, and where each value came from", place: "/find" },
  { action: "list_transactions", text: "See their accounts, balances and transactions", place: "/find" },
  { action: "show_timeline", text: "Follow what happened with them, source by source", place: "/find" },
  { action: "show_relations", text: "See their household, who acts for them, their firms", place: "/find" },
  { action: "search_conversations", text: "Find what was said in any conversation, by its words", place: "/find" },
  { action: "record_consent", text: "Record what they agree to or take back", place: "/find" },
  { action: "show_consents", text: "See every consent with its evidence, and what stood on any day", place: "/find" },
  { action: "suppress_customer", text: "Leave them alone: nothing more goes out over a channel", place: "/find" },
  { action: "lift_suppression", text: "Lift a do-not-contact that was set at a desk", place: "/find" },
  { action: "break_glass", text: "Reach a customer of another portfolio where it cannot wait; it is written down", place: "/find" },
  { action: "decide_judgement", text: "Decide whether two records are one person", place: "/find" },
  { action: "list_segments", text: "Read who belongs to a segment, and why", place: "/segments", linked: true, purpose: "analytics" },
  { action: "evaluate_segment", text: "Count its members", place: "/segments", purpose: "analytics" },
  { action: "count_audience", text: "See how many of them can be reached now, and why not the others", place: "/segments" },
  { action: "activate_segment", text: "Send a segment to a channel; consent is checked person by person", place: "/segments" },
  { action: "list_sources", text: "See what each source delivered, and what became of it", place: "/sources", linked: true, purpose: "stewardship" },
  { action: "list_quarantine", text: "See which rows were held back, and why", place: "/quarantine", linked: true, purpose: "stewardship" },
  { action: "resubmit_quarantine", text: "Mend held rows and hand them in again", place: "/quarantine", purpose: "stewardship" },
  { action: "discard_quarantine", text: "Give rows up that nobody can mend", place: "/quarantine", purpose: "stewardship" },
  { action: "list_requests", text: "See what people ask about their own data, and until when to answer", place: "/requests", linked: true, purpose: "compliance" },
  { action: "place_hold", text: "Keep what a court asks for: nothing of a customer is erased while a hold stands", place: "/requests", purpose: "compliance" },
  { action: "answer_request", text: "Answer them: access, erasure, objection, with the proof of it", place: "/requests", purpose: "compliance" },
  { action: "list_audit", text: "See who looked at whom, for what, and what was changed", place: "/audit", linked: true, purpose: "compliance" },
];

export function abilitiesOf(session: Session): readonly Ability[] {
  const open = new Set(placesFor(session).map(({ to }) => to));
  return OFFERS.filter(({ action, place, purpose }) => open.has(place) && may(session, action, purpose)).map(
    ({ action, text, place, linked = false }) => ({
      text,
      to: linked ? place : undefined,
      reasons: place === "/find" ? purposesFor(session, action).map((one) => words(one).toLowerCase()).join(" or ") : "",
    }),
  );
}
