/** What the policies open to this role, by purpose: the same list by which the console shows or leaves out. */
import { may } from "@/api/session";
import type { Session } from "@/api/types";
import { words } from "@/lib/labels";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";

import css from "./home.module.css";

export function RightsPanel({ session }: { readonly session: Session }) {
  const purposes = session.purposes.map((purpose) => ({
    purpose,
    actions: Object.keys(session.may).filter((action) => may(session, action, purpose)),
  }));
  return (
    <Panel title="What your role opens" note="everything you ask for is recorded" flush>
      {purposes.length === 0 ? (
        <Empty icon="lock" title="Nothing is open to you">
          No policy names your role. Ask whoever gave you this login.
        </Empty>
      ) : (
        <dl className={css["rights"]}>
          {purposes.map(({ purpose, actions }) => (
            <div key={purpose}>
              <dt>{words(purpose)}</dt>
              <dd>{actions.map((action) => words(action).toLowerCase()).join(", ")}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
