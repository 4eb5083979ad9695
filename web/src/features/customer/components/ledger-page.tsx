/** Everything a customer ever agreed to, took back and objected to; what stands, or stood at an instant, and why. */
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import { count, exact } from "@/lib/format";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { Zone } from "@/ui/zone";

import { ledgerQuery } from "../api/ledger";
import { useCustomer } from "./customer-context";
import { FactList } from "./fact-list";
import { LedgerMoment } from "./ledger-moment";
import css from "./ledger.module.css";
import { linesOf, stoppedOf } from "./ledger-rules";
import { NotForPurpose } from "./not-for-purpose";
import { StandingTable } from "./standing-table";
import { SuppressionsPanel } from "./suppressions-panel";

const route = getRouteApi("/_in/customers/$customer/ledger");

export function LedgerPage() {
  const { purpose } = useCustomer();
  const session = useSession();
  return may(session, "show_consents", purpose) ? (
    <Ledger />
  ) : (
    <NotForPurpose title="Ledger" action="show_consents" purpose={purpose} />
  );
}

function Ledger() {
  const { view, purpose } = useCustomer();
  const search = route.useSearch();
  const pages = useInfiniteQuery(ledgerQuery(view.customer, purpose, search));
  const facts = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = pages;
  const sought = search.fact !== undefined && !facts.some(({ id }) => id === search.fact);
  useEffect(() => {
    if (sought && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [sought, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const first = pages.data?.pages[0];
  const past = search.at !== undefined;
  return (
    <>
      <Panel title={past ? "What stood" : "What stands"} note={past ? undefined : "no answer means no"} actions={past ? <BackToNow /> : undefined} flush>
        <LedgerMoment key={`${search.at ?? ""} ${search.known ?? ""}`} search={search} />
        {first === undefined || !past ? null : (
          <p className={css["asked"]} role="status">
            As it was on {exact(first.at)}, {knowledge(first.known)}.
          </p>
        )}
        {pages.isPending ? (
          <div className={css["loading"]}>
            <Lines count={6} height={14} gap={20} />
          </div>
        ) : pages.error !== null && first === undefined ? (
          <Failure problem={asProblem(pages.error)} onRetry={() => void pages.refetch()} />
        ) : first === undefined ? null : (
          <StandingTable customer={view.customer} standing={first.standing} stopped={stoppedOf(first.suppressions)} />
        )}
      </Panel>
      {first === undefined ? null : (
        <>
          <SuppressionsPanel customer={view.customer} purpose={purpose} stopped={stoppedOf(first.suppressions)} past={past} />
          <Panel title="Every fact" note={<Zone />} flush>
            {facts.length === 0 ? (
              <Empty icon="shield" title="Nothing was ever said">
                No source and no desk has told of a grant, a withdrawal or an objection. Whatever needs consent is denied.
              </Empty>
            ) : (
              <FactList
                customer={view.customer}
                facts={linesOf(facts)}
                pointed={search.fact}
                more={hasNextPage}
                loading={isFetchingNextPage}
                onMore={() => void fetchNextPage()}
              />
            )}
            {pages.isFetchNextPageError ? <Failure problem={asProblem(pages.error)} onRetry={() => void fetchNextPage()} /> : null}
            {sought && !hasNextPage ? (
              <p className={css["asked"]} role="status">
                The fact that this link points at is not among these {count(facts.length)}.
              </p>
            ) : null}
          </Panel>
        </>
      )}
    </>
  );
}

function knowledge(known: string): string {
  if (known === "now") return "by all that is known today";
  return known === "then" ? "by what had been recorded by then" : `by what had been recorded by ${exact(known)}`;
}

function BackToNow() {
  const navigate = route.useNavigate();
  return (
    <Button
      variant="default"
      onClick={() => void navigate({ search: (old) => ({ ...old, at: undefined, known: undefined, fact: undefined }), resetScroll: false })}
    >
      Back to now
    </Button>
  );
}
