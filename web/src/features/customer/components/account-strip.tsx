/** The customer's products side by side; choosing one turns the chart and the transactions to it. */
import { Link } from "@tanstack/react-router";

import type { AccountView } from "@/api/types";
import { count, money } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge, type Tone } from "@/ui/badge";
import { Icon, type IconName } from "@/ui/icon";
import { ScrollX } from "@/ui/scroll-x";

import { ALL_ACCOUNTS } from "../api/search";
import css from "./account-strip.module.css";

const ICONS: Readonly<Record<string, IconName>> = {
  deposit: "bank",
  loan: "coins",
  card: "card",
  insurance: "umbrella",
  subscription: "sim",
};

const TONES: Readonly<Record<string, Tone>> = { open: "good", blocked: "bad", arrears: "warn" };

/** A link counts as the present one only with this very account. */
const EXACTLY = { exact: true, includeSearch: true } as const;

interface AccountStripProps {
  readonly accounts: readonly AccountView[];
  readonly chosen: string;
}

export function AccountStrip({ accounts, chosen }: AccountStripProps) {
  return (
    <ScrollX label="Accounts" role="navigation" className={css["strip"]}>
      {accounts.map((account) => (
        <AccountCard key={account.id} account={account} chosen={account.id === chosen} />
      ))}
      {accounts.length > 1 ? (
        <Link
          from="/customers/$customer"
          to="."
          search={(old) => ({ ...old, account: ALL_ACCOUNTS })}
          activeOptions={EXACTLY}
          className={css["card"]}
          data-slim="true"
          aria-current={chosen === ALL_ACCOUNTS ? "true" : undefined}
        >
          <span className={css["name"]}>All accounts</span>
          <span className={css["below"]}>{count(accounts.length)} products</span>
        </Link>
      ) : null}
    </ScrollX>
  );
}

/** The balance, else the amount it was opened for; a product without money says what it is. */
function Holds({ account }: { readonly account: AccountView }) {
  const { balance, amount, currency, product } = account;
  if (balance !== null) return <span className={css["balance"]}>{money(balance, currency)}</span>;
  if (amount === null) return <span className="dim">{words(product)}</span>;
  return <span className={css["balance"]}>{money(amount, currency)}</span>;
}

const AMOUNTS: Readonly<Record<string, string>> = { loan: "borrowed", card: "limit", insurance: "insured" };

/** Whose it is, where that is not the customer alone; else what the amount above means. */
function asideOf({ role, holders, balance, amount, product }: AccountView): string {
  if (holders > 1) return `${words(role)}, ${holders} holders`;
  if (role !== "owner") return words(role);
  return balance === null && amount !== null ? (AMOUNTS[product] ?? "") : "";
}

function AccountCard({ account, chosen }: { readonly account: AccountView; readonly chosen: boolean }) {
  const name = account.name === "" ? words(account.product) : account.name;
  return (
    <Link
      from="/customers/$customer"
      to="."
      search={(old) => ({ ...old, account: account.id })}
      activeOptions={EXACTLY}
      className={css["card"]}
      aria-current={chosen ? "true" : undefined}
    >
      <span className={css["top"]}>
        <Icon name={ICONS[account.product] ?? "bank"} size={14} />
        <bdi className={css["name"]}>{name}</bdi>
        {account.status === "open" || account.status === "" ? null : (
          <Badge tone={TONES[account.status] ?? "calm"}>{words(account.status)}</Badge>
        )}
      </span>
      <Holds account={account} />
      <span className={css["below"]}>
        <span className="mono">{account.number}</span>
        <span>{asideOf(account)}</span>
      </span>
    </Link>
  );
}
