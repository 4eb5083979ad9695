/** Customers by what was said with them: the words in the URL, each result leading to the whole of it. */
import { Button, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import { purposeOr, purposesFor, useSession } from "@/api/session";
import type { Heard } from "@/api/types";
import { day } from "@/lib/format";
import { useUrlText } from "@/lib/url-text";
import { hasWord } from "@/lib/words";
import { SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Pieces } from "@/ui/pieces";
import { PurposeSwitch } from "@/ui/purpose-switch";
import { Empty, Failure, Lines } from "@/ui/states";
import { WithheldNote } from "@/ui/withheld";

import { heardQuery } from "../api/heard";
import css from "./heard-page.module.css";
import { FindTabs } from "./find-tabs";

const route = getRouteApi("/_in/find/conversations");

export function HeardPage() {
  const session = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const purpose = purposeOr(session, "search_conversations", search.purpose);
  const q = search.q ?? "";
  const [text, setText] = useUrlText(search.q, (typed) => {
    void navigate({ search: (old) => ({ ...old, q: typed }), replace: true });
  });
  const heard = useInfiniteQuery(heardQuery(q, purpose));
  return (
    <Page
      title="Find a customer"
      actions={
        <PurposeSwitch
          value={purpose}
          purposes={purposesFor(session, "search_conversations")}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, purpose: next }), replace: true })}
        />
      }
    >
      <FindTabs />
      <TextInput
        size="md"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Words of calls, chats, mails and notes"
        aria-label="Words of conversations"
        leftSection={<Icon name="chat" />}
        autoComplete="off"
        spellCheck={false}
        data-hotkey="/"
      />
      <WithheldNote withheld={hasWord(q) ? (heard.data?.pages[0]?.withheld ?? []) : []} />
      {hasWord(q) ? (
        <Results q={q} purpose={purpose} />
      ) : (
        <Panel>
          <Empty icon="chat" title="Start typing">
            A conversation is found that has, for each word, one that begins so. Two letters of a word are enough.
          </Empty>
        </Panel>
      )}
    </Page>
  );
}

function Results({ q, purpose }: { readonly q: string; readonly purpose: string }) {
  const heard = useInfiniteQuery(heardQuery(q, purpose));
  const items = heard.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel flush>
      {heard.error !== null ? (
        <Failure problem={asProblem(heard.error)} onRetry={() => void heard.refetch()} />
      ) : heard.isPending ? (
        <Lines count={6} height={20} />
      ) : items.length === 0 && !heard.hasNextPage ? (
        <Empty icon="chat" title="Nothing was said">
          No conversation that you may see for this purpose has words that begin so.
        </Empty>
      ) : (
        <>
          <ul className={css["list"]} aria-label="Conversations found" aria-busy={heard.isPlaceholderData}>
            {items.map((item) => (
              <li key={item.moment.id}>
                <HeardRow item={item} purpose={purpose} q={q} />
              </li>
            ))}
          </ul>
          {heard.hasNextPage ? (
            <Button
              className={css["more"]}
              variant="subtle"
              loading={heard.isFetchingNextPage}
              onClick={() => void heard.fetchNextPage()}
            >
              Older ones
            </Button>
          ) : null}
        </>
      )}
    </Panel>
  );
}

function HeardRow({ item, purpose, q }: { readonly item: Heard; readonly purpose: string; readonly q: string }) {
  const { moment } = item;
  return (
    <Link
      to="/customers/$customer/timeline"
      params={{ customer: item.customer }}
      search={{ purpose, q, open: moment.opens ? moment.id : undefined }}
      className={css["row"]}
      preload={false}
    >
      <span className={css["name"]}>
        <bdi>{item.name}</bdi>
      </span>
      <time dateTime={moment.at} className={css["at"]}>
        {day(moment.at)}
      </time>
      <SourceTag source={moment.source} />
      <span className={css["title"]}>
        <Pieces parts={moment.found_title} text={moment.title} />
      </span>
      <bdi className={css["text"]}>
        <Pieces parts={moment.found_text} text={moment.text} />
      </bdi>
    </Link>
  );
}
