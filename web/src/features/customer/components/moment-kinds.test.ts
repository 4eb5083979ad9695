import { expect, test } from "vitest";

import { KINDS, iconOf, kindWords } from "./moment-kinds";

test("no kind is called by its code", () => {
  for (const kind of KINDS) expect(kindWords(kind).toLowerCase()).not.toBe(kind);
  expect(kindWords("something_new")).toBe("Something new");
});

test.each([
  ["interaction", "Logged in to the mobile app", "sim"],
  ["interaction", "Looked at “cards” on the website", "globe"],
  ["interaction", "Was sent an e-mail: new app", "mail"],
  ["interaction", "Opened a push notification", "bell"],
  ["interaction", "Used 143 voice minutes", "phone"],
  ["interaction", "Used 9531 megabytes", "sim"],
  ["interaction", "Note at a branch", "chat"],
  ["product", "Classic card issued", "card"],
  ["product", "Current account opened", "bank"],
  ["consent", "Agreed to marketing by e-mail", "shield"],
  ["suppression", "Do not contact by phone", "hidden"],
  ["case", "Complaint, open", "case"],
  ["risk", "Block, lifted", "alert"],
])("a %s that is “%s” is drawn as %s", (kind, title, icon) => {
  expect(iconOf(kind, title)).toBe(icon);
});
