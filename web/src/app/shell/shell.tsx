/** The frame around every page of a signed-in session: sidebar, bar, palette, keyboard. */
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { may, useSession } from "@/api/session";
import { useShortcuts } from "@/lib/keys";

import { Help } from "./help";
import { Palette } from "./palette";
import { placesFor } from "./places";
import css from "./shell.module.css";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

type Over = "palette" | "help" | null;

export function Shell() {
  const session = useSession();
  const navigate = useNavigate();
  const [over, setOver] = useState<Over>(null);
  const mayFind = may(session, "search_customers");
  const places = placesFor(session);
  useShortcuts([
    { keys: "mod+k", run: () => setOver(over === "palette" ? null : "palette") },
    { keys: "?", run: () => setOver("help") },
    {
      keys: "/",
      run: () => {
        const field = document.querySelector<HTMLInputElement>("main input[data-hotkey='/']");
        if (field !== null) field.focus();
        else if (mayFind) void navigate({ to: "/find" });
      },
    },
    ...places.map(({ key, to }) => ({ keys: `g ${key}`, run: () => void navigate({ to }) })),
  ]);
  return (
    <div className={css["shell"]}>
      <a href="#main" className={css["skip"]}>
        Skip to the content
      </a>
      <Sidebar session={session} places={places} onHelp={() => setOver("help")} />
      <div className={css["side"]}>
        <TopBar session={session} onFind={() => setOver("palette")} />
        <main id="main" tabIndex={-1} className={css["main"]}>
          <Outlet />
        </main>
      </div>
      {over === "palette" ? <Palette session={session} places={places} onClose={() => setOver(null)} /> : null}
      <Help opened={over === "help"} places={places} onClose={() => setOver(null)} />
    </div>
  );
}
