/** Arrow keys over what was found: over options while the focus stays in the field (the ARIA combobox), or from link to link. */
import { type KeyboardEvent, useEffect, useId, useState } from "react";

interface Options {
  readonly count: number;
  readonly onPick: (index: number, aside: boolean) => void;
  /** Changing it puts the mark back on the first option. */
  readonly resetOn: unknown;
}

/** Where the mark goes on a key press; null when the key is not ours. */
export function moved(key: string, active: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
      return (active + 1) % count;
    case "ArrowUp":
      return (active - 1 + count) % count;
    case "PageDown":
      return Math.min(active + 8, count - 1);
    case "PageUp":
      return Math.max(active - 8, 0);
    default:
      return null;
  }
}

export function useOptions({ count, onPick, resetOn }: Options) {
  const id = useId();
  const [marked, setMarked] = useState({ index: 0, for: resetOn });
  const active = marked.for === resetOn ? Math.min(marked.index, Math.max(count - 1, 0)) : 0;

  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);

  return {
    active,
    listProps: { id: `${id}-list`, role: "listbox" as const },
    inputProps: {
      role: "combobox" as const,
      "aria-autocomplete": "list" as const,
      "aria-expanded": count > 0,
      "aria-controls": `${id}-list`,
      "aria-activedescendant": count > 0 ? `${id}-${active}` : undefined,
      onKeyDown(event: KeyboardEvent) {
        const next = moved(event.key, active, count);
        if (next !== null) {
          event.preventDefault();
          setMarked({ index: next, for: resetOn });
        } else if (event.key === "Enter" && count > 0 && !event.nativeEvent.isComposing) {
          event.preventDefault();
          onPick(active, event.ctrlKey || event.metaKey);
        }
      },
    },
    optionProps: (index: number) => ({
      id: `${id}-${index}`,
      role: "option" as const,
      "aria-selected": index === active,
      onMouseMove: () => {
        if (index !== active) setMarked({ index, for: resetOn });
      },
    }),
  };
}

/** Focuses the next or the previous link of a list; false at its beginning, where there is none before. */
export function stepLinks(list: HTMLElement, by: 1 | -1): boolean {
  const links = [...list.querySelectorAll<HTMLAnchorElement>("a[href]")];
  const now = links.findIndex((link) => link === document.activeElement);
  if (by === -1 && now <= 0) return false;
  links[Math.min(now + by, links.length - 1)]?.focus();
  return true;
}
