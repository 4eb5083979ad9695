/** The first page: what this role starts its day with, and nothing it may not see. */
import { useNavigate } from "@tanstack/react-router";

import { useSession } from "@/api/session";
import { words } from "@/lib/labels";
import { Page } from "@/ui/page";

import { placesFor } from "../shell/places";
import { AbilitiesPanel } from "./abilities-panel";
import { FindBox } from "./find-box";
import css from "./home.module.css";
import { AuditPanel, RequestsPanel, SegmentsPanel, SourcesPanel } from "./panels";
import { RecentPanel } from "./recent-panel";

export function HomePage() {
  const session = useSession();
  const navigate = useNavigate();
  const role = session.roles.map((one) => words(one)).join(", ");
  const open = new Set(placesFor(session).map(({ to }) => to));
  return (
    <Page title="Home" about={`${role} at ${session.cell}`}>
      {open.has("/find") ? (
        <FindBox onFind={(q) => void navigate({ to: "/find", search: { q } })} />
      ) : null}
      <div className={css["grid"]}>
        {open.has("/find") ? <RecentPanel /> : null}
        {open.has("/requests") ? <RequestsPanel /> : null}
        {open.has("/sources") ? <SourcesPanel /> : null}
        {open.has("/segments") ? <SegmentsPanel /> : null}
        {open.has("/audit") ? <AuditPanel /> : null}
        <AbilitiesPanel session={session} />
      </div>
    </Page>
  );
}
