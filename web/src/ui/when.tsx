/** An instant or a day, machine-readable, with the exact time for whoever asks. */
import { ago, clock, day, exact } from "@/lib/format";

interface WhenProps {
  readonly at: string | null;
  readonly style?: "day" | "time" | "ago" | "both";
}

export function When({ at, style = "day" }: WhenProps) {
  if (at === null || at === "") return <span className="dim">–</span>;
  return (
    <time dateTime={at} title={exact(at)}>
      {written(at, style)}
    </time>
  );
}

function written(at: string, style: "day" | "time" | "ago" | "both"): string {
  switch (style) {
    case "day":
      return day(at);
    case "time":
      return clock(at);
    case "ago":
      return ago(at);
    case "both": {
      const time = clock(at);
      return time === "" ? day(at) : `${day(at)}, ${time}`;
    }
  }
}
