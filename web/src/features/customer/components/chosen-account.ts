/** Which account a customer's page opens on. */
import type { AccountView } from "@/api/types";

import { ALL_ACCOUNTS } from "../api/search";

export type Moving = Pick<AccountView, "id" | "status" | "balance" | "transactions" | "moved_on">;

const LATELY_DAYS = 31;
const MS_PER_DAY = 86_400_000;

/**
 * The account of the URL; else one that moved lately: of those one with a balance, then the one that moves most.
 * One that is closed comes after those that are not, one where nothing ever moved last of all.
 */
export function chosenAccount(accounts: readonly Moving[], wanted: string | undefined): string {
  if (wanted === ALL_ACCOUNTS || accounts.some(({ id }) => id === wanted)) return wanted ?? ALL_ACCOUNTS;
  const moving = accounts.filter(({ moved_on: on }) => on !== null);
  const open = moving.filter(({ status }) => status !== "closed");
  const considered = open.length > 0 ? open : moving;
  const newest = Math.max(...considered.map(lastMove));
  const [chosen] = considered
    .filter((account) => lastMove(account) >= newest - LATELY_DAYS * MS_PER_DAY)
    .toSorted((left, right) => rank(right) - rank(left) || right.transactions - left.transactions);
  const still = accounts.find(({ balance }) => balance !== null) ?? accounts[0];
  return (chosen ?? still)?.id ?? ALL_ACCOUNTS;
}

function lastMove({ moved_on: on }: Moving): number {
  return on === null ? -Infinity : Date.parse(on);
}

function rank({ balance }: Moving): number {
  return balance === null ? 0 : 1;
}
