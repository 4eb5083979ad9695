/** Segments, and releasing one of them through a channel. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/api/client";
import type { paths } from "@/api/generated/schema";
import { type Search, textOf } from "@/lib/url";

export interface SegmentSearch {
  readonly purpose?: string | undefined;
  readonly channel?: string | undefined;
}

export function segmentSearch(search: Search): SegmentSearch {
  return { purpose: textOf(search, "purpose"), channel: textOf(search, "channel") };
}

export const CHANNELS = ["email", "sms", "call", "push", "app", "web", "post"] as const;

export const segmentsQuery = queryOptions({
  queryKey: ["segments"],
  queryFn: async ({ signal }) => body(await api.GET("/api/segments", { signal })),
});

export function segmentQuery(segment: string) {
  return queryOptions({
    queryKey: ["segments", segment],
    queryFn: async ({ signal }) =>
      body(await api.GET("/api/segments/{segment}", { params: { path: { segment } }, signal })),
  });
}

/** Why, and through which channel. */
export type Wanted =
  paths["/api/segments/{segment}/activations"]["post"]["requestBody"]["content"]["application/json"];

/** Counted for this moment, and written down: it is asked again whenever somebody looks. */
export function audienceQuery(segment: string, wanted: Wanted) {
  return queryOptions({
    queryKey: ["segments", segment, "audience", wanted.purpose, wanted.channel],
    queryFn: async ({ signal }) => {
      const params = { path: { segment }, query: wanted };
      return body(await api.GET("/api/segments/{segment}/audience", { params, signal }));
    },
  });
}

export function useActivate(segment: string) {
  const queries = useQueryClient();
  return useMutation({
    // Whoever was just contacted may have been contacted often enough.
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["segments", segment, "audience"], refetchType: "none" }),
    mutationFn: async (wanted: { purpose: string; channel: string }) => {
      const params = { path: { segment } };
      return body(await api.POST("/api/segments/{segment}/activations", { params, body: wanted as Wanted }));
    },
  });
}
