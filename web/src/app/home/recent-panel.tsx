/** The customers looked at in this tab. */
import { Link } from "@tanstack/react-router";

import { recents } from "@/lib/recent";
import { Avatar } from "@/ui/avatar";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";

import css from "./home.module.css";

export function RecentPanel() {
  const list = recents();
  return (
    <Panel title="Recent customers" note="kept in this tab only" flush>
      {list.length === 0 ? (
        <Empty icon="clock" title="Nobody yet">
          The customers you open stand here until you close the tab or sign out.
        </Empty>
      ) : (
        <ul className={css["recent"]}>
          {list.map(({ customer, name, kind }) => (
            <li key={customer}>
              <Link to="/customers/$customer" params={{ customer }} className={css["person"]}>
                <Avatar name={name} kind={kind} size={26} />
                <bdi className="cut">{name}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
