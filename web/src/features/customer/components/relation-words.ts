/** What somebody is to the customer, in words, and the lines of one word together. */
import type { RelationView } from "@/api/types";
import { words } from "@/lib/labels";

const HEADINGS: Readonly<Record<string, string>> = {
  attorney: "Acts for them by power of attorney",
  principal: "They act for",
  guardian: "Guardian",
  ward: "They are guardian of",
  authorised_person: "May sign for them",
  authorised_by: "They may sign for",
  director_of: "They direct",
  owner_of: "They own",
  employer: "Employer",
  account_owner: "Owns an account they use",
  joint_holder: "Holds an account with them",
  account_user: "May use their account",
  account_guardian: "Guards their account",
};

/** Where the customer is the one whom the source gives a title. */
const TITLED: ReadonlySet<string> = new Set([
  "ward",
  "principal",
  "child",
  "authorised_by",
  "director_of",
  "owner_of",
  "employer",
]);

export function headingOf(kind: string): string {
  return HEADINGS[kind] ?? words(kind);
}

export interface RelationGroup {
  readonly heading: string;
  readonly lines: readonly RelationView[];
}

/** In the order the server tells them; what is over stands after what is so, under a heading of its own. */
export function groupsOf(items: readonly RelationView[]): readonly RelationGroup[] {
  const groups = new Map<string, RelationView[]>();
  for (const one of items) {
    const heading = one.ended ? "Over" : headingOf(one.kind);
    groups.set(heading, [...(groups.get(heading) ?? []), one]);
  }
  return [...groups].map(([heading, lines]) => ({ heading, lines }));
}

/** What stands below a name: what the source calls it, how much is theirs, the product, the home, what it was. */
export function aboutOf(one: RelationView): string {
  const share = one.share === "" ? "" : `${one.share} %`;
  const home = one.household === "" ? "" : `household ${one.household}`;
  const was = one.ended ? headingOf(one.kind).toLowerCase() : "";
  const title = one.title !== "" && TITLED.has(one.kind) ? `as ${one.title}` : one.title;
  return [was, title, share, one.product, home].filter((part) => part !== "").join(" · ");
}
