/** To whom the customer stands how, by kind, each a link; whoever may not be seen is counted, without a name. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem";
import type { RelationView, Withheld } from "@/api/types";
import { sentence } from "@/lib/labels";
import { SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Panel } from "@/ui/panel";
import { When } from "@/ui/when";

import { relationsQuery } from "../api/customer";
import { aboutOf, groupsOf } from "./relation-words";
import css from "./relations-panel.module.css";

interface RelationsPanelProps {
  readonly customer: string;
  readonly purpose: string;
  /** What the page as a whole withholds; said once, above. */
  readonly said: readonly Withheld[];
}

export function RelationsPanel({ customer, purpose, said }: RelationsPanelProps) {
  const asked = useQuery(relationsQuery(customer, purpose));
  const found = asked.data;
  if (asked.error !== null) {
    return (
      <Panel title="Relations">
        <p className={css["quiet"]}>{sentence(asProblem(asked.error).title)}</p>
      </Panel>
    );
  }
  if (found === undefined) {
    return (
      <Panel title="Relations">
        <Skeleton height={12} width="60%" />
        <span className="hidden-visually">Loading</span>
      </Panel>
    );
  }
  const withheld = found.withheld.filter(({ what }) => !said.some((one) => one.what === what));
  return (
    <Panel title="Relations" note="as sources state them" flush>
      {groupsOf(found.items).map(({ heading, lines }) => (
        <section key={heading} className={css["group"]} aria-label={heading}>
          <h3 className={css["title"]}>{heading}</h3>
          <ul className={css["lines"]}>
            {lines.map((one) => (
              <Line key={`${one.kind} ${one.customer} ${one.account} ${one.household}`} one={one} />
            ))}
          </ul>
        </section>
      ))}
      {found.items.length === 0 && withheld.length === 0 ? <p className={css["quiet"]}>No source states any.</p> : null}
      {found.more ? <p className={css["quiet"]}>There are more than these 100; whoever is missing has it on their own page.</p> : null}
      {withheld.map(({ what, reason }) => (
        <p key={`${what} ${reason}`} className={css["quiet"]}>
          <Icon name="hidden" size={12} />
          <span>
            {sentence(what)} withheld: {reason}.
          </span>
        </p>
      ))}
    </Panel>
  );
}

function Line({ one }: { readonly one: RelationView }) {
  const about = aboutOf(one);
  return (
    <li className={css["line"]}>
      <span className={css["who"]}>
        <Icon name={one.party === "organisation" ? "building" : "person"} size={13} />
        {one.is_themselves ? (
          <span className={css["wrong"]}>held to be this very customer</span>
        ) : (
          <Link to="/customers/$customer" params={{ customer: one.customer }} search={(old) => ({ purpose: old.purpose })}>
            <bdi>{one.name === "" ? "Name withheld" : one.name}</bdi>
          </Link>
        )}
      </span>
      <span className={css["from"]}>
        {one.sources.map((source) => (
          <SourceTag key={source} source={source} />
        ))}
      </span>
      <span className={css["about"]}>
        {about === "" ? null : <bdi>{about}</bdi>}
        {one.since === "" ? null : (
          <span>
            since <When at={one.since} />
          </span>
        )}
        {one.until === "" ? null : (
          <span>
            until <When at={one.until} />
          </span>
        )}
      </span>
    </li>
  );
}
