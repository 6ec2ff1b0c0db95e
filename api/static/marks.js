// Small pieces that both domains are made of: fields of colour, missing values, ages, marks.

import { h } from "./dom.js";
import { airScale, classOf, classes, field } from "./levels.js";
import { ageText, clock, seconds, shortTime } from "./time.js";
import { language, named, namedBeside, otherLanguage, t } from "./text.js";

/** A field of an official colour with words on it. */
export function badge(colour, className, ...words) {
  return h("span", { class: `badge ${className}`, vars: field(colour) }, words);
}

/** The class of water of a number as a field of its colour: "Ⅲ", "劣Ⅴ"; read out as "Ⅲ 类". */
export function classBadge(number, className) {
  const { colour, name } = classOf(number);
  return [
    badge(colour, className, h("span", { "aria-hidden": "true" }, classWords(number, name))),
    h("span", { class: "spoken" }, classNamed(number)),
  ];
}

/** "劣" small before its numeral, or the numeral alone. */
export function classWords(number, name) {
  return isWorst(number) ? [h("small", null, t("worseMark")), classes()[number - 2].name] : name;
}

/** "Ⅲ", and "劣Ⅴ" or ">Ⅴ" for the worst, where there is room for no more. */
export function classMark(number) {
  return isWorst(number) ? `${t("worseMark")}${classes()[number - 2].name}` : classOf(number).name;
}

/** "Ⅲ 类" or "Class Ⅲ" of the number of a class. */
export function classNamed(number) {
  return isWorst(number) ? t("worseThanV") : t("className", { name: classOf(number).name });
}

function isWorst(number) {
  return number === classes().length;
}

/** What stands where a value is missing: a dash to see, and the word for it. */
export function missing(word = t("missing")) {
  return h("span", { class: "missing" }, h("span", { "aria-hidden": "true" }, "—"), h("small", null, word));
}

/** The same for a narrow cell: the word is read out and shown on pointing. */
export function missingShort(word = t("missing")) {
  return h("span", { class: "missing", title: word }, "—", h("span", { class: "spoken" }, word));
}

/** The mark of a subject whose data are simulated. */
export function simulatedMark(subject) {
  return subject.simulated
    ? h("span", { class: "simulated-mark", title: t("simulatedWhy") }, t("simulatedMark"))
    : null;
}

/** The name of a subject in the language spoken, with the other beside it where there is room. */
export function nameOf(subject) {
  return [
    h("span", { class: "name" }, named(subject.name)),
    h("span", { class: "name-beside", lang: otherLanguage() }, namedBeside(subject.name)),
    simulatedMark(subject),
  ];
}

/** Why an hour has no AQI: a word for a field, and the reason. */
export function whyNoIndex(hour) {
  if (!Object.values(hour.items).some((item) => item.valid)) {
    return { word: t("missing"), why: t("nothingValid") };
  }
  if (hour.complete) {
    return { word: t("beyond"), why: t("beyondWhy", hour) };
  }
  const { edition, clause, incomplete_above: above } = airScale();
  const ruled = edition === hour.edition && above !== null;
  return { word: t("notPublished"), why: ruled ? t("notPublishedWhy", { edition, clause, above }) : t("incompleteWhy") };
}

/** The age of an instant [s since 1970], kept up by `tickAges`. */
export function age(since, form) {
  return h("span", { class: "age", "data-since": since, "data-form": form }, ageText(since, form));
}

/** Whether an instant lies further back than `limit` [s]. */
export function isOld(instant, limit) {
  return clock.now() - instant > limit;
}

/** The mark of data that are out of date. */
export function staleMark(instant, limit) {
  return isOld(instant, limit) ? h("span", { class: "stale-mark" }, t("stale")) : null;
}

/** The mark of instruments that look faulty: which items, and a link to since when and why; nothing where none does. */
export function faultMark(subject, items) {
  const faults = subject.faults ?? [];
  if (faults.length === 0) {
    return null;
  }
  const called = [...new Set(faults.map((fault) => calledShort(fault, items)))].join(t("comma"));
  const told = faults.map((fault) =>
    t("faultSince", { item: calledShort(fault, items), test: named(fault.name), time: shortTime(seconds(fault.opened)) }),
  );
  return h(
    "a",
    {
      class: "fault-mark",
      href: `/faults?${new URLSearchParams({ subject: subject.subject, lang: language() })}`,
      title: [t("fault"), ...told, t("faultWhy")].join("\n"),
    },
    h(
      "svg",
      { viewBox: "0 0 16 16", "aria-hidden": "true" },
      h("path", { d: "M8 2 15 14H1Z" }),
      h("path", { d: "M8 6.5v3.5M8 11.6v.9" }),
    ),
    h("span", { class: "spoken" }, `${t("fault")}${t("colon")}`),
    h("span", { "aria-hidden": "true" }, `${t("faultShort")} `),
    h("span", { class: "fault-items" }, called),
  );
}

/** The symbol of an item, or its name where the symbol is no more than a unit, as NTU. */
function calledShort({ item, symbol }, items) {
  return items[item]?.unit === symbol ? named(items[item].name) : symbol;
}

/** The symbols of items, such as "PM₂.₅、O₃"; falls back to the key for an item that the document does not describe. */
export function symbols(keys, items) {
  return keys.map((key) => items[key]?.symbol ?? key).join(t("comma"));
}

/** A label and what it labels, for a `<dl>`. */
export function fact(label, ...content) {
  return h("div", { class: "fact" }, h("dt", null, label), h("dd", null, content));
}
