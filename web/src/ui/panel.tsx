/** A titled surface. Sections of a page are panels; a panel never holds another. */
import { type ReactNode, useId } from "react";

import css from "./panel.module.css";

interface PanelProps {
  readonly title?: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** The body touches the edges: for tables and lists that bring their own padding. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, note, actions, flush = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={css["panel"]} aria-labelledby={title === undefined ? undefined : id}>
      {title === undefined ? null : (
        <header className={css["head"]}>
          <h2 id={id}>{title}</h2>
          {note === undefined ? null : <span className={css["note"]}>{note}</span>}
          {actions === undefined ? null : <div className={css["actions"]}>{actions}</div>}
        </header>
      )}
      <div className={flush ? undefined : css["body"]}>{children}</div>
    </section>
  );
}
