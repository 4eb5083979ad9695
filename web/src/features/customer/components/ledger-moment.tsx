/** For which instant the ledger is read, and by which knowledge. Asked for by a button: each answer is written down. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { type SyntheticEvent, useState } from "react";

import type { LedgerSearch } from "../api/search";
import css from "./ledger.module.css";
import { instantOfLocal, localOf } from "./ledger-rules";

const route = getRouteApi("/_in/customers/$customer/ledger");

const KNOWN = [
  { value: "now", label: "As we know it now" },
  { value: "then", label: "As we knew it then" },
];

export function LedgerMoment({ search }: { readonly search: LedgerSearch }) {
  const navigate = route.useNavigate();
  const before = localOf(search.at);
  const [typed, setTyped] = useState(before);
  const wanted = instantOfLocal(typed);

  function go(part: LedgerSearch) {
    void navigate({ search: (old) => ({ ...old, fact: undefined, ...part }), resetScroll: false });
  }

  function show(event: SyntheticEvent) {
    event.preventDefault();
    if (wanted !== undefined && typed !== before) go({ at: wanted });
  }

  return (
    <form className={css["moment"]} onSubmit={show} role="search" aria-label="Go to an instant">
      <div className={css["when"]}>
        <span className={css["name"]}>As it was at</span>
        <TextInput
          type="datetime-local"
          aria-label="As it was at"
          step={1}
          max="9999-12-31T23:59:59"
          value={typed}
          data-empty={typed === ""}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <Button type="submit" variant="default" disabled={wanted === undefined || typed === before}>
        Show
      </Button>
      {search.at === undefined ? null : (
        <SegmentedControl
          size="xs"
          aria-label="By which knowledge"
          data={KNOWN}
          value={search.known ?? "now"}
          onChange={(next) => go({ known: next === "then" ? "then" : undefined })}
        />
      )}
    </form>
  );
}
