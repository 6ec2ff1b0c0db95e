// The calendar of a year: a row a month, a column a day, each day in the colour of its level.

import { h } from "./dom.js";
import { field, levelNumbered, levels } from "./levels.js";
import { dayLabel, dayOfWeek, isoDate } from "./time.js";
import { symbols } from "./marks.js";
import { named, t } from "./text.js";

const COLUMNS = Array.from({ length: 31 }, (_, index) => index + 1);
const MONTHS = COLUMNS.slice(0, 12).map((month) => String(month).padStart(2, "0"));
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

let chosen = null; // the day whose figures are written out; the newest until somebody points at another

/** The calendar of the year that `now` lies in. */
export function calendarView(days, items, now, head) {
  const year = isoDate(now).slice(0, 4);
  const known = new Map(days.map((day) => [day.date, day]));
  const shown = chosen?.startsWith(year) ? chosen : days[days.length - 1]?.date;
  return h(
    "section",
    { class: "calendar", "aria-labelledby": `${head}-calendar` },
    h(
      "div",
      { class: "calendar-head" },
      h("h3", { id: `${head}-calendar` }, t("calendar")),
      readout(shown, known.get(shown), items),
    ),
    h(
      "table",
      { class: "days", role: "grid" },
      h("caption", { class: "spoken" }, t("calendarHelp", { year })),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          h("td", null),
          COLUMNS.map(columnHead),
          h("th", { scope: "col", class: "good-days" }, t("goodDays")),
        ),
      ),
      h(
        "tbody",
        null,
        MONTHS.map((month) => monthRow(`${year}-${month}`, known, shown, items, now)),
      ),
    ),
    legend(),
  );
}

function columnHead(day) {
  return h("th", { scope: "col", "aria-label": day }, day === 1 || day % 5 === 0 ? day : "");
}

function monthRow(month, known, shown, items, now) {
  const length = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  const dates = COLUMNS.map((day) => (day <= length ? `${month}-${String(day).padStart(2, "0")}` : null));
  const name = t("months").split(" ")[Number(month.slice(5)) - 1];
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, t("month", { name })),
    dates.map((date) =>
      date ? dayCell(date, known.get(date), date === shown, items, now) : h("td", { class: "no-day" }),
    ),
    h("td", { class: "good-days" }, goodDays(dates, known)),
  );
}

function dayCell(date, day, isShown, items, now) {
  if (date >= isoDate(now)) {
    return h("td", { class: "day to-come", title: `${dayLabel(date)} ${t("dayToCome")}` });
  }
  const level = levelNumbered(day?.level);
  const words = dayWords(date, day, items);
  return h(
    "td",
    {
      class: `day ${level ? "" : "gap"} ${isApart(day) ? "apart" : ""} ${isShown ? "shown" : ""}`,
      "data-date": date,
      tabindex: isShown ? 0 : -1,
      title: words,
      "aria-label": words,
      vars: level ? field(day.colour) : {},
    },
    level && !level.good ? h("span", { "aria-hidden": "true" }, day.aqi) : null,
  );
}

/** Whether a day has values, but an item is missing, so that it is neither good nor bad. */
function isApart(day) {
  return Boolean(day) && !day.counted && day.missing.length > 0;
}

function goodDays(dates, known) {
  const counted = dates.map((date) => known.get(date)).filter((day) => day?.counted);
  const good = counted.filter((day) => levelNumbered(day.level).good);
  return counted.length ? [String(good.length), h("small", null, `/${counted.length}`)] : "";
}

function dayWords(date, day, items) {
  const head = dayOfWeek(date);
  const lacking = { items: symbols(day?.missing ?? [], items) };
  if (!day || day.aqi === null) {
    return `${head} · ${isApart(day) ? t("noIndex", lacking) : t("dayMissing")}`;
  }
  const primary = day.primary.length ? ` · ${t("primaryShort")} ${symbols(day.primary, items)}` : "";
  const apart = day.counted ? "" : ` · ${t("notCounted", lacking)}`;
  return `${head} · AQI ${day.aqi} ${named(levelNumbered(day.level))}${primary}${apart}`;
}

function readout(date, day, items) {
  return h("p", { class: "readout" }, date ? dayWords(date, day, items) : t("missing"));
}

function legend() {
  const keys = levels().map((level, index) => {
    const range = rangeWords(index ? level.least : null, level.most);
    return h(
      "li",
      null,
      h("span", { class: "key", vars: field(level.colour) }),
      `${level.roman} ${named(level)} `,
      h("small", null, range),
    );
  });
  return h(
    "ul",
    { class: "legend" },
    keys,
    h("li", null, h("span", { class: "key apart" }), t("notCountedKey")),
    h("li", null, h("span", { class: "key gap" }), t("dayMissing")),
  );
}

function rangeWords(from, to) {
  if (from === null) {
    return `≤ ${to}`;
  }
  return to === null ? `> ${from - 1}` : `${from}–${to}`;
}

/** Lets pointing, touching and the arrow keys choose a day; `again` draws the calendar anew. */
export function followCalendar(root, again) {
  const choose = (cell, focus) => {
    chosen = cell.dataset.date;
    again();
    if (focus) {
      root.querySelector(".day.shown")?.focus();
    }
  };
  root.addEventListener("pointerover", (event) => {
    const cell = event.target.closest(".day[data-date]");
    if (cell && cell.dataset.date !== chosen) {
      choose(cell, false);
    }
  });
  root.addEventListener("keydown", (event) => {
    const target = neighbour(event.target.closest(".day[data-date]"), event.key, root);
    if (target) {
      event.preventDefault();
      choose(target, true);
    }
  });
}

function neighbour(cell, key, root) {
  if (!cell) {
    return null;
  }
  const days = [...root.querySelectorAll(".day[data-date]")];
  const rows = [...root.querySelectorAll(".days tbody tr")];
  if (key in STEPS) {
    return days[days.indexOf(cell) + STEPS[key]];
  }
  if (key === "ArrowUp" || key === "ArrowDown") {
    const row = rows[rows.indexOf(cell.parentNode) + (key === "ArrowUp" ? -1 : 1)];
    return row?.children[cell.cellIndex]?.dataset.date ? row.children[cell.cellIndex] : null;
  }
  return { Home: days[0], End: days[days.length - 1] }[key] ?? null;
}
