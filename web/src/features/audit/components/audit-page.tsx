/** The audit: who saw, decided or changed what, for which purpose, and what the gate answered. */
import { Select, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { asProblem } from "@/api/problem";
import { useUrlText } from "@/lib/url-text";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { VirtualTable } from "@/ui/virtual-table";
import { Zone } from "@/ui/zone";

import { type AuditSearch, auditQuery, isCustomerId } from "../api/audit";
import { AUDIT_COLUMNS } from "./audit-columns";
import css from "./audit.module.css";

/** Kinds of records that people go through; whatever else there is can be asked for in the address. */
const KINDS = [
  { value: "break_glass", label: "Broken glasses" },
  { value: "reveal", label: "Tokens turned back" },
  { value: "view", label: "Views" },
  { value: "search", label: "Searches" },
  { value: "consent", label: "Consents recorded" },
  { value: "suppression", label: "Do-not-contact" },
  { value: "release", label: "Releases" },
  { value: "judgement", label: "Judgements" },
  { value: "request", label: "Requests" },
  { value: "refusal", label: "Refusals" },
  { value: "sign_in", label: "Sign-ins" },
];

const route = getRouteApi("/_in/audit");

export function AuditPage() {
  const search = route.useSearch();
  const pages = useInfiniteQuery(auditQuery(search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const { fetchNextPage, isFetchingNextPage } = pages;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  return (
    <Page title="Audit" about={
        <>
          Every access, decision and change; written before the answer left · <Zone />
        </>
      }>
      <Panel flush>
        {pages.error !== null && asProblem(pages.error).status === 403 ? null : <Filters search={search} />}
        {pages.isPending ? (
          <div className={css["loading"]}>
            <Lines count={10} height={14} gap={20} />
          </div>
        ) : pages.error !== null ? (
          <Failure problem={asProblem(pages.error)} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon="shield" title="Nothing on record">
            {search.actor === undefined && search.customer === undefined && search.kind === undefined
              ? "Nobody has asked for anything yet."
              : "No record fits the filter. An actor is a login; a customer is the whole id."}
          </Empty>
        ) : (
          <VirtualTable
            label="Audit records"
            columns={AUDIT_COLUMNS}
            rows={rows}
            rowKey={(row) => row.id}
            rowHeight={44}
            more={pages.hasNextPage}
            onMore={more}
            stale={pages.isPlaceholderData}
          />
        )}
      </Panel>
    </Page>
  );
}

function Filters({ search }: { readonly search: AuditSearch }) {
  const navigate = route.useNavigate();
  function change(part: AuditSearch) {
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  }
  const [actor, setActor] = useUrlText(search.actor, (typed) => change({ actor: typed }));
  const [customer, setCustomer] = useUrlText(search.customer, (typed) => change({ customer: typed }));
  return (
    <div className={css["filters"]} role="search" aria-label="Filter the audit">
      <TextInput
        className={css["actor"]}
        value={actor}
        onChange={(event) => setActor(event.currentTarget.value)}
        placeholder="Actor (a login)"
        aria-label="Actor"
        data-hotkey="/"
        leftSection={<Icon name="person" size={14} />}
      />
      <TextInput
        className={css["customer"]}
        value={customer}
        onChange={(event) => setCustomer(event.currentTarget.value)}
        placeholder="Customer id"
        aria-label="Customer id"
        error={isCustomerId(customer.trim() || undefined) ? undefined : "An id has 32 hexadecimal digits"}
        leftSection={<Icon name="search" size={14} />}
      />
      <Select
        className={css["kind"]}
        data={KINDS}
        value={search.kind ?? null}
        onChange={(kind) => change({ kind: kind ?? undefined })}
        placeholder="Every kind"
        aria-label="Kind"
        clearable
        leftSection={<Icon name="filter" size={14} />}
      />
    </div>
  );
}
