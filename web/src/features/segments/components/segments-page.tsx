/** The published segments, each in words. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import type { SegmentView } from "@/api/types";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";

import { segmentsQuery } from "../api/segments";
import css from "./segments.module.css";

export function SegmentsPage() {
  const segments = useQuery(segmentsQuery);
  return (
    <Page title="Segments" about="Groups of customers, each with one definition that is counted in bulk and asked live.">
      {segments.isPending ? (
        <Panel>
          <Lines count={5} height={16} gap={18} />
        </Panel>
      ) : segments.error !== null ? (
        <Panel>
          <Failure problem={asProblem(segments.error)} onRetry={() => void segments.refetch()} />
        </Panel>
      ) : segments.data.items.length === 0 ? (
        <Panel>
          <Empty icon="layers" title="No segment is published">
            A segment is a file that the bank publishes; there is none yet.
          </Empty>
        </Panel>
      ) : (
        <SegmentList segments={segments.data.items} />
      )}
    </Page>
  );
}

export function SegmentList({ segments }: { readonly segments: readonly SegmentView[] }) {
  return (
    <Panel flush>
      <ul className={css["list"]}>
        {segments.map((segment) => (
          <li key={segment.id}>
            <Link to="/segments/$segment" params={{ segment: segment.id }} className={css["card"]}>
              <span className={css["name"]}>{segment.name}</span>
              <span className={css["about"]}>{segment.about}</span>
              <span className={css["meta"]}>
                {segment.owner} · v{segment.version}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
