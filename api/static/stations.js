// The table of air stations; on a narrow screen each row becomes a card (roles keep it a table for screen readers).

import { aqiStrip } from "./charts.js";
import { h } from "./dom.js";
import { goodUpTo } from "./levels.js";
import { badge, faultMark, isOld, missingShort, nameOf, symbols, whyNoIndex } from "./marks.js";
import { rounded } from "./numbers.js";
import { dayLabel, hourDate, hourOfDay, isoDate, clock, seconds } from "./time.js";
import { named, t } from "./text.js";

const HOUR_OLD = 2 * 3600; // [s], as for the city
const ORDER = ["pm25", "pm10", "o3", "no2", "so2", "co"];

/** The table of all stations, in the order of their ids. */
export function stationsView(air) {
  const keys = [
    ...ORDER.filter((key) => air.items[key]),
    ...Object.keys(air.items).filter((key) => !ORDER.includes(key) && key !== "o3_8h"),
  ];
  const heads = ["station", "hourAqi", "primaryShort"];
  return h(
    "section",
    { class: "stations", "aria-labelledby": "stations-title" },
    h("h3", { id: "stations-title" }, t("stations"), h("small", null, air.stations.length)),
    h(
      "table",
      { class: "sheet station-sheet", role: "table" },
      h("caption", null, t("stationsCaption")),
      h(
        "thead",
        { role: "rowgroup" },
        h(
          "tr",
          { role: "row" },
          heads.map((key) => columnHead(key === "hourAqi" ? "AQI" : t(key))),
          keys.map((key) => columnHead(air.items[key].symbol, "number")),
          columnHead(t("last24"), "wide-only"),
          columnHead(t("time"), "number"),
        ),
      ),
      h(
        "tbody",
        { role: "rowgroup" },
        air.stations.map((station) => row(station, keys, air.items)),
      ),
    ),
  );
}

function columnHead(words, className) {
  return h("th", { scope: "col", role: "columnheader", class: className }, words);
}

function cell(label, className, ...content) {
  return h("td", { role: "cell", class: className, "data-label": label }, content);
}

function row(station, keys, items) {
  const { hour } = station;
  return h(
    "tr",
    { role: "row", "data-subject": station.subject },
    h(
      "th",
      { scope: "row", role: "rowheader", class: "who" },
      nameOf(station),
      h("small", { class: "id" }, station.subject),
      faultMark(station, items),
    ),
    cell("AQI", "index-cell", indexCell(hour)),
    cell(
      t("primaryShort"),
      "primary-cell",
      hour && hour.primary.length
        ? symbols(hour.primary, items)
        : h("span", { class: "quiet" }, hour?.aqi ? t("none") : "—"),
    ),
    keys.map((key) => cell(items[key].symbol, "number", amount(hour?.items[key], items[key]))),
    cell(t("last24"), "wide-only strip-cell", aqiStrip(station.hours, "station-strip")),
    cell(t("time"), "number time-cell", when(hour)),
  );
}

function indexCell(hour) {
  if (!hour) {
    return h("span", { class: "missing" }, "— ", h("small", null, t("missing")));
  }
  if (hour.aqi === null) {
    return h(
      "span",
      { class: "missing", title: whyNoIndex(hour).why },
      "— ",
      h("small", null, whyNoIndex(hour).word),
    );
  }
  return [
    badge(hour.level.colour, "index-badge", hour.aqi),
    h("span", { class: "level-word" }, `${hour.level.roman} ${named(hour.level)}`),
  ];
}

function amount(reading, item) {
  if (!reading || reading.value === null) {
    return missingShort();
  }
  const text = rounded(reading.value, item.decimals);
  if (!reading.valid) {
    const word = reading.flag === 4 ? t("bad") : t("doubtful");
    return h("span", { class: "doubtful", title: word }, text, h("small", null, word));
  }
  const over = reading.iaqi !== null && reading.iaqi > goodUpTo();
  return h(
    "span",
    { class: over ? "over" : null, title: reading.iaqi === null ? null : `${t("iaqi")} ${reading.iaqi}` },
    text,
  );
}

function when(hour) {
  if (!hour) {
    return h("span", { class: "missing", title: t("noHour") }, "—", h("span", { class: "spoken" }, t("noHour")));
  }
  const end = seconds(hour.end);
  const today = hourDate(end) === isoDate(clock.now());
  return h(
    "span",
    { class: isOld(end, HOUR_OLD) ? "stale" : null },
    today ? hourOfDay(end) : `${dayLabel(hourDate(end))} ${hourOfDay(end)}`,
    isOld(end, HOUR_OLD) ? h("small", null, t("stale")) : null,
  );
}
