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
  { value: "other", label: "As of another date" },
];

export function LedgerMoment({ search }: { readonly search: LedgerSearch }) {
  const navigate = route.useNavigate();
  const before = localOf(search.at);
  const other = search.known === "then" ? "" : localOf(search.known);
  const [chosen, setChosen] = useState(other === "" ? (search.known ?? "now") : "other");

  function go(part: LedgerSearch) {
    void navigate({ search: (old) => ({ ...old, fact: undefined, ...part }), resetScroll: false });
  }

  function choose(next: string) {
    setChosen(next);
    if (next !== "other") go({ known: next === "then" ? "then" : undefined });
  }

  return (
    <div className={css["moment"]}>
      <Instant name="Go to an instant" label="As it was at" before={before} onAsk={(at) => go({ at })} />
      {search.at === undefined ? null : (
        <SegmentedControl size="xs" aria-label="By which knowledge" data={KNOWN} value={chosen} onChange={choose} />
      )}
      {search.at === undefined || chosen !== "other" ? null : (
        <Instant key={other} name="Go to a knowledge" label="As we knew it at" before={other} onAsk={(known) => go({ known })} />
      )}
    </div>
  );
}

interface InstantProps {
  /** Of the form. */
  readonly name: string;
  readonly label: string;
  /** What is asked for now, as the input has it. */
  readonly before: string;
  readonly onAsk: (instant: string) => void;
}

function Instant({ name, label, before, onAsk }: InstantProps) {
  const [typed, setTyped] = useState(before);
  const wanted = instantOfLocal(typed);

  function show(event: SyntheticEvent) {
    event.preventDefault();
    if (wanted !== undefined && typed !== before) onAsk(wanted);
  }

  return (
    <form className={css["instant"]} onSubmit={show} role="search" aria-label={name}>
      <div className={css["when"]}>
        <span className={css["name"]}>{label}</span>
        <TextInput
          type="datetime-local"
          aria-label={label}
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
    </form>
  );
}
