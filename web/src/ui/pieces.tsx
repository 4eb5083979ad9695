/** A text in parts, what was asked for marked in it. */
import css from "./pieces.module.css";

interface Part {
  readonly text: string;
  readonly found: boolean;
}

/** The parts, or the plain text where nothing was asked for. */
export function Pieces({ parts, text = "" }: { readonly parts: readonly Part[]; readonly text?: string }) {
  if (parts.length === 0) return text;
  return parts.map((part, index) =>
    part.found ? (
      <mark key={index} className={css["found"]}>
        {part.text}
      </mark>
    ) : (
      <span key={index}>{part.text}</span>
    ),
  );
}
