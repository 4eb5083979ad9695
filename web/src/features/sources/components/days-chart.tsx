/** What a source was offered day by day and what became of it: a picture, and the same as a table for whoever reads it. */
import { Tooltip } from "@mantine/core";

import type { DayAccount } from "@/api/types";
import { count, day as written } from "@/lib/format";
import { words } from "@/lib/labels";

import { PARTS } from "./accounting";
import { filled, pieces, told } from "./days";
import css from "./days-chart.module.css";

const DAYS = 60;

interface DaysChartProps {
  readonly days: readonly DayAccount[];
  /** The last day of the picture: today, in UTC as the server counts days. */
  readonly today: string;
}

export function DaysChart({ days, today }: DaysChartProps) {
  const bars = filled(days, today, DAYS);
  const highest = Math.max(1, ...bars.map(({ counts }) => counts.offered));
  const { busy, held, top } = told(bars);
  const said =
    top === undefined
      ? `Nothing was offered in the last ${DAYS} days.`
      : `In the last ${DAYS} days rows came on ${busy} ${busy === 1 ? "day" : "days"}; the most on ${written(top.day)}: ${count(top.counts.offered)}. ${count(held)} were held or refused.`;
  return (
    <figure className={css["figure"]}>
      <div className={css["bars"]} role="img" aria-label={said}>
        {bars.map(({ day, counts }) => (
          <Tooltip key={day} label={<Tip day={day} counts={counts} />} multiline openDelay={0}>
            <div className={css["day"]} data-empty={counts.offered === 0}>
              {pieces(counts, highest).map(({ part, height }) => (
                <span key={part} data-part={part} style={{ height: `${height * 100}%` }} />
              ))}
            </div>
          </Tooltip>
        ))}
      </div>
      <figcaption className={css["caption"]}>
        <span>{written(bars[0]?.day ?? today)}</span>
        <span>{said}</span>
        <span>{written(today)}</span>
      </figcaption>
    </figure>
  );
}

function Tip({ day, counts }: DayAccount) {
  return (
    <>
      <strong>{written(day)}</strong>
      {counts.offered === 0 ? <div>nothing came</div> : <div>{count(counts.offered)} offered</div>}
      {PARTS.filter((part) => counts[part] > 0).map((part) => (
        <div key={part}>
          {words(part)} {count(counts[part])}
        </div>
      ))}
    </>
  );
}
