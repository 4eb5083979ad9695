/** Find as a page: the query in the URL, results as you type, the whole of it from the keyboard. */
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";

import { purposeOr, purposesFor, useSession } from "@/api/session";
import { stepLinks } from "@/lib/options";
import { useUrlText } from "@/lib/url-text";
import { Icon } from "@/ui/icon";
import { Page } from "@/ui/page";
import { PurposeSwitch } from "@/ui/purpose-switch";
import { WithheldNote } from "@/ui/withheld";

import { foundQuery, longEnough } from "../api/search";
import { FindResults } from "./find-results";
import { FindTabs } from "./find-tabs";

const route = getRouteApi("/_in/find");

export function FindPage() {
  const session = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const purpose = purposeOr(session, "search_customers", search.purpose);
  const q = search.q ?? "";
  const [text, setText] = useUrlText(search.q, (typed) => {
    void navigate({ search: (old) => ({ ...old, q: typed }), replace: true });
  });
  const found = useQuery(foundQuery(q, purpose));
  const items = longEnough(q) ? (found.data?.items ?? []) : [];
  const list = useRef<HTMLUListElement>(null);
  // What is listed may still answer an earlier text; Enter must not open somebody nobody asked for.
  const current = text.trim() === q && !found.isPlaceholderData;
  function onKeyDown(event: KeyboardEvent) {
    const customer = current ? items[0]?.customer : undefined;
    if (event.key === "Enter" && customer !== undefined && !event.nativeEvent.isComposing) {
      void navigate({ to: "/customers/$customer", params: { customer }, search: { purpose } });
    } else if (event.key === "ArrowDown" && list.current !== null) {
      event.preventDefault();
      stepLinks(list.current, 1);
    }
  }

  return (
    <Page
      title="Find a customer"
      actions={
        <PurposeSwitch
          value={purpose}
          purposes={purposesFor(session, "search_customers")}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, purpose: next }), replace: true })}
        />
      }
    >
      <FindTabs />
      <TextInput
        size="md"
        ref={focusOnArrival}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="Name, phone, e-mail, account number or a key of any source"
        aria-label="Find a customer"
        leftSection={<Icon name="search" />}
        autoComplete="off"
        spellCheck={false}
        data-hotkey="/"
        onKeyDown={onKeyDown}
      />
      <WithheldNote withheld={longEnough(q) ? (found.data?.withheld ?? []) : []} />
      <FindResults q={q} purpose={purpose} found={found} items={items} list={list} />
    </Page>
  );
}

/** The page exists for this field; a focus somebody already placed is left alone. */
function focusOnArrival(field: HTMLInputElement | null): void {
  if (field !== null && document.activeElement === document.body) field.focus();
}
