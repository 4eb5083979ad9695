/** Why a value survived, in words; the codes are the server's. */

const REASONS: Readonly<Record<string, string>> = {
  only: "the only source that says anything",
  agreed: "every source says the same",
  verified: "its source has proof of it",
  ranked: "its source is trusted more",
  complete: "its source states more of the whole",
  frequent: "more sources say so",
  recent: "it was said last",
  longest: "it is written out most fully",
  careful: "one source says so, which is enough to take care",
  first: "nothing tells them apart; the choice is arbitrary and stays the same",
};

export function reasonOf(rule: string): string {
  return REASONS[rule] ?? rule;
}
