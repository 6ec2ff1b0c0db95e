// The air of a city: its index now, the six pollutants, the last day, the rates, the year.

import { aqiStrip } from "./charts.js";
import { calendarView } from "./calendar.js";
import { h } from "./dom.js";
import { field, goodUpTo, levelOf } from "./levels.js";
import { age, fact, missing, simulatedMark, staleMark, symbols, whyNoIndex } from "./marks.js";
import { rounded } from "./numbers.js";
import { ratesView } from "./rates.js";
import { stationsView } from "./stations.js";
import { clock, dayLabel, hourDate, hourOfDay, seconds } from "./time.js";
import { named, namedBeside, otherLanguage, t } from "./text.js";

/** After this an hour is out of date: it is published within the hour that follows it. [s] */
export const HOUR_OLD = 2 * 3600;

const BAR_END = 200; // index at which the bar of a pollutant is full; a day beyond it is told by its figure and colour

/** Everything below the heading "Air". */
export function airView(air) {
  return [air.cities.map((city) => cityView(city, air)), stationsView(air)];
}

function cityView(city, air) {
  const head = `city-${city.subject}`; // begins the ids of its headings
  return h(
    "article",
    { class: "city", "aria-label": named(city.name) },
    air.cities.length > 1 ? h("header", { class: "city-head" }, cityHead(city)) : null,
    h(
      "div",
      { class: "hero" },
      indexField(city.hour),
      h("div", { class: "hero-side" }, facts(city.hour, air.items), pollutants(city.hour, air.items)),
    ),
    lastDay(city, head),
    ratesView(city.rates, head),
    calendarView(city.days, air.items, clock.now(), head),
  );
}

/** What stands beside the heading "Air": the city and the hour; nothing where several cities have heads of their own. */
export function airHead(air) {
  return air.cities.length === 1 ? cityHead(air.cities[0]) : [];
}

function cityHead(city) {
  const end = city.hour ? seconds(city.hour.end) : null;
  return [
    h("span", { class: "who" }, named(city.name), simulatedMark(city)),
    end === null
      ? h("span", { class: "when" }, t("noHour"))
      : h(
          "span",
          { class: "when" },
          `${dayLabel(hourDate(end))} ${hourOfDay(end)} · `,
          age(end, "ago"),
          staleMark(end, HOUR_OLD),
        ),
  ];
}

function indexField(hour) {
  if (!hour || hour.aqi === null) {
    return h(
      "div",
      { class: "index index-none" },
      h("p", { class: "index-label" }, t("hourAqi")),
      h("p", { class: "index-value" }, "—"),
      h("p", { class: "index-level" }, hour ? whyNoIndex(hour).word : t("missing")),
    );
  }
  const { level } = hour;
  return h(
    "div",
    { class: "index", vars: field(level.colour) },
    h("p", { class: "index-label" }, t("hourAqi")),
    h("p", { class: "index-value" }, hour.aqi),
    h("p", { class: "index-level" }, t("levelWithWord", { roman: level.roman, word: named(level) })),
    h("p", { class: "index-beside", lang: otherLanguage() }, namedBeside(level)),
  );
}

function facts(hour, items) {
  if (!hour) {
    return h("dl", { class: "facts" }, fact(t("primary"), missing()));
  }
  return h(
    "dl",
    { class: "facts" },
    fact(t("primary"), h("strong", null, primaryWords(hour, items))),
    fact(t("validStations"), stationCount(hour)),
    fact(t("edition"), h("span", { title: hour.origin === "reported" ? t("reported") : t("derived") }, hour.edition)),
    hour.aqi === null ? noIndex(whyNoIndex(hour)) : null,
  );
}

function noIndex({ word, why }) {
  return h("div", { class: "fact fact-wide" }, h("dt", null, word), h("dd", null, why));
}

function primaryWords(hour, items) {
  if (hour.primary.length) {
    return symbols(hour.primary, items);
  }
  return hour.aqi === null ? "—" : t("noPrimary");
}

function stationCount(hour) {
  const { stations } = hour;
  return stations
    ? h("span", { class: stations.valid < stations.of ? "short" : null }, t("ofStations", stations))
    : "—";
}

function pollutants(hour, items) {
  const keys = Object.keys(hour?.items ?? items).filter((key) => items[key] && key !== "o3_8h");
  return h(
    "ul",
    { class: "pollutants", "aria-label": t("items") },
    keys.map((key) => pollutant(hour?.items[key], items[key], hour?.primary.includes(key))),
  );
}

function pollutant(reading, item, isPrimary) {
  const known = reading && reading.value !== null;
  return h(
    "li",
    { class: `pollutant ${isPrimary ? "is-primary" : ""}`, title: named(item.name) },
    h(
      "span",
      { class: "symbol" },
      item.symbol,
      isPrimary ? h("small", { class: "primary-mark" }, t("primaryShort")) : null,
    ),
    h(
      "span",
      { class: "amount" },
      known ? [rounded(reading.value, item.decimals), h("small", null, ` ${item.unit}`)] : missing(),
    ),
    iaqiBar(known ? reading.iaqi : null),
    h(
      "span",
      { class: "iaqi" },
      h("small", null, `${t("iaqi")} `),
      known && reading.iaqi !== null ? String(reading.iaqi) : "—",
    ),
  );
}

function iaqiBar(index) {
  const known = index !== null;
  return h(
    "span",
    { class: `iaqi-bar ${known ? "" : "gap"}`, "aria-hidden": "true", vars: { "--limit": goodUpTo() / BAR_END } },
    known ? h("i", { vars: { ...field(levelOf(index).colour), "--part": Math.min(1, index / BAR_END) } }) : null,
  );
}

function lastDay(city, head) {
  const known = city.hours.filter((hour) => hour.aqi !== null);
  const ends = city.hours.map((hour) => seconds(hour.end));
  return h(
    "section",
    { class: "last-day", "aria-labelledby": `${head}-day` },
    h("div", { class: "calendar-head" }, h("h4", { id: `${head}-day` }, `${t("last24")} AQI`), range(known)),
    aqiStrip(city.hours, "city-strip"),
    h(
      "p",
      { class: "axis", "aria-hidden": "true" },
      ends.map((end, index) => h("span", null, index % 4 === 3 ? hourOfDay(end) : "")),
    ),
  );
}

function range(known) {
  if (known.length === 0) {
    return h("p", { class: "readout" }, t("missing"));
  }
  const indices = known.map((hour) => hour.aqi);
  return h(
    "p",
    { class: "readout" },
    `${t("lowest")} ${Math.min(...indices)} · ${t("highest")} ${Math.max(...indices)}`,
  );
}
