// Strips over time as inline SVG. Their scales are percent of the box; words stand beside them in HTML and keep their size.

import { h } from "./dom.js";
import { goodUpTo, levels } from "./levels.js";
import { seconds } from "./time.js";
import { t } from "./text.js";

const HOUR = 3600;
const WEEK = 7 * 86400;
const JOIN = 6 * HOUR; // readings this close make one bar; further apart there is a gap to be seen
const LAST_BAR = HOUR; // how wide the newest reading is drawn

/** Columns of the AQI of the last hours, oldest first; a missing hour is hatched. */
export function aqiStrip(hours, className) {
  const known = hours.filter((hour) => hour.aqi !== null).map((hour) => hour.aqi);
  const top = scaleTop(known);
  const width = 100 / hours.length;
  return h(
    "svg",
    {
      class: `strip ${className}`,
      viewBox: "0 0 100 100",
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": stripLabel(known, hours),
    },
    gridLines(top),
    hours.map((hour, index) => column(hour, index * width, width, top)),
  );
}

/** The largest index a strip shows: the end of the level of its highest value, but a calm day should look calm. */
export function scaleTop(known) {
  const highest = Math.max(goodUpTo(), ...known);
  return ends().find((end) => end >= highest) ?? highest;
}

/** Where the levels end that have an end. */
function ends() {
  return levels()
    .map((level) => level.most)
    .filter((end) => end !== null);
}

function column(hour, left, width, top) {
  const height = hour.aqi === null ? 100 : Math.max(2, (100 * hour.aqi) / top);
  return h("rect", {
    class: hour.aqi === null ? "gap" : "bar",
    x: left + width * 0.1,
    y: 100 - height,
    width: width * 0.8,
    height,
    fill: hour.aqi === null ? null : hour.colour,
  });
}

function gridLines(top) {
  return ends()
    .filter((index) => index < top)
    .map((index) => {
      const y = 100 - (100 * index) / top;
      return h("line", { class: "grid", x1: 0, x2: 100, y1: y, y2: y });
    });
}

function stripLabel(known, hours) {
  if (known.length === 0) {
    return t("stripNone");
  }
  return t("strip24", { low: Math.min(...known), high: Math.max(...known), gaps: hours.length - known.length });
}

/** The classes of a section over the last week: the worse, the taller. */
export function classStrip(history, now, nameOfClass) {
  return h(
    "svg",
    {
      class: "strip class-strip",
      viewBox: "0 0 100 100",
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": classLabel(history, nameOfClass),
    },
    h("rect", { class: "gap", x: 0, y: 94, width: 100, height: 6 }),
    classRuns(history, now).map((run) => classBar(run, now)),
  );
}

function classBar(run, now) {
  const height = 10 + run.class * 15;
  const left = Math.max(0, 100 - (100 * (now - run.from)) / WEEK);
  const right = Math.min(100, 100 - (100 * (now - run.to)) / WEEK);
  return h("rect", {
    class: "bar",
    x: left,
    y: 100 - height,
    width: Math.max(0.4, right - left),
    height,
    fill: run.colour,
  });
}

/** Readings of one class that follow each other, each lasting until the next. */
function classRuns(history, now) {
  const runs = [];
  history.forEach((reading, index) => {
    const from = seconds(reading.time);
    const next = index + 1 < history.length ? seconds(history[index + 1].time) : Math.min(now, from + LAST_BAR);
    const to = next - from > JOIN ? from + LAST_BAR : next;
    const last = runs[runs.length - 1];
    if (reading.class === null) {
      return;
    }
    if (last && last.class === reading.class && last.to === from) {
      last.to = to;
    } else {
      runs.push({ class: reading.class, colour: reading.colour, from, to });
    }
  });
  return runs;
}

function classLabel(history, nameOfClass) {
  const counts = new Map();
  for (const reading of history.filter((one) => one.class !== null)) {
    counts.set(reading.class, (counts.get(reading.class) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...counts]
    .sort(([one], [other]) => one - other)
    .map(([number, count]) => t("strip7Part", { name: nameOfClass(number), share: Math.round((100 * count) / total) }));
  return t("strip7", { parts: parts.join(t("comma")) || t("none") });
}
