/** What was found, or why nothing is shown. */
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import type { Found, FoundPage } from "@/api/types";
import type { useOptions } from "@/lib/options";
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
  readonly options: ReturnType<typeof useOptions>;
}

export function FindResults({ q, purpose, found, items, options }: FindResultsProps) {
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
        <ul {...options.listProps} className={css["list"]} aria-label="Customers found" data-stale={found.isPlaceholderData}>
          {items.map((item, index) => (
            <li key={item.customer} className={css["option"]} {...options.optionProps(index)}>
              <Link
                to="/customers/$customer"
                params={{ customer: item.customer }}
                search={{ purpose }}
                tabIndex={-1}
                className={css["link"]}
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
