/** The first page: what this role starts its day with, and nothing it may not see. */
import { useNavigate } from "@tanstack/react-router";

import { may, useSession } from "@/api/session";
import { words } from "@/lib/labels";
import { Page } from "@/ui/page";

import { FindBox } from "./find-box";
import css from "./home.module.css";
import { RecentPanel } from "./recent-panel";
import { AuditPanel, SegmentsPanel, SourcesPanel } from "./panels";

export function HomePage() {
  const session = useSession();
  const navigate = useNavigate();
  const role = session.roles.map((one) => words(one).toLowerCase()).join(", ");
  return (
    <Page title="Home" about={`Signed in as ${session.login}, ${role}.`}>
      {may(session, "search_customers") ? (
        <>
          <FindBox onFind={(q) => void navigate({ to: "/find", search: { q } })} />
          {may(session, "show_customer") ? <RecentPanel /> : null}
        </>
      ) : null}
      <div className={css["grid"]}>
        {may(session, "list_sources") ? <SourcesPanel /> : null}
        {may(session, "list_segments") ? <SegmentsPanel /> : null}
        {may(session, "list_audit") ? <AuditPanel /> : null}
      </div>
    </Page>
  );
}
