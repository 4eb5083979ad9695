/** One customer: who it is above, the golden record beside, and the chosen page of it. */
import { useQuery } from "@tanstack/react-query";
import { Outlet, getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";

import { asProblem } from "@/api/problem";
import { may, purposeOr, useSession } from "@/api/session";
import { remember } from "@/lib/recent";
import { Page, useTab } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failure } from "@/ui/states";
import { WithheldNote } from "@/ui/withheld";

import { customerQuery } from "../api/customer";
import { OF_ANOTHER } from "../api/glass";
import { BreakGlass } from "./break-glass";
import { CustomerContext } from "./customer-context";
import css from "./customer-frame.module.css";
import { CustomerHeader } from "./customer-header";
import { CustomerPurpose } from "./customer-purpose";
import { CustomerSkeleton } from "./customer-skeleton";
import { CustomerTabs } from "./customer-tabs";
import { GoldenRecord } from "./golden-record";
import { OnDemand } from "./on-demand";
import { RelationsPanel } from "./relations-panel";

const route = getRouteApi("/_in/customers/$customer");

export function CustomerFrame() {
  const { customer } = route.useParams();
  const search = route.useSearch();
  const session = useSession();
  const purpose = purposeOr(session, "show_customer", search.purpose);
  const shown = useQuery(customerQuery(customer, purpose));
  const view = shown.data;
  const onScreen = useMemo(() => (view === undefined ? null : { view, purpose }), [view, purpose]);
  useTab("Customer");
  useEffect(() => {
    if (view !== undefined) remember({ customer: view.customer, name: view.name, kind: view.kind });
  }, [view]);

  if (shown.error !== null) {
    const problem = asProblem(shown.error);
    return (
      // A purpose that closes everything must leave the way to another one open.
      <Page title="Customer" actions={<CustomerPurpose purpose={purpose} />}>
        {problem.code === OF_ANOTHER ? (
          <BreakGlass customer={customer} purpose={purpose} problem={problem} />
        ) : (
          <Panel>
            <Failure problem={problem} onRetry={() => void shown.refetch()} />
          </Panel>
        )}
      </Page>
    );
  }
  if (onScreen === null) return <CustomerSkeleton />;
  return (
    <CustomerContext value={onScreen}>
      <div className={css["frame"]}>
        <CustomerHeader view={onScreen.view} purpose={purpose} />
        <WithheldNote withheld={onScreen.view.withheld} />
        <div className={css["columns"]}>
          <aside className={css["aside"]} aria-label="Golden record">
            <GoldenRecord view={onScreen.view} open={search.field} />
            {may(session, "show_relations", purpose) ? (
              <div className={css["apart"]}>
                <RelationsPanel customer={onScreen.view.customer} purpose={purpose} said={onScreen.view.withheld} />
              </div>
            ) : null}
            {onScreen.view.referenced.length === 0 ? null : (
              <div className={css["apart"]}>
                <OnDemand view={onScreen.view} purpose={purpose} />
              </div>
            )}
          </aside>
          <div className={css["main"]}>
            <CustomerTabs view={onScreen.view} />
            <Outlet />
          </div>
        </div>
      </div>
    </CustomerContext>
  );
}
