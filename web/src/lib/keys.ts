/** The console's keyboard: single keys and "g then x" sequences, silent while somebody types. */
import { useEffect, useRef } from "react";

export interface Shortcut {
  /** "mod+k", "/", "?", "[" or a sequence such as "g s". */
  readonly keys: string;
  readonly run: () => void;
}

const SEQUENCE_WINDOW_MS = 1200;

const TEXT_FIELDS = "input:not([type='radio'], [type='checkbox']), textarea, select, [role='combobox']";

/** Whether a key press belongs to a text the reader is writing. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches(TEXT_FIELDS);
}

/** What a key press is called in `Shortcut.keys`. */
export function pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  if (event.altKey) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

/** Which shortcut a press completes, given the presses before it. */
export function matching(
  shortcuts: readonly Shortcut[],
  before: string,
  press: string,
): Shortcut | undefined {
  return (
    shortcuts.find(({ keys }) => before !== "" && keys === `${before} ${press}`) ??
    shortcuts.find(({ keys }) => keys === press)
  );
}

export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let before = "";
    let since = 0;
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.repeat) return;
      const press = pressed(event);
      const modified = press.startsWith("mod+");
      if (press === "" || (isTyping(event.target) && !modified)) return;
      if (!modified && document.querySelector("[aria-modal='true']") !== null) return;
      const live = event.timeStamp - since < SEQUENCE_WINDOW_MS ? before : "";
      const found = matching(latest.current, live, press);
      before = found ? "" : press;
      since = event.timeStamp;
      if (!found) return;
      event.preventDefault();
      found.run();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** How the reader's keyboard names the command key. */
export const COMMAND_KEY = /Mac|iPhone|iPad/.test(typeof navigator === "undefined" ? "" : navigator.userAgent)
  ? "⌘"
  : "Ctrl";
