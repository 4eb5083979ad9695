import { expect, test } from "vitest";

import { type Moving, chosenAccount } from "./chosen-account";

function account(id: string, parts: Partial<Moving> = {}): Moving {
  return { id, status: "open", balance: null, transactions: 0, moved_on: null, ...parts };
}

const STILL = account("still", { balance: "5.00" });
const BUSY = account("busy", { balance: "1.00", transactions: 90, moved_on: "2026-11-15" });
const QUIET = account("quiet", { balance: "2.00", transactions: 3, moved_on: "2026-11-20" });
const LINE = account("line", { transactions: 400, moved_on: "2026-11-21" });
const OLD = account("old", { balance: "0.00", transactions: 900, moved_on: "2019-01-01" });
const CLOSED = account("closed", { status: "closed", balance: "0.00", transactions: 900, moved_on: "2026-11-22" });

test("the account of the address is kept, and so is all of them", () => {
  expect(chosenAccount([STILL, BUSY], "still")).toBe("still");
  expect(chosenAccount([STILL, BUSY], "all")).toBe("all");
  expect(chosenAccount([STILL, BUSY], "nobody's")).toBe("busy");
});

test("it opens on an account that moves, whatever stands first", () => {
  expect(chosenAccount([STILL, account("card"), LINE], undefined)).toBe("line");
  expect(chosenAccount([STILL, QUIET, BUSY, LINE], undefined)).toBe("busy");
});

test("what moved long ago or is closed comes after what moves now", () => {
  expect(chosenAccount([OLD, QUIET], undefined)).toBe("quiet");
  expect(chosenAccount([CLOSED, QUIET], undefined)).toBe("quiet");
  expect(chosenAccount([STILL, CLOSED], undefined)).toBe("closed");
});

test("where nothing moves a balance is looked at first", () => {
  expect(chosenAccount([account("card"), STILL], undefined)).toBe("still");
  expect(chosenAccount([account("card")], undefined)).toBe("card");
  expect(chosenAccount([], undefined)).toBe("all");
});
