// The sections of rivers and lakes: how many of which class, and each with what decides it, the worst first.

import { classStrip } from "./charts.js";
import { h } from "./dom.js";
import { classOf, classes, field } from "./levels.js";
import {
  age,
  classBadge,
  classMark,
  classNamed,
  classWords,
  faultMark,
  isOld,
  missing,
  missingShort,
  nameOf,
  staleMark,
} from "./marks.js";
import { decimal } from "./numbers.js";
import { clock, dayLabel, isoDate, seconds, shortDuration, shortTime, timeOfDay } from "./time.js";
import { named, t } from "./text.js";

const READING_OLD = 5 * 3600; // analysers report every four hours [s]
const DECIDING = ["ph", "do", "codmn", "nh3n", "tp"];
const FRESH = 600; // an item older than this beside its reading was carried on from an earlier one [s]
const LAST_GOOD = 3; // worse than this, what decides is written out; otherwise its cell is marked

/** Everything below the heading "Water". */
export function waterView(water) {
  const sections = [...water.sections].sort(worstFirst);
  return [summary(sections), sheet(sections, water.items)];
}

/** What stands beside the heading "Surface water": the time of the newest reading. */
export function waterHead(water) {
  const times = water.sections.filter((section) => section.reading).map((section) => seconds(section.reading.time));
  if (times.length === 0) {
    return [];
  }
  const newest = Math.max(...times);
  return h(
    "span",
    { class: "when" },
    `${dayLabel(isoDate(newest))} ${timeOfDay(newest)} · `,
    age(newest, "ago"),
    staleMark(newest, READING_OLD),
  );
}

function classOfReading(reading) {
  return reading?.class?.number ?? 0;
}

function classNumber(section) {
  return classOfReading(section.reading);
}

/** The class of a section now; 0 without one, and where its reading is out of date. */
function currentClass(section) {
  return section.reading && !isOld(seconds(section.reading.time), READING_OLD) ? classNumber(section) : 0;
}

function worstFirst(one, other) {
  return (
    currentClass(other) - currentClass(one) ||
    classNumber(other) - classNumber(one) ||
    one.subject.localeCompare(other.subject)
  );
}

function summary(sections) {
  const classed = sections.filter(currentClass);
  const good = classed.filter((section) => currentClass(section) <= LAST_GOOD);
  const share = classed.length ? ((100 * good.length) / classed.length).toFixed(1) : null;
  return h(
    "div",
    { class: "summary" },
    h(
      "div",
      { class: "share" },
      h("h3", null, t("shareGood")),
      h("p", { class: "share-value" }, share === null ? missing() : [share, h("small", null, "%")]),
      h("p", { class: "share-of" }, t("shareOf", { n: good.length, of: classed.length })),
    ),
    h(
      "ul",
      { class: "tally" },
      classes().map((one) => tally(one, sections)),
      noClass(sections),
    ),
  );
}

function tally(one, sections) {
  const count = sections.filter((section) => currentClass(section) === one.number).length;
  return h(
    "li",
    {
      class: `tally-class ${count ? "" : "empty"}`,
      "aria-label": t("countOf", { name: classNamed(one.number), n: count }),
      vars: field(one.colour),
    },
    h("span", { class: "tally-name" }, classWords(one.number, one.name)),
    h("span", { class: "tally-count" }, count),
  );
}

function noClass(sections) {
  const count = sections.filter((section) => !currentClass(section) && !section.manual_only).length;
  return h(
    "li",
    {
      class: `tally-class tally-none ${count ? "" : "empty"}`,
      "aria-label": t("countOf", { name: t("noClass"), n: count }),
    },
    h("span", { class: "tally-name" }, t("noClassShort")),
    h("span", { class: "tally-count" }, count),
  );
}

function sheet(sections, items) {
  const keys = DECIDING.filter((key) => items[key]);
  return h(
    "table",
    { class: "sheet section-sheet", role: "table" },
    h("caption", null, t("sectionsCaption")),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        columnHead(t("class")),
        columnHead(t("section")),
        keys.map((key) => columnHead([items[key].symbol, h("small", null, items[key].unit || "")], "number")),
        columnHead(t("last7")),
        columnHead(t("time"), "number"),
      ),
    ),
    h(
      "tbody",
      { role: "rowgroup" },
      sections.map((section) => row(section, keys, items)),
    ),
  );
}

function columnHead(words, name) {
  return h("th", { scope: "col", role: "columnheader", class: name }, words);
}

function cell(label, name, ...content) {
  return h("td", { role: "cell", class: name, "data-label": label }, content);
}

function row(section, keys, items) {
  const { reading } = section;
  const lacking = t(section.manual_only ? "manualOnly" : "missing");
  return h(
    "tr",
    { role: "row", "data-subject": section.subject },
    cell(t("class"), "class-cell", classCell(reading, lacking)),
    h(
      "th",
      { scope: "row", role: "rowheader", class: "who" },
      nameOf(section),
      about(section),
      faultMark(section, items),
      decided(reading, items),
    ),
    keys.map((key) =>
      cell(
        items[key].symbol,
        "number",
        reading ? amount(reading.items[key], items[key], reading.deciding.includes(key)) : missingShort(lacking),
      ),
    ),
    cell(t("last7"), "strip-cell", classStrip(section.history, clock.now(), classNamed)),
    cell(t("time"), "number time-cell", when(reading, section.manual_only ? lacking : t("noReading"))),
  );
}

function classCell(reading, lacking) {
  if (!reading?.class) {
    return [
      h("span", { class: "class-badge class-none", "aria-hidden": "true" }, "—"),
      h("small", { class: "status" }, lacking),
    ];
  }
  return [
    classBadge(reading.class.number, "class-badge"),
    h("small", { class: "status" }, named(reading.class.status)),
  ];
}

function about(section) {
  const parts = [named(section.river), t(section.water_body)].filter(Boolean);
  const missed = section.target_class && classNumber(section) > section.target_class;
  const target = section.target_class
    ? h(
        "span",
        { class: missed ? "target missed" : "target" },
        t(missed ? "targetMissed" : "target", { name: classOf(section.target_class).name }),
      )
    : null;
  return h("small", { class: "about" }, h("span", null, parts.join(" · ")), target);
}

function decided(reading, items) {
  if (classOfReading(reading) <= LAST_GOOD || reading.deciding.length === 0) {
    return null;
  }
  const words = reading.deciding.map((key) =>
    h("span", null, `${named(items[key].name)} ${decidedBy(reading.items[key], items[key])}`),
  );
  return h("small", { class: "decided" }, h("b", null, t("deciding")), words);
}

// The exact value, as it is judged: rounded it may look as if it kept a limit that it exceeds.
function decidedBy(one, item) {
  return `${one.value} ${item.unit} (${classMark(one.class)})`.replace("  ", " ");
}

function amount(one, item, decides) {
  if (!one || one.value === null) {
    return missingShort();
  }
  const text = decimal(one.value, item.decimals);
  if (!one.valid) {
    return h("span", { class: "doubtful" }, text, h("small", null, one.flag === 4 ? t("bad") : t("doubtful")));
  }
  const grade = classOf(one.class);
  return [
    h(
      "span",
      {
        class: decides ? "amount decides" : "amount",
        title: one.value,
        vars: decides && grade ? field(grade.colour) : {},
      },
      text,
    ),
    h(
      "small",
      { class: "grade" },
      grade ? classMark(one.class) : "",
      one.age > FRESH ? ` · ${t("carried", { length: shortDuration(one.age) })}` : "",
    ),
  ];
}

function when(reading, lacking) {
  if (!reading) {
    return missingShort(lacking);
  }
  const instant = seconds(reading.time);
  const today = isoDate(instant) === isoDate(clock.now());
  return h(
    "span",
    { class: isOld(instant, READING_OLD) ? "stale" : null },
    today ? timeOfDay(instant) : shortTime(instant),
    isOld(instant, READING_OLD) ? h("small", null, t("stale")) : null,
    h("small", null, age(instant, "short")),
  );
}
