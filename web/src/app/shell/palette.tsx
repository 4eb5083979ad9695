/** ⌘K: customers as you type, pages and a few commands, all in one list. */
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, useState } from "react";

import { asProblem } from "@/api/problem";
import { may, purposeOr } from "@/api/session";
import type { Found, Session } from "@/api/types";
import { foundQuery, longEnough } from "@/features/find/api/search";
import { FoundRow } from "@/features/find/components/found-row";
import { useOptions } from "@/lib/options";
import { recents } from "@/lib/recent";
import { setWish, useScheme } from "@/lib/scheme";
import { Avatar } from "@/ui/avatar";
import { Icon, type IconName } from "@/ui/icon";

import css from "./palette.module.css";
import type { Place } from "./places";
import { useSignOut } from "./sign-out";

interface PaletteProps {
  readonly session: Session;
  readonly places: readonly Place[];
  readonly onClose: () => void;
}

/** One line of the palette: a customer, or a command with its words. */
export type Line =
  | { readonly group: "Customers"; readonly found: Found; readonly run: () => void }
  | {
      readonly group: "Recent" | "Go to" | "Do";
      readonly title: string;
      readonly icon: IconName | null;
      readonly kind?: string;
      readonly run: () => void;
    };

const PAUSE_MS = 140;

export function Palette({ session, places, onClose }: PaletteProps) {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS);
  const mayFind = may(session, "search_customers");
  const purpose = purposeOr(session, "search_customers", undefined);
  const found = useQuery({ ...foundQuery(mayFind ? asked : "", purpose) });
  const commands = useCommands(places);
  const open = useOpen();

  const typed = text.trim().toLowerCase();
  const customers = mayFind && longEnough(typed) ? (found.data?.items ?? []) : [];
  const lines: readonly Line[] = [
    ...customers.map((one) => ({ group: "Customers" as const, found: one, run: () => open(one.customer) })),
    ...(typed === ""
      ? recents().map((one) => ({ group: "Recent" as const, title: one.name, icon: null, kind: one.kind, run: () => open(one.customer) }))
      : []),
    ...commands.filter((line) => "title" in line && line.title.toLowerCase().includes(typed)),
  ];
  const options = useOptions({
    count: lines.length,
    resetOn: typed,
    onPick: (index) => pick(lines[index]),
  });
  const waiting = mayFind && longEnough(typed) && (found.isFetching || asked.toLowerCase() !== typed);
  function pick(line: Line | undefined) {
    // What is listed may still answer an earlier text; Enter must not open somebody nobody asked for.
    if (line === undefined || (waiting && "found" in line)) return;
    onClose();
    line.run();
  }
  return (
    <Modal.Root opened onClose={onClose} lockScroll={false} centered={false} yOffset="12vh" size={640} padding={0}>
      <Modal.Overlay />
      <Modal.Content aria-label="Find a customer or a page">
      <div className={css["field"]}>
        <Icon name="search" />
        <input
          data-autofocus
          className={css["input"]}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={mayFind ? "Name, phone, e-mail, account, source key, or a page" : "A page"}
          aria-label={mayFind ? "Find a customer or a page" : "Find a page"}
          autoComplete="off"
          spellCheck={false}
          {...options.inputProps}
        />
        <kbd>Esc</kbd>
      </div>
      <div {...options.listProps} className={css["list"]} aria-label="Results">
        {lines.map((line, index) => (
          <Fragment key={keyOf(line)}>
            {line.group === lines[index - 1]?.group ? null : (
              <div className={css["group"]} role="presentation">
                {line.group}
              </div>
            )}
            {/* The keyboard stays on the field above, as the combobox pattern has it. */}
            <div className={css["line"]} {...options.optionProps(index)} onPointerUp={() => pick(line)}>
              <LineWords line={line} />
            </div>
          </Fragment>
        ))}
      </div>
      <Footer typed={typed} waiting={waiting} none={lines.length === 0} failed={found.error === null ? null : asProblem(found.error).title} />
      </Modal.Content>
    </Modal.Root>
  );
}

function keyOf(line: Line): string {
  return "found" in line ? line.found.customer : `${line.group} ${line.title}`;
}

function LineWords({ line }: { readonly line: Line }) {
  if ("found" in line) return <FoundRow found={line.found} compact />;
  return (
    <span className={css["command"]}>
      {line.icon === null ? <Avatar name={line.title} kind={line.kind ?? "person"} size={22} /> : <Icon name={line.icon} />}
      <bdi>{line.title}</bdi>
    </span>
  );
}

interface FooterProps {
  readonly typed: string;
  readonly waiting: boolean;
  readonly none: boolean;
  readonly failed: string | null;
}

function Footer({ typed, waiting, none, failed }: FooterProps) {
  const said = failed ?? (waiting ? "Searching…" : none ? `Nothing for “${typed}”` : "");
  return (
    <div className={css["foot"]} role="status">
      <span>{said}</span>
      <span className={css["keys"]} aria-hidden="true">
        ↑↓ move · ↵ open · esc close
      </span>
    </div>
  );
}

function useOpen(): (customer: string) => void {
  const navigate = useNavigate();
  return (customer) => void navigate({ to: "/customers/$customer", params: { customer } });
}

function useCommands(places: readonly Place[]): readonly Line[] {
  const navigate = useNavigate();
  const scheme = useScheme();
  const signOut = useSignOut();
  const other = scheme === "dark" ? "light" : "dark";
  return [
    ...places.map(({ title, icon, to }) => ({ group: "Go to" as const, title, icon, run: () => void navigate({ to }) })),
    {
      group: "Do",
      title: `Switch to the ${other} theme`,
      icon: other === "dark" ? "moon" : "sun",
      run: () => setWish(other),
    },
    { group: "Do", title: "Sign out", icon: "leave", run: signOut },
  ];
}
