import { expect, test } from "vitest";

import { done, grouped, initials, sentence, shown, words } from "./labels";

test("codes become words", () => {
  expect(words("birth_date")).toBe("Birth date");
  expect(words("national_id")).toBe("National ID");
  expect(words("account_key")).toBe("Account key");
  expect(words("")).toBe("");
});

test("a sentence keeps its signs", () => {
  expect(sentence("do not contact: wish")).toBe("Do not contact: wish");
});

test("initials come from the first and the last name, in any script", () => {
  expect(initials("Dilnoza Karimova")).toBe("DK");
  expect(initials("Екатерина Константинопольская")).toBe("ЕК");
  expect(initials("अनिरुद्ध वेंकटसुब्रमण्यन")).toBe("अवें");
  expect(initials("van der Berg, Anna")).toBe("VA");
  expect(initials("")).toBe("");
  expect(initials("•••")).toBe("");
});

test("every field of a profile is in one group, known ones in reading order", () => {
  const groups = grouped(["zodiac", "phone", "family_name", "given_name", "phone_verified", "kind"]);
  expect(groups).toEqual([
    { title: "Identity", fields: ["given_name", "family_name"] },
    { title: "Contact", fields: ["phone"] },
    { title: "Other", fields: ["zodiac"] },
  ]);
});

test("values are written for reading, masked ones as they came", () => {
  expect(shown("country", "UZ")).toBe("Uzbekistan");
  expect(shown("email_verified", false)).toBe("No");
  expect(shown("since_on", "2014-05-02")).toBe("2 May 2014");
  expect(shown("birth_date", "1968")).toBe("1968");
  expect(shown("country", "•••", true)).toBe("•••");
  expect(shown("city", "")).toBe("–");
});

test("a country nobody knows is shown as its code", () => {
  expect(shown("country", "not a code")).toBe("not a code");
});

test("an action of the audit is told as what was done", () => {
  expect(done("evaluate_segment")).toBe("Counted a segment");
  expect(done("something_new")).toBe("Something new");
});
