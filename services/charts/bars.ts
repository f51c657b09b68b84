/** Draws bars as SVG by ECharts: hours, days and months upright, products and people lying. */
import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { fitting, widthOf } from './text-width.ts';
import { COLOURS, type Theme } from './theme.ts';

use([BarChart, GridComponent, SVGRenderer]);

/** One bar: what stands under it (or before it), its length, and what stands at its end; an upright zero has nothing there. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  /** It sums up what has no bar of its own: its text stands there without one, as it would dwarf the others. */
  readonly rest?: true;
}

export interface Bars {
  readonly direction: 'upright' | 'lying';
  readonly bars: readonly Bar[];
  readonly theme: Theme;
  /** Pixels. The height of lying bars follows from their number: `heightOf`. */
  readonly width: number;
}

const UPRIGHT_HEIGHT = 200;
/** Height of a lying bar with its room. */
const ROW = 34;
const SIZE = 14;
/** More bars leave no room for a text at each end: the highest alone has one, by which the others are read. */
const MOST_TEXTS = 16;
/** The least size of texts, and the room between two that stand beside each other. */
const SMALLEST = 10;
const BETWEEN = 4;
/** Room beside the first and the last upright bar. */
const EDGE = 4;
/** The part of the width that labels of lying bars may take. */
const LABELS = 0.42;

/** The most of the width that the texts at the ends of lying bars take. */
const TEXTS = 0.36;

/** Room for the longest text at an end, pixels. */
const roomFor = (bars: readonly Bar[], width: number): number =>
  Math.min(width * TEXTS, Math.max(0, ...bars.map(({ text }) => widthOf(text) * SIZE)) + 10);

/** The texts above upright bars. */
function textsAbove(bars: readonly Bar[]): ReadonlySet<Bar> {
  const above = bars.filter(({ value }) => value > 0);
  if (bars.length <= MOST_TEXTS || above.length <= MOST_TEXTS) return new Set(above);
  return new Set([above.reduce((highest, bar) => (bar.value > highest.value ? bar : highest))]);
}

/** The size in which no two of these texts above upright bars meet. */
function sizeAbove(texts: ReadonlySet<Bar>, each: number): number {
  const widest = Math.max(1, ...[...texts].map(({ text }) => widthOf(text)));
  return texts.size < 2 ? SIZE : Math.max(SMALLEST, Math.min(SIZE, Math.floor((each - BETWEEN) / widest)));
}

export const heightOf = ({ direction, bars }: Bars): number =>
  direction === 'upright' ? UPRIGHT_HEIGHT : Math.max(1, bars.length) * ROW + 8;

/** Draws the bars; texts are words of the SVG, in the font of whoever shows it. */
export function drawBars(chart: Bars): string {
  const { direction, bars, theme, width } = chart;
  const { text, faint, line, bar } = COLOURS[theme];
  const upright = direction === 'upright';
  const texts = upright ? textsAbove(bars) : new Set(bars);
  const drawn = init(null, null, { renderer: 'svg', ssr: true, width, height: heightOf(chart) });
  const names = {
    type: 'category' as const,
    data: bars.map(({ label }) => (upright ? label : fitting(label, (width * LABELS) / SIZE))),
    axisTick: { show: false },
    axisLine: { show: upright, lineStyle: { color: line } },
    axisLabel: {
      color: upright ? faint : text,
      fontSize: SIZE,
      ...(upright ? { hideOverlap: true } : { interval: 0 }),
    },
  };
  const lengths = { type: 'value' as const, show: false, min: 0 };
  try {
    drawn.setOption({
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      // Room for the texts at the ends: above upright bars, after lying ones.
      grid: upright
        ? { left: EDGE, right: EDGE, top: 24, bottom: 28 }
        : { left: width * LABELS + 12, right: roomFor(bars, width), top: 4, bottom: 4 },
      xAxis: upright ? names : lengths,
      yAxis: upright ? lengths : { ...names, inverse: true },
      series: [
        {
          type: 'bar',
          barMaxWidth: upright ? 36 : 16,
          barMinHeight: 2,
          itemStyle: { color: bar, borderRadius: upright ? [3, 3, 0, 0] : [0, 3, 3, 0] },
          label: {
            position: upright ? 'top' : 'right',
            color: text,
            fontSize: upright ? sizeAbove(texts, (width - 2 * EDGE) / bars.length) : SIZE,
          },
          data: bars.map((one) => ({
            value: one.rest ? 0 : upright && one.value === 0 ? null : one.value,
            label: { show: texts.has(one), formatter: () => one.text },
            ...((one.rest || one.value === 0) && { itemStyle: { color: 'transparent' } }),
          })),
        },
      ],
    });
    return drawn.renderToSVGString();
  } finally {
    drawn.dispose();
  }
}
