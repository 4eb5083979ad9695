/** The money of one customer: products, the balance of the chosen one through time, its transactions. */
import { getRouteApi } from "@tanstack/react-router";

import { may, useSession } from "@/api/session";
import { useShortcuts } from "@/lib/keys";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";

import { ALL_ACCOUNTS, type MoneySearch } from "../api/search";
import { AccountStrip } from "./account-strip";
import { BalancePanel } from "./balance-panel";
import { chosenAccount } from "./chosen-account";
import { useCustomer } from "./customer-context";
import { NotForPurpose } from "./not-for-purpose";
import { Transactions } from "./transactions";

const route = getRouteApi("/_in/customers/$customer/");

export function MoneyPage() {
  const { view, purpose } = useCustomer();
  const session = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = chosenAccount(view.accounts, search.account);
  function step(by: number) {
    const stops = [...view.accounts.map(({ id }) => id), ALL_ACCOUNTS];
    const next = stops[(stops.indexOf(chosen) + by + stops.length) % stops.length];
    change({ account: next });
  }
  useShortcuts([
    { keys: "[", run: () => step(-1) },
    { keys: "]", run: () => step(1) },
  ]);
  if (view.accounts.length === 0) {
    return (
      <Panel>
        <Empty icon="bank" title="No products">
          No source says this customer holds an account, a loan, a card, a policy or a subscription that may be shown
          for this purpose.
        </Empty>
      </Panel>
    );
  }
  const account = view.accounts.find(({ id }) => id === chosen);
  function change(part: Partial<MoneySearch>) {
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  }
  return (
    <>
      <AccountStrip accounts={view.accounts} chosen={chosen} />
      {typeof account?.balance === "string" && may(session, "balance_history", purpose) ? (
        <BalancePanel
          customer={view.customer}
          account={account}
          purpose={purpose}
          range={search.range ?? "1y"}
          onRange={(range) => change({ range })}
        />
      ) : null}
      {may(session, "list_transactions", purpose) ? (
        <Transactions
          customer={view.customer}
          purpose={purpose}
          accounts={view.accounts}
          search={{ ...search, account: chosen }}
          onSearch={change}
        />
      ) : (
        <NotForPurpose title="Transactions" action="list_transactions" purpose={purpose} />
      )}
    </>
  );
}
