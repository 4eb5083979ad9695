/** One ECharts canvas: drawn in the theme's colours, redrawn when theme, size or option change. Loaded on demand. */
import { LineChart } from "echarts/charts";
import {
  DataZoomComponent,
  GridComponent,
  MarkLineComponent,
  ToolboxComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

import { useScheme } from "@/lib/scheme";

register([LineChart, GridComponent, TooltipComponent, DataZoomComponent, MarkLineComponent, ToolboxComponent, CanvasRenderer]);

/** The theme's colours, read from the stylesheet, because a canvas knows no CSS variables. */
export interface Colours {
  readonly ink: string;
  readonly dim: string;
  readonly line: string;
  readonly surface: string;
  readonly series: string;
  readonly area: string;
  readonly bad: string;
  readonly font: string;
}

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    dim: read("--ink-3"),
    line: read("--line"),
    surface: read("--surface"),
    series: read("--series-1"),
    area: read("--series-1-area"),
    bad: read("--bad"),
    font: read("--font"),
  };
}

interface ChartProps {
  /** Called with the colours of the moment; keep its identity stable between equal pictures. */
  readonly option: (colours: Colours) => EChartsCoreOption;
  readonly height: number;
  /** What the picture says, for whoever cannot see it. */
  readonly label: string;
}

export default function Chart({ option, height, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useScheme();

  useEffect(() => {
    if (place.current === null) return;
    const chart = init(place.current);
    chart.setOption(option(colours()));
    // Dragging over the picture zooms into the days it covers; the wheel stays with the page.
    chart.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
    chart.getZr().on("dblclick", () => chart.dispatchAction({ type: "dataZoom", start: 0, end: 100 }));
    const sizes = new ResizeObserver(() => chart.resize());
    sizes.observe(place.current);
    return () => {
      sizes.disconnect();
      chart.dispose();
    };
  }, [option, scheme]);

  return <div ref={place} role="img" aria-label={label} style={{ height }} />;
}
