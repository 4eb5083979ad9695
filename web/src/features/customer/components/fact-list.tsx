/** All that was said, newest first, each with its evidence; what no longer decides leads to what took its place. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { ConsentEvent } from "@/api/types";
import { clock, count, day, exact } from "@/lib/format";
import { words } from "@/lib/labels";
import { Badge, SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { When } from "@/ui/when";

import css from "./fact-list.module.css";
import { type FactLine, effectWords, evidenceOf, factLook, narrowed, purposeWords } from "./ledger-rules";

interface FactListProps {
  readonly customer: string;
  readonly facts: readonly FactLine[];
  /** The fact that the address points at. */
  readonly pointed: string | undefined;
  readonly more: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
}

export function FactList({ customer, facts, pointed, more, loading, onMore }: FactListProps) {
  const byId = new Map(facts.flatMap((fact) => fact.ids.map((id) => [id, fact] as const)));
  return (
    <>
      <ol className={css["facts"]} aria-label="Every fact">
        {facts.map((fact) => (
          <Fact
            key={fact.id}
            customer={customer}
            fact={fact}
            by={byId.get(fact.replaced_by)}
            pointed={pointed !== undefined && fact.ids.includes(pointed)}
          />
        ))}
      </ol>
      {more ? (
        <div className={css["more"]}>
          <Button variant="default" loading={loading} onClick={onMore}>
            Show older facts
          </Button>
        </div>
      ) : null}
    </>
  );
}

function intoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "center" });
}

interface FactProps {
  readonly customer: string;
  readonly fact: FactLine;
  /** What took its place, as far as it is on the page. */
  readonly by: FactLine | undefined;
  readonly pointed: boolean;
}

function Fact({ customer, fact, by, pointed }: FactProps) {
  const look = factLook(fact.fact);
  const effect = effectWords(fact);
  const title = `${look.word}: ${purposeWords(fact)}, ${words(fact.channel)}`;
  return (
    <li
      ref={pointed ? intoSight : undefined}
      className={css["fact"]}
      data-effect={fact.effect}
      aria-current={pointed ? "true" : undefined}
    >
      <time dateTime={fact.at} title={exact(fact.at)} className={css["at"]}>
        <span>{day(fact.at)}</span>
        <span className="dim">{clock(fact.at)}</span>
      </time>
      <span className={css["mark"]} data-tone={fact.effect === "stands" ? look.tone : "calm"}>
        <Icon name={look.icon} size={14} />
      </span>
      <div className={css["what"]}>
        <p className={css["title"]}>
          <span className={css["said"]}>{title}</span>
          {effect === null ? null : <Badge tone={effect.tone}>{effect.word}</Badge>}
          {fact.replaced_by === "" ? null : <Other customer={customer} fact={fact.replaced_by} by={by} />}
        </p>
        <Scope fact={fact} />
        <Evidence fact={fact} />
        <p className={css["foot"]}>
          <span>
            Recorded <When at={fact.recorded_at} style="both" />
          </span>
          {fact.ids.length === 1 ? null : <span>Said of {count(fact.ids.length)} records</span>}
          <Link
            to="/customers/$customer/ledger"
            params={{ customer }}
            search={(old) => ({ ...old, at: fact.at, fact: fact.id })}
            aria-label={`What stood then, on ${exact(fact.at)}`}
            preload={false}
            resetScroll={false}
          >
            What stood then
          </Link>
        </p>
      </div>
      <SourceTag source={fact.source} />
    </li>
  );
}

interface OtherProps {
  readonly customer: string;
  readonly fact: string;
  readonly by: FactLine | undefined;
}

function Other({ customer, fact, by }: OtherProps) {
  return (
    <Link
      to="/customers/$customer/ledger"
      params={{ customer }}
      search={(old) => ({ ...old, fact })}
      className={css["other"]}
      preload={false}
      replace
      resetScroll={false}
    >
      {by === undefined ? "by a newer fact" : `by “${factLook(by.fact).word}” of ${day(by.at)}`}
    </Link>
  );
}

function moment(at: string): string {
  return `${day(at)}, ${clock(at)}`;
}

function Scope({ fact }: { readonly fact: ConsentEvent }) {
  const scope = narrowed(fact);
  const spans = [
    fact.begins === null ? "" : `from ${moment(fact.begins)}`,
    fact.until === null ? "" : `until ${moment(fact.until)}`,
  ].filter((text) => text !== "");
  if (scope === "" && spans.length === 0) return null;
  return <p className={css["scope"]}>{[scope, ...spans].filter((text) => text !== "").join(", ")}</p>;
}

function Evidence({ fact }: { readonly fact: ConsentEvent }) {
  const parts = evidenceOf(fact);
  if (parts.length === 0) return <p className={css["scope"]}>No evidence may be shown, or none was told</p>;
  return (
    <dl className={css["evidence"]}>
      {parts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
