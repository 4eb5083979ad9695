/** The timeline's rows with a heading a month, only those in sight. */
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Moment } from "@/api/types";
import { clock, day, exact } from "@/lib/format";
import { SourceTag } from "@/ui/badge";
import { Icon } from "@/ui/icon";
import { Pieces } from "@/ui/pieces";
import { VirtualList } from "@/ui/virtual-list";

import { iconOf } from "./moment-kinds";
import css from "./moment-list.module.css";
import { withHeadings } from "./months";

interface MomentListProps {
  readonly moments: readonly Moment[];
  readonly more: boolean;
  readonly onMore: () => void;
  readonly stale: boolean;
  /** Whether what was said may be opened. */
  readonly opens: boolean;
}

export function MomentList({ moments, more, onMore, stale, opens }: MomentListProps) {
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
      render={(row) => ("moment" in row ? <MomentRow moment={row.moment} opens={opens} /> : <h3 className={css["heading"]}>{row.heading}</h3>)}
    />
  );
}

/** The whole of it has an address, so it can be opened in a tab of its own and sent to a colleague. */
function Open({ moment }: { readonly moment: Moment }) {
  return (
    <Link
      from="/customers/$customer/timeline"
      to="."
      search={(old) => ({ ...old, open: moment.id })}
      className={css["open"]}
      aria-label={`Read all of it: ${moment.title}`}
      preload={false}
      replace
      resetScroll={false}
    >
      Read all of it
    </Link>
  );
}

function MomentRow({ moment, opens }: { readonly moment: Moment; readonly opens: boolean }) {
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
          <bdi>
            <Pieces parts={moment.found_title} text={moment.title} />
          </bdi>
        </span>
        {moment.text === "" ? null : (
          <bdi className={css["text"]}>
            <Pieces parts={moment.found_text} text={moment.text} />
          </bdi>
        )}
        {moment.because === "" ? null : <span className="dim">{moment.because}</span>}
        {moment.opens && opens ? <Open moment={moment} /> : null}
      </div>
      <SourceTag source={moment.source} />
    </article>
  );
}
