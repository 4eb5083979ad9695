/** Everything that happened, newest first, from every source, month by month. */
import { TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

import { asProblem } from "@/api/problem";
import { may, useSession } from "@/api/session";
import { hasWord } from "@/lib/words";
import { useUrlText } from "@/lib/url-text";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { Empty, Failure, Lines } from "@/ui/states";
import { WithheldNote } from "@/ui/withheld";
import { Zone } from "@/ui/zone";

import { timelineQuery } from "../api/history";
import { ConversationDialog } from "./conversation-dialog";
import { useCustomer } from "./customer-context";
import { MomentList } from "./moment-list";
import { KINDS, kindWords } from "./moment-kinds";
import { NotForPurpose } from "./not-for-purpose";
import css from "./timeline-page.module.css";

const route = getRouteApi("/_in/customers/$customer/timeline");

export function TimelinePage() {
  const { purpose } = useCustomer();
  const session = useSession();
  return may(session, "show_timeline", purpose) ? (
    <History />
  ) : (
    <NotForPurpose title="Timeline" action="show_timeline" purpose={purpose} />
  );
}

function History() {
  const { view, purpose } = useCustomer();
  const session = useSession();
  const navigate = route.useNavigate();
  const { kind, q, open } = route.useSearch();
  const [text, setText] = useUrlText(q, (typed) => {
    void navigate({ search: (old) => ({ ...old, q: typed }), replace: true, resetScroll: false });
  });
  const asked = q !== undefined && hasWord(q) ? q : undefined;
  const pages = useInfiniteQuery(timelineQuery(view.customer, purpose, kind, asked));
  const moments = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const { fetchNextPage, isFetchingNextPage } = pages;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  return (
    <Panel title="Timeline" note={<Zone />} flush>
      <div className={css["asking"]} role="search" aria-label="Search in conversations">
        <TextInput
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder="Words of calls, chats, mails and notes"
          aria-label="Words of conversations"
          leftSection={<Icon name="search" size={14} />}
          autoComplete="off"
          spellCheck={false}
          data-hotkey="/"
        />
      </div>
      <Kinds customer={view.customer} kind={kind} />
      <div className={css["withheld"]}>
        <WithheldNote withheld={pages.data?.pages[0]?.withheld ?? []} />
      </div>
      {pages.isPending ? (
        <div className={css["loading"]}>
          <Lines count={9} height={14} gap={20} />
        </div>
      ) : pages.error !== null ? (
        <Failure problem={asProblem(pages.error)} onRetry={() => void pages.refetch()} />
      ) : moments.length === 0 ? (
        <Empty icon={asked === undefined ? "clock" : "search"} title={asked === undefined ? "Nothing happened" : "Nothing was said"}>
          {asked !== undefined
            ? "No conversation that may be shown has words that begin so."
            : kind === undefined
            ? "No source has told of a contact, a case or an event that may be shown."
            : `Nothing under “${kindWords(kind)}” that may be shown.`}
        </Empty>
      ) : (
        <MomentList
          moments={moments}
          more={pages.hasNextPage}
          onMore={more}
          stale={pages.isPlaceholderData}
          opens={may(session, "open_conversation", purpose)}
        />
      )}
      {open === undefined ? null : (
        <ConversationDialog
          customer={view.customer}
          moment={open}
          purpose={purpose}
          q={asked}
          onClose={() =>
            void navigate({ search: (old) => ({ ...old, open: undefined }), replace: true, resetScroll: false })
          }
        />
      )}
    </Panel>
  );
}

function Kinds({ customer, kind }: { readonly customer: string; readonly kind: string | undefined }) {
  const choices = kind === undefined || KINDS.includes(kind) ? KINDS : [...KINDS, kind];
  return (
    <nav className={css["kinds"]} aria-label="Kind of event">
      {[undefined, ...choices].map((choice) => (
        <Link
          key={choice ?? "all"}
          to="/customers/$customer/timeline"
          params={{ customer }}
          search={(old) => ({ ...old, kind: choice })}
          activeOptions={{ exact: true, explicitUndefined: true }}
          className={css["kind"]}
          aria-current={choice === kind ? "true" : undefined}
          replace
          resetScroll={false}
        >
          {choice === undefined ? "All" : kindWords(choice)}
        </Link>
      ))}
    </nav>
  );
}
