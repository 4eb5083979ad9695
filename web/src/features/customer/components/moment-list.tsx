/** The timeline's rows with a heading a month, only those in sight. */
import { useMemo } from "react";

import type { Moment } from "@/api/types";
import { clock, day, exact } from "@/lib/format";
import { SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { VirtualList } from "@/ui/virtual-list";

import { iconOf } from "./moment-kinds";
import css from "./moment-list.module.css";
import { withHeadings } from "./months";

interface MomentListProps {
  readonly moments: readonly Moment[];
  readonly more: boolean;
  readonly onMore: () => void;
  readonly stale: boolean;
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
