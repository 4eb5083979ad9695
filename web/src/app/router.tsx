/** Every address of the console. Pages load when they are first opened, or when a pointer nears a link to them. */
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";

import { asProblem } from "@/api/problem";
import { sessionQuery } from "@/api/session";
import { auditSearch } from "@/features/audit/api/audit";
import { customerSearch, ledgerSearch, moneySearch, timelineSearch } from "@/features/customer/api/search";
import { findSearch } from "@/features/find/api/search";
import { segmentSearch } from "@/features/segments/api/segments";
import { openSearch, requestsSearch } from "@/features/requests/api/search";
import { signInSearch } from "@/features/session/api/search";
import { SignInPage } from "@/features/session/components/sign-in-page";
import { quarantineSearch } from "@/features/quarantine/api/search";
import { violationsSearch } from "@/features/quarantine/api/violations";
import { sourceSearch, sourcesSearch } from "@/features/sources/api/sources";
import { forgetAll } from "@/lib/recent";
import { readSearch, writeSearch } from "@/lib/url";

import { HomePage } from "./home/home-page";
import { onSessionEnd, queries } from "./queries";
import { Broken, Missing } from "./shell/fallbacks";
import { Shell } from "./shell/shell";

interface Context {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: Missing });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: SignInPage,
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "_in",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.query({ ...sessionQuery, staleTime: "static" });
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: { back: location.href === "/" ? undefined : location.href } });
    }
  },
});

const home = createRoute({ getParentRoute: () => signedIn, path: "/", component: HomePage });

const find = createRoute({
  getParentRoute: () => signedIn,
  path: "/find",
  validateSearch: findSearch,
  component: lazyRouteComponent(() => import("@/features/find/components/find-page"), "FindPage"),
});

const heard = createRoute({
  getParentRoute: () => signedIn,
  path: "/find/conversations",
  validateSearch: findSearch,
  component: lazyRouteComponent(() => import("@/features/find/components/heard-page"), "HeardPage"),
});

const customer = createRoute({
  getParentRoute: () => signedIn,
  path: "/customers/$customer",
  validateSearch: customerSearch,
  component: lazyRouteComponent(() => import("@/features/customer/components/customer-frame"), "CustomerFrame"),
});

const money = createRoute({
  getParentRoute: () => customer,
  path: "/",
  validateSearch: moneySearch,
  component: lazyRouteComponent(() => import("@/features/customer/components/money-page"), "MoneyPage"),
});

const timeline = createRoute({
  getParentRoute: () => customer,
  path: "timeline",
  validateSearch: timelineSearch,
  component: lazyRouteComponent(() => import("@/features/customer/components/timeline-page"), "TimelinePage"),
});

const consents = createRoute({
  getParentRoute: () => customer,
  path: "consents",
  component: lazyRouteComponent(() => import("@/features/customer/components/consents-page"), "ConsentsPage"),
});

const ledger = createRoute({
  getParentRoute: () => customer,
  path: "ledger",
  validateSearch: ledgerSearch,
  component: lazyRouteComponent(() => import("@/features/customer/components/ledger-page"), "LedgerPage"),
});

const records = createRoute({
  getParentRoute: () => customer,
  path: "records",
  component: lazyRouteComponent(() => import("@/features/customer/components/records-page"), "RecordsPage"),
});

const sources = createRoute({
  getParentRoute: () => signedIn,
  path: "/sources",
  validateSearch: sourcesSearch,
  component: lazyRouteComponent(() => import("@/features/sources/components/sources-page"), "SourcesPage"),
});

const source = createRoute({
  getParentRoute: () => signedIn,
  path: "/sources/$source",
  validateSearch: sourceSearch,
  component: lazyRouteComponent(() => import("@/features/sources/components/source-page"), "SourcePage"),
});

const quarantine = createRoute({
  getParentRoute: () => signedIn,
  path: "/quarantine",
  validateSearch: quarantineSearch,
  component: lazyRouteComponent(() => import("@/features/quarantine/components/quarantine-page"), "QuarantinePage"),
});

const heldRow = createRoute({
  getParentRoute: () => signedIn,
  path: "/quarantine/$row",
  component: lazyRouteComponent(() => import("@/features/quarantine/components/row-page"), "RowPage"),
});

const violations = createRoute({
  getParentRoute: () => signedIn,
  path: "/violations",
  validateSearch: violationsSearch,
  component: lazyRouteComponent(() => import("@/features/quarantine/components/violations-page"), "ViolationsPage"),
});

const requests = createRoute({
  getParentRoute: () => signedIn,
  path: "/requests",
  validateSearch: requestsSearch,
  component: lazyRouteComponent(() => import("@/features/requests/components/requests-page"), "RequestsPage"),
});

const newRequest = createRoute({
  getParentRoute: () => signedIn,
  path: "/requests/new",
  validateSearch: openSearch,
  component: lazyRouteComponent(() => import("@/features/requests/components/open-page"), "OpenPage"),
});

const request = createRoute({
  getParentRoute: () => signedIn,
  path: "/requests/$request",
  component: lazyRouteComponent(() => import("@/features/requests/components/request-page"), "RequestPage"),
});

const segments = createRoute({
  getParentRoute: () => signedIn,
  path: "/segments",
  component: lazyRouteComponent(() => import("@/features/segments/components/segments-page"), "SegmentsPage"),
});

const segment = createRoute({
  getParentRoute: () => signedIn,
  path: "/segments/$segment",
  validateSearch: segmentSearch,
  component: lazyRouteComponent(() => import("@/features/segments/components/segment-page"), "SegmentPage"),
});

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: "/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("@/features/audit/components/audit-page"), "AuditPage"),
});

const password = createRoute({
  getParentRoute: () => signedIn,
  path: "/password",
  component: lazyRouteComponent(() => import("@/features/session/components/password-page"), "PasswordPage"),
});

const nowhere = createRoute({ getParentRoute: () => signedIn, path: "$", component: Missing });

const tree = root.addChildren([
  signIn,
  signedIn.addChildren([
    home,
    find,
    heard,
    customer.addChildren([money, timeline, consents, ledger, records]),
    sources,
    source,
    quarantine,
    heldRow,
    violations,
    requests,
    newRequest,
    request,
    segments,
    segment,
    audit,
    password,
    nowhere,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  context: { queries },
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: Missing,
  scrollRestoration: true,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
});

onSessionEnd(() => {
  // Whoever signs in next at this desk need not be who looked at these.
  forgetAll();
  void router.navigate({ to: "/sign-in", search: { back: router.state.location.href, over: true } });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
