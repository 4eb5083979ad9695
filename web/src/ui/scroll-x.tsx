/** What is wider than its place: it scrolls sideways, and says so with an edge that fades and a button that moves it. */
import { type ReactNode, useCallback, useState } from "react";

import { Icon } from "./icon";
import css from "./scroll-x.module.css";

interface ScrollXProps {
  readonly label: string;
  /** A navigation is walked link by link; anything else must be reached to be scrolled by keys. */
  readonly role?: "region" | "navigation" | "group";
  readonly className?: string | undefined;
  /** On a narrow screen alone: elsewhere it fits, and headings inside may stick to the window. */
  readonly narrowOnly?: boolean;
  readonly children: ReactNode;
}

interface Hidden {
  readonly left: boolean;
  readonly right: boolean;
}

const STEP = 0.7;
const SLACK_PX = 2;

export function ScrollX({ label, role = "region", className, narrowOnly = false, children }: ScrollXProps) {
  const [hidden, watch] = useHidden();
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const hold = useCallback(
    (element: HTMLDivElement | null) => {
      setBox(element);
      return watch(element);
    },
    [watch],
  );
  const reached = role !== "navigation" && (hidden.left || hidden.right) ? { tabIndex: 0 } : {};
  function move(by: 1 | -1) {
    box?.scrollBy({ left: by * STEP * box.clientWidth, behavior: "smooth" });
  }
  return (
    <div className={css["frame"]} data-left={hidden.left} data-right={hidden.right}>
      <div ref={hold} className={`${css["scroll"]} ${className ?? ""}`} data-narrow={narrowOnly} role={role} aria-label={label} {...reached}>
        {children}
      </div>
      {hidden.left ? <Mover side="left" label={label} onMove={() => move(-1)} /> : null}
      {hidden.right ? <Mover side="right" label={label} onMove={() => move(1)} /> : null}
    </div>
  );
}

interface MoverProps {
  readonly side: "left" | "right";
  readonly label: string;
  readonly onMove: () => void;
}

function Mover({ side, label, onMove }: MoverProps) {
  return (
    <button type="button" className={css["mover"]} data-side={side} aria-label={`${label}: more to the ${side}`} title={`More to the ${side}`} onClick={onMove}>
      <Icon name="right" size={14} />
    </button>
  );
}

/** Whether something of an element stands out of sight on either side, as it scrolls and as sizes change. */
function useHidden(): readonly [Hidden, (element: HTMLDivElement | null) => (() => void) | undefined] {
  const [hidden, setHidden] = useState<Hidden>({ left: false, right: false });
  const watch = useCallback((element: HTMLDivElement | null) => {
    if (element === null) return undefined;
    const look = () => {
      const rest = element.scrollWidth - element.clientWidth - element.scrollLeft;
      const next = { left: element.scrollLeft > SLACK_PX, right: rest > SLACK_PX };
      setHidden((old) => (old.left === next.left && old.right === next.right ? old : next));
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    for (const child of element.children) sizes.observe(child);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  return [hidden, watch];
}
