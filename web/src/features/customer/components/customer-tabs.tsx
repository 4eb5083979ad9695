/** The pages of one customer. Links, not buttons: each has an address of its own. */
import { Link } from "@tanstack/react-router";

import { may, useSession } from "@/api/session";
import type { View } from "@/api/types";
import { count } from "@/lib/format";

import { spoken } from "./consent-rules";
import css from "./customer-tabs.module.css";

const PAGES = [
  { to: "/customers/$customer", title: "Accounts", many: (view: View) => view.accounts.length },
  { to: "/customers/$customer/timeline", title: "Timeline", many: () => null },
  { to: "/customers/$customer/consents", title: "Consents", many: (view: View) => spoken(view.consents).length },
  { to: "/customers/$customer/ledger", title: "Ledger", many: () => null, needs: "show_consents" },
  { to: "/customers/$customer/records", title: "Records", many: (view: View) => view.fragments.length },
] as const;

export function CustomerTabs({ view }: { readonly view: View }) {
  const session = useSession();
  const open = PAGES.filter((page) => !("needs" in page) || may(session, page.needs));
  return (
    <nav className={css["tabs"]} aria-label="Customer">
      {open.map(({ to, title, many }) => {
        const number = many(view);
        return (
          <Link
            key={to}
            to={to}
            params={{ customer: view.customer }}
            search={(old) => ({ purpose: old.purpose, field: old.field })}
            activeOptions={{ exact: true, includeSearch: false }}
            className={css["tab"]}
            resetScroll={false}
          >
            {title}
            {number === null ? null : <span className={css["many"]}>{count(number)}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
