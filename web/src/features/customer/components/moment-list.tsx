/** The timeline's rows with a heading a month, only those in sight. */
import { useMemo } from "react";

import type { Moment } from "@/api/types";
import { clock, day, exact, month } from "@/lib/format";
import { SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { VirtualList } from "@/ui/virtual-list";

import { iconOf } from "./moment-kinds";
import css from "./moment-list.module.css";

interface MomentListProps {
  readonly moments: readonly Moment[];
  readonly more: boolean;
  readonly onMore: () => void;
  readonly stale: boolean;
}

type Row = { readonly heading: string } | { readonly moment: Moment };

/** Moments with a heading before the first of each month. */
export function withHeadings(moments: readonly Moment[]): readonly Row[] {
  const rows: Row[] = [];
  let before = "";
  for (const moment of moments) {
    const heading = month(moment.at);
    if (heading !== before) rows.push({ heading });
    before = heading;
    rows.push({ moment });
  }
  return rows;
}

export function MomentList({ moments, more, onMore, stale }: MomentListProps) {
  const rows = useMemo(() => withHeadings(moments), [moments]);
  return (
    <VirtualList
      label="Timeline"
      rows={rows}
      rowKey={(row) => ("moment" in row ? row.moment.id : `heading ${row.heading}`)}
      estimate={52}
      more={more}
      onMore={onMore}
      stale={stale}
      render={(row) => ("moment" in row ? <MomentRow moment={row.moment} /> : <h3 className={css["heading"]}>{row.heading}</h3>)}
    />
  );
}

function MomentRow({ moment }: { readonly moment: Moment }) {
  return (
    <article className={css["moment"]}>
      <time dateTime={moment.at} title={exact(moment.at)} className={css["at"]}>
        <span>{day(moment.at)}</span>
        <span className="dim">{clock(moment.at)}</span>
      </time>
      <span className={css["mark"]}>
        <Icon name={iconOf(moment.kind, moment.title)} size={14} />
      </span>
      <div className={css["what"]}>
        <span className={css["title"]}>
          <bdi>{moment.title}</bdi>
        </span>
        {moment.text === "" ? null : <bdi className={css["text"]}>{moment.text}</bdi>}
      </div>
      <SourceTag source={moment.source} />
    </article>
  );
}
