/** Find, theme and who is signed in: in reach on every page. */
import { ActionIcon, Menu, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { isKeptHere, may } from "@/api/session";
import type { Session } from "@/api/types";
import { COMMAND_KEY } from "@/lib/keys";
import { words } from "@/lib/labels";
import { type Wish, setWish, useScheme, useWish } from "@/lib/scheme";
import { Avatar } from "@/ui/avatar";
import { Icon, type IconName } from "@/ui/icon";

import css from "./shell.module.css";
import { useSignOut } from "./sign-out";

interface TopBarProps {
  readonly session: Session;
  readonly onFind: () => void;
}

export function TopBar({ session, onFind }: TopBarProps) {
  const mayFind = may(session, "search_customers");
  return (
    // Not a banner: an open dialog brings a header of its own, and a page has one banner at most.
    <div role="region" aria-label="Tools" className={css["bar"]}>
      <UnstyledButton className={css["finder"]} onClick={onFind} aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" size={14} />
        {mayFind ? "Find a customer or a page" : "Go to a page"}
        <kbd>{COMMAND_KEY} K</kbd>
      </UnstyledButton>
      <div className={css["tools"]}>
        <SchemeMenu />
        <UserMenu session={session} />
      </div>
    </div>
  );
}

const SCHEMES: readonly { readonly wish: Wish; readonly title: string; readonly icon: IconName }[] = [
  { wish: "system", title: "As the system", icon: "monitor" },
  { wish: "light", title: "Light", icon: "sun" },
  { wish: "dark", title: "Dark", icon: "moon" },
];

function SchemeMenu() {
  const wish = useWish();
  const scheme = useScheme();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label="Theme">
          <Icon name={scheme === "dark" ? "moon" : "sun"} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map((choice) => (
          <Menu.Item
            key={choice.wish}
            leftSection={<Icon name={choice.icon} size={14} />}
            rightSection={choice.wish === wish ? <Icon name="check" size={14} /> : undefined}
            onClick={() => setWish(choice.wish)}
          >
            {choice.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu({ session }: { readonly session: Session }) {
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton className={css["user"]}>
          <span className="hidden-visually">Signed in as</span>
          <Avatar name={session.login} kind="person" size={24} />
          <span className={css["login"]}>{session.login}</span>
          <span className={css["role"]}>{session.roles.map((role) => words(role)).join(", ")}</span>
          <Icon name="down" size={12} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.cell}</Menu.Label>
        {isKeptHere(session) ? (
          <Menu.Item component={Link} to="/password" leftSection={<Icon name="lock" size={14} />}>
            Change the password
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<Icon name="leave" size={14} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
