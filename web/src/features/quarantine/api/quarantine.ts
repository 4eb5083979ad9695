/** What is held: kinds of rows, rows, one row; and the two ways out, each asked for until there is no more. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { DiscardBody, QuarantinedRow, ResubmitBody, StillFaulty } from "@/api/types";

import { type Choice, type QuarantineSearch, WHOLE_ROW, addUp } from "./search";

/** What the server is asked for; the text is looked for here. */
function asked(search: QuarantineSearch) {
  const { source, object, version, reason, field, standing = "open" } = search;
  const kind = { source, object, version, reason, field: field === WHOLE_ROW ? "" : field };
  return standing === "all" ? kind : { ...kind, standing };
}

/** Every kind that is held, whatever kind is looked at: the list to choose from. */
export function kindsQuery(search: QuarantineSearch) {
  const { source, standing } = search;
  return queryOptions({
    queryKey: ["quarantine", "kinds", source, standing],
    queryFn: async ({ signal }) => {
      const query = { ...asked({ source, standing }), limit: 1 };
      return body(await api.GET("/api/quarantine", { params: { query }, signal })).groups;
    },
    placeholderData: keepPreviousData,
  });
}

export function rowsQuery(search: QuarantineSearch) {
  const wanted = asked(search);
  return infiniteQueryOptions({
    queryKey: ["quarantine", "rows", wanted],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...wanted, cursor: pageParam, limit: 200 };
      return body(await api.GET("/api/quarantine", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

/** What a row says is not kept longer than it is looked at, and each look is written down. */
export function rowQuery(row: string) {
  return queryOptions({
    queryKey: ["quarantine", "row", row],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/quarantine/{row}", { params: { path: { row } }, signal })),
    gcTime: 0,
    staleTime: Infinity,
  });
}

/** The number of the next older open row of the same kind; null behind the last. */
export function nextQuery(row: QuarantinedRow) {
  const { source, object, version, reason, field } = row;
  return queryOptions({
    queryKey: ["quarantine", "next", row.id],
    queryFn: async ({ signal }) => {
      const query = { source, object, version, reason, field, standing: "open" as const, cursor: row.id, limit: 1 };
      const page = body(await api.GET("/api/quarantine", { params: { query }, signal }));
      return page.items[0]?.id ?? null;
    },
  });
}

export interface HandedIn {
  readonly taken: number;
  readonly still: readonly StillFaulty[];
}

type Corrections = NonNullable<ResubmitBody["corrections"]>;

async function handIn(choice: Choice, corrections: Corrections, told: (tried: number) => void): Promise<HandedIn> {
  let taken = 0;
  const still: StillFaulty[] = [];
  for (let below: string | null = ""; below !== null; ) {
    const wanted: ResubmitBody = { ...said(choice), corrections, below };
    const done: { taken: number; still_held: StillFaulty[]; next: string | null } = body(
      await api.POST("/api/quarantine/resubmit", { body: wanted }),
    );
    taken += done.taken;
    still.push(...done.still_held);
    below = done.next;
    told(taken + still.reduce((sum, one) => sum + one.rows, 0));
  }
  return { taken, still: addUp(still) };
}

async function giveUp(choice: Choice, because: DiscardBody["because"]): Promise<number> {
  let rows = 0;
  for (let below: string | null = ""; below !== null; ) {
    const wanted: DiscardBody = { ...said(choice), because, below };
    const done: { rows: number; next: string | null } = body(
      await api.POST("/api/quarantine/discard", { body: wanted }),
    );
    rows += done.rows;
    below = done.next;
  }
  return rows;
}

const ANY = { source: "", object: "", version: "", reason: "", field: null };

function said({ ids = [], ...kind }: Choice) {
  return { ...ANY, ...kind, ids: [...ids] };
}

/** Counts and lists are read anew; a row that is looked at says itself what became of it. */
function useSettled() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["quarantine"] }),
      queries.invalidateQueries({ queryKey: ["sources"] }),
    ]);
}

export function useHandIn(told: (tried: number) => void) {
  const onSettled = useSettled();
  return useMutation({
    mutationFn: ({ choice, corrections }: { choice: Choice; corrections: Corrections }) => handIn(choice, corrections, told),
    onSettled,
  });
}

export function useGiveUp() {
  const onSettled = useSettled();
  return useMutation({
    mutationFn: ({ choice, because }: { choice: Choice; because: DiscardBody["because"] }) => giveUp(choice, because),
    onSettled,
  });
}
