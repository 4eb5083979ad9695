/** How consents are laid out. What they mean is decided by the gate; here nothing is inferred but layout. */
import type { ConsentView } from "@/api/types";
import type { Tone } from "@/ui/badge";
import type { IconName } from "@/ui/icon";

/** Purposes that rest on consent; the others need none and are not asked. */
export const CONSENT_PURPOSES = ["marketing", "analytics", "partner"] as const;
export const CONSENT_CHANNELS = ["any", "email", "sms", "call", "push", "app", "web", "branch"] as const;

export interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: string;
}

export function lookOf(state: string | undefined): Look {
  switch (state) {
    case "granted":
      return { tone: "good", icon: "check", word: "Granted" };
    case "withdrawn":
      return { tone: "bad", icon: "cross", word: "Withdrawn" };
    case "objected":
      return { tone: "bad", icon: "cross", word: "Objected" };
    case "expired":
      return { tone: "warn", icon: "clock", word: "Expired" };
    case undefined:
    case "unknown":
      return { tone: "calm", icon: "minus", word: "No answer" };
    default:
      return { tone: "calm", icon: "info", word: state.charAt(0).toUpperCase() + state.slice(1) };
  }
}

/** What stands for all of a customer's records; a yes of some of them is named, because it is there and not enough. */
export function lookOfAll(one: ConsentView | undefined): Look {
  if (one?.state === "unknown" && one.granted > 0) {
    return { tone: "warn", icon: "minus", word: `Granted for ${one.granted} of ${one.records}` };
  }
  return lookOf(one?.state);
}

/** Those that somebody said something about; the gate also names purposes of which nobody ever spoke. */
export function spoken(consents: readonly ConsentView[]): readonly ConsentView[] {
  return consents.filter((one) => one.since !== "");
}

/** The fact that stands for exactly this purpose and channel. */
export function standing(consents: readonly ConsentView[], purpose: string, channel: string): ConsentView | undefined {
  return consents
    .filter((one) => one.purpose === purpose && one.channel === channel)
    .toSorted((left, right) => right.since.localeCompare(left.since))[0];
}
