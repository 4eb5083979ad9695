/** What was found, or why nothing is shown. */
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent, RefObject } from "react";

import { asProblem } from "@/api/problem";
import type { Found, FoundPage } from "@/api/types";
import { stepLinks } from "@/lib/options";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";

import { longEnough } from "../api/search";
import css from "./find-page.module.css";
import { FoundRow } from "./found-row";

interface FindResultsProps {
  readonly q: string;
  readonly purpose: string;
  readonly found: UseQueryResult<FoundPage>;
  readonly items: readonly Found[];
  readonly list: RefObject<HTMLUListElement | null>;
}

export function FindResults({ q, purpose, found, items, list }: FindResultsProps) {
  if (!longEnough(q)) {
    return (
      <Panel>
        <Empty icon="search" title="Start typing">
          Two characters are enough. Any part of a name, the end of a phone or account number, an e-mail, or the
          customer’s key in any source.
        </Empty>
      </Panel>
    );
  }
  if (found.error !== null) {
    return (
      <Panel>
        <Failure problem={asProblem(found.error)} onRetry={() => void found.refetch()} />
      </Panel>
    );
  }
  if (found.isPending) {
    return (
      <Panel>
        <Lines count={6} height={20} />
      </Panel>
    );
  }
  if (items.length === 0) {
    return (
      <Panel>
        <Empty icon="person" title="Nobody found">
          No customer you may see for this purpose matches <strong>{q}</strong>. Check the spelling, try fewer words,
          or search by a number instead.
        </Empty>
      </Panel>
    );
  }
  return (
    <>
      <Panel flush>
        <ul ref={list} className={css["list"]} aria-label="Customers found" data-stale={found.isPlaceholderData}>
          {items.map((item) => (
            <li key={item.customer}>
              <Link
                to="/customers/$customer"
                params={{ customer: item.customer }}
                search={{ purpose }}
                className={css["link"]}
                onKeyDown={onKeyDown}
              >
                <FoundRow found={item} />
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
      {found.data.more ? (
        <p className="dim">Only the best 20 are shown. Add a word or a digit to narrow it down.</p>
      ) : null}
    </>
  );
}

/** Up and down go from link to link; up from the first goes back to the field, which is before the list. */
function onKeyDown(event: KeyboardEvent<HTMLAnchorElement>) {
  const list = event.currentTarget.closest("ul");
  if (list === null || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  if (!stepLinks(list, event.key === "ArrowDown" ? 1 : -1)) {
    document.querySelector<HTMLInputElement>("main input[data-hotkey='/']")?.focus();
  }
}
