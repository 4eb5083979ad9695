/** The first page: what this role starts its day with, and nothing it may not see. */
import { useNavigate } from "@tanstack/react-router";

import { may, useSession } from "@/api/session";
import { words } from "@/lib/labels";
import { Page } from "@/ui/page";

import { FindBox } from "./find-box";
import css from "./home.module.css";
import { AuditPanel, SegmentsPanel, SourcesPanel } from "./panels";
import { RecentPanel } from "./recent-panel";
import { RightsPanel } from "./rights-panel";

export function HomePage() {
  const session = useSession();
  const navigate = useNavigate();
  const role = session.roles.map((one) => words(one)).join(", ");
  return (
    <Page title="Home" about={`${role} at ${session.cell}`}>
      {may(session, "search_customers") ? (
        <FindBox onFind={(q) => void navigate({ to: "/find", search: { q } })} />
      ) : null}
      <div className={css["grid"]}>
        {may(session, "search_customers") ? <RecentPanel /> : null}
        {may(session, "list_sources") ? <SourcesPanel /> : null}
        {may(session, "list_segments") ? <SegmentsPanel /> : null}
        {may(session, "list_audit") ? <AuditPanel /> : null}
        <RightsPanel session={session} />
      </div>
    </Page>
  );
}
