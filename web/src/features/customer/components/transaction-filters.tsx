/** The filter of the transactions. Every field is in the URL, so a filtered list can be sent to a colleague. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";

import { useUrlText } from "@/lib/url-text";
import { Icon } from "@/ui/icon";

import { type MoneySearch, NO_FILTER, isFiltered } from "../api/search";
import css from "./transaction-filters.module.css";

interface TransactionFiltersProps {
  readonly search: MoneySearch;
  readonly onSearch: (change: Partial<MoneySearch>) => void;
}

const DIRECTIONS = [
  { value: "", label: "All" },
  { value: "credit", label: "In" },
  { value: "debit", label: "Out" },
];

export function TransactionFilters({ search, onSearch }: TransactionFiltersProps) {
  const [q, setQ] = useUrlText(search.q, (typed) => onSearch({ q: typed }));
  return (
    <div className={css["place"]}>
    <div className={css["filters"]} role="search" aria-label="Filter transactions">
      <TextInput
        className={css["text"]}
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
        placeholder="Text"
        aria-label="Text or counterparty"
        data-hotkey="/"
        leftSection={<Icon name="filter" size={14} />}
      />
      <SegmentedControl
        className={css["way"]}
        size="xs"
        aria-label="Direction"
        data={DIRECTIONS}
        value={search.direction ?? ""}
        onChange={(next) => onSearch({ direction: next === "credit" || next === "debit" ? next : undefined })}
      />
      <div className={css["range"]} data-of="amount">
        <span className={css["name"]}>Amount</span>
        <Decimal label="Least amount" placeholder="Min" value={search.least} onChange={(least) => onSearch({ least })} />
        <span className={css["name"]}>to</span>
        <Decimal label="Greatest amount" placeholder="Max" value={search.most} onChange={(most) => onSearch({ most })} />
      </div>
      <div className={css["range"]} data-of="days">
        <span className={css["name"]}>From</span>
        <Day label="From" value={search.from} max={search.to} onChange={(from) => onSearch({ from })} />
        <span className={css["name"]}>to</span>
        <Day label="To" value={search.to} min={search.from} onChange={(to) => onSearch({ to })} />
      </div>
      {/* Always there, so that nothing moves when it is needed. */}
      <Button
        className={css["clear"]}
        variant="subtle"
        color="gray"
        disabled={!isFiltered(search)}
        onClick={() => onSearch(NO_FILTER)}
      >
        Clear
      </Button>
    </div>
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function Decimal({ label, placeholder, value, onChange }: FieldProps & { readonly placeholder: string }) {
  const [text, setText] = useUrlText(value, onChange);
  return (
    <TextInput
      className={css["decimal"]}
      inputMode="decimal"
      value={text}
      onChange={(event) => setText(event.currentTarget.value.replaceAll(/[^\d.,]/g, ""))}
      placeholder={placeholder}
      aria-label={label}
    />
  );
}

function Day({ label, value, min, max, onChange }: FieldProps & { readonly min?: string | undefined; readonly max?: string | undefined }) {
  return (
    <TextInput
      type="date"
      className={css["day"]}
      data-empty={value === undefined}
      value={value ?? ""}
      min={min}
      max={max}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      aria-label={label}
    />
  );
}
