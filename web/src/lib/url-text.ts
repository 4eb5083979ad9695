/** A text field whose value lives in the URL: what is typed shows at once, the URL follows when the typing pauses. */
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

const PAUSE_MS = 160;

export function useUrlText(
  inUrl: string | undefined,
  write: (text: string | undefined) => void,
): readonly [string, (text: string) => void] {
  const [text, setText] = useState(inUrl ?? "");
  const [seen, setSeen] = useState(inUrl);
  const later = useDebouncedCallback((typed: string) => write(typed.trim() || undefined), PAUSE_MS);
  // The URL changed under the field (back, a link): follow it, but never trim what is being typed.
  if (seen !== inUrl) {
    setSeen(inUrl);
    if ((inUrl ?? "") !== text.trim()) setText(inUrl ?? "");
  }
  return [
    text,
    (typed) => {
      setText(typed);
      later(typed);
    },
  ];
}
