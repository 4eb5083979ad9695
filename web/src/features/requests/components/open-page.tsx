/** Taking in what somebody asks about their own data: for whom, what, by whom, and how it was proven. */
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failure, Lines } from "@/ui/states";

import { requestsQuery } from "../api/requests";
import { OpenForm } from "./open-form";
import css from "./request.module.css";

const route = getRouteApi("/_in/requests/new");

export function OpenPage() {
  const { customer = "", kind = "access" } = route.useSearch();
  const list = useQuery(requestsQuery("open"));
  return (
    <Page
      title="Open a request"
      about="When they asked counts, not when it is typed in. What they say of themselves is kept nowhere."
      actions={
        <Link to="/requests" className={css["back"]}>
          <Icon name="back" size={14} /> All requests
        </Link>
      }
    >
      <Panel>
        {list.isPending ? (
          <Lines count={8} height={16} gap={20} />
        ) : list.error !== null ? (
          <Failure problem={asProblem(list.error)} onRetry={() => void list.refetch()} />
        ) : (
          <OpenForm key={`${customer} ${kind}`} customer={customer} kind={kind} laws={list.data.laws} purposes={list.data.purposes} />
        )}
      </Panel>
    </Page>
  );
}
