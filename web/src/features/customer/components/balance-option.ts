/**
 * The picture of a balance: steps where every change is known, dots where it is only stated now and then;
 * zero marked where the account was below it.
 */
import type { EChartsCoreOption } from "echarts/core";

import { compact, day, money } from "@/lib/format";
import { type Point, isSparse } from "@/lib/series";
import type { Colours } from "@/ui/chart";

interface Hovered {
  readonly value: readonly [string, number, string];
}

function tooltip(currency: string) {
  return (hovered: unknown): HTMLElement => {
    const [point] = Array.isArray(hovered) ? (hovered as Hovered[]) : [];
    const box = document.createElement("div");
    if (point === undefined) return box;
    const [when, , exact] = point.value;
    const amount = document.createElement("strong");
    amount.textContent = money(exact, currency);
    const date = document.createElement("div");
    date.textContent = day(when);
    box.append(amount, date);
    return box;
  };
}

export function balanceOption(points: readonly Point[], currency: string, first: string | null, last: string) {
  const data = points.map(({ day: when, balance }) => [when, Number(balance), balance]);
  const sparse = isSparse(points);
  const final = points.at(-1);
  // The balance stands until the end of the range, whether or not something moved.
  if (final !== undefined && final.day < last) data.push([last, Number(final.balance), final.balance]);
  const below = data.some(([, balance]) => Number(balance) < 0);

  return (c: Colours): EChartsCoreOption => ({
    animation: false,
    textStyle: { fontFamily: c.font, fontSize: 11 },
    grid: { left: 8, right: 12, top: 14, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "time",
      min: first ?? undefined,
      max: last,
      axisLine: { lineStyle: { color: c.line } },
      axisTick: { show: false },
      axisLabel: { color: c.dim, hideOverlap: true, formatter: { year: "{yyyy}", month: "{MMM}", day: "{d} {MMM}" } },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      splitNumber: 4,
      axisLabel: { color: c.dim, formatter: compact },
      splitLine: { lineStyle: { color: c.line } },
    },
    tooltip: {
      trigger: "axis",
      formatter: tooltip(currency),
      backgroundColor: c.surface,
      borderColor: c.line,
      textStyle: { color: c.ink, fontFamily: c.font, fontSize: 12 },
      axisPointer: { type: "line", lineStyle: { color: c.dim, type: "dashed" } },
    },
    // Out of sight: it is there for zooming by dragging, which the chart turns on itself.
    toolbox: { top: -100, feature: { dataZoom: { yAxisIndex: "none" } } },
    dataZoom: [
      {
        type: "slider",
        height: 16,
        bottom: 4,
        borderColor: "transparent",
        backgroundColor: "transparent",
        fillerColor: c.area,
        dataBackground: { lineStyle: { color: c.line }, areaStyle: { color: c.line } },
        selectedDataBackground: { lineStyle: { color: c.series }, areaStyle: { color: c.area } },
        handleStyle: { color: c.surface, borderColor: c.dim },
        moveHandleSize: 3,
        textStyle: { color: c.dim },
        showDetail: false,
      },
    ],
    series: [
      {
        type: "line",
        data,
        step: sparse ? false : "end",
        showSymbol: sparse,
        symbol: "circle",
        symbolSize: 5,
        lineStyle: { width: 1.6, color: c.series },
        itemStyle: { color: c.series },
        areaStyle: { color: c.area, origin: below ? 0 : "start" },
        markLine: below
          ? {
              silent: true,
              symbol: "none",
              label: { show: false },
              lineStyle: { color: c.bad, type: "solid", width: 1, opacity: 0.6 },
              data: [{ yAxis: 0 }],
            }
          : undefined,
      },
    ],
  });
}
