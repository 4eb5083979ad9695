/** What stands in the address of the page of signing in. */
import { flagOf, textOf } from "@/lib/url";

interface SignInSearch {
  /** Where to go afterwards. */
  readonly back?: string | undefined;
  /** What the server said of a sign-in at the provider. */
  readonly failed?: string | undefined;
  /** A session ended by itself. */
  readonly over?: true | undefined;
  /** Somebody left, and the server could not be told. */
  readonly unended?: true | undefined;
}

export function signInSearch(search: Readonly<Record<string, unknown>>): SignInSearch {
  return {
    back: textOf(search, "back"),
    failed: textOf(search, "failed"),
    over: flagOf(search, "over"),
    unended: flagOf(search, "unended"),
  };
}
