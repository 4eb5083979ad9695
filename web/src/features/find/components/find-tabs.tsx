/** The two ways to find somebody: by who they are, or by what was said; the second is not for everybody. */
import { Link } from "@tanstack/react-router";

import { purposesFor, useSession } from "@/api/session";

import css from "./find-tabs.module.css";

const WAYS = [
  { to: "/find", title: "By who they are" },
  { to: "/find/conversations", title: "By what was said" },
] as const;

export function FindTabs() {
  const session = useSession();
  if (purposesFor(session, "search_conversations").length === 0) return null;
  return (
    <nav className={css["ways"]} aria-label="Ways to find">
      {WAYS.map(({ to, title }) => (
        <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }} className={css["way"]}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
