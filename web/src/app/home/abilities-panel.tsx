/** What this person can do here, each line leading to where it is done. */
import { Link } from "@tanstack/react-router";

import type { Session } from "@/api/types";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";

import { abilitiesOf } from "./abilities";
import css from "./home.module.css";

export function AbilitiesPanel({ session }: { readonly session: Session }) {
  const abilities = abilitiesOf(session);
  return (
    <Panel title="What you can do here" note="everything you ask for is recorded" flush>
      {abilities.length === 0 ? (
        <Empty icon="lock" title="Nothing is open to you">
          No policy names your role. Ask whoever gave you this login.
        </Empty>
      ) : (
        <ul className={css["rows"]}>
          {abilities.map(({ text, to, reasons }) => (
            <li key={text}>
              <span>{to === undefined ? text : <Link to={to}>{text}</Link>}</span>
              {reasons === "" ? null : <span className={css["end"]}>for {reasons}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
