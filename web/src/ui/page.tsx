/** The frame of a page: its one heading, what can be done with the whole of it, then its content. */
import { type ReactNode, useEffect } from "react";

import css from "./page.module.css";

interface PageProps {
  readonly title: string;
  /** In the browser's tab; personal names stay out of it. */
  readonly tab?: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, tab = title, about, actions, children }: PageProps) {
  useTab(tab);
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <div className={css["words"]}>
          <h1>{title}</h1>
          {about === undefined ? null : <p className={css["about"]}>{about}</p>}
        </div>
        {actions === undefined ? null : <div className={css["actions"]}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Names the browser's tab. */
export function useTab(title: string): void {
  useEffect(() => {
    document.title = `${title} · Onefold`;
  }, [title]);
}
