/** How long there is still to answer; a missed day stands out by its mark and its words. */
import type { SubjectRequest } from "@/api/types";
import { Badge } from "@/ui/badge";

import { deadlineOf, statusLook } from "./sayings";

export function Deadline({ request }: { readonly request: SubjectRequest }) {
  const look = deadlineOf(request);
  if (look === null) return <span className="dim">–</span>;
  if (look.tone === "calm") return <span>{look.word}</span>;
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.word}
    </Badge>
  );
}

export function StatusBadge({ status }: { readonly status: string }) {
  const look = statusLook(status);
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.word}
    </Badge>
  );
}
