/** Where one can go. */
import { UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Session } from "@/api/types";
import { Icon } from "@/ui/icon";
import { Logo } from "@/ui/logo";

import type { Place } from "./places";
import css from "./sidebar.module.css";

interface SidebarProps {
  readonly session: Session;
  readonly places: readonly Place[];
  readonly onHelp: () => void;
}

export function Sidebar({ session, places, onHelp }: SidebarProps) {
  return (
    <nav className={css["sidebar"]} aria-label="Main">
      <Link to="/" className={css["brand"]}>
        <Logo />
        <span>Onefold</span>
      </Link>
      <div className={css["cell"]} title="Tenant and jurisdiction: nothing crosses them">
        {session.cell}
      </div>
      <div className={css["places"]}>
        {places.map(({ to, title, icon, key }) => (
          <Link
            key={to}
            to={to}
            className={css["place"]}
            activeOptions={{ exact: to === "/", includeSearch: false }}
            aria-keyshortcuts={`g ${key}`}
            title={title}
          >
            <Icon name={icon} />
            <span>{title}</span>
            <span className={css["keys"]} aria-hidden="true">
              G {key.toUpperCase()}
            </span>
          </Link>
        ))}
      </div>
      <div className={css["foot"]}>
        <UnstyledButton className={css["place"]} onClick={onHelp} aria-keyshortcuts="?" title="Keyboard">
          <Icon name="keyboard" />
          <span>Keyboard</span>
          <span className={css["keys"]} aria-hidden="true">
            ?
          </span>
        </UnstyledButton>
      </div>
    </nav>
  );
}
