/** What stands where a page would, when there is none or it broke. */
import { Link, type ErrorComponentProps } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failure } from "@/ui/states";

export function Missing() {
  return (
    <Page title="No such page">
      <Panel>
        <Empty icon="search" title="There is nothing at this address" action={<Link to="/">Go home</Link>}>
          The link may be old or cut short.
        </Empty>
      </Panel>
    </Page>
  );
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const problem = asProblem(error);
  // A script that did not come once is not asked for again without a reload.
  const retry = problem.code === "not_loaded" ? () => location.reload() : reset;
  return (
    <Page title="This page cannot be shown">
      <Panel>
        <Failure problem={problem} onRetry={retry} />
      </Panel>
    </Page>
  );
}
