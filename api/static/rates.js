// The good-air rate of the month, the year, and the same period of last year.

import { h } from "./dom.js";
import { field, levels } from "./levels.js";
import { named, t } from "./text.js";

/** The three rates of a city. */
export function ratesView(rates, head) {
  return h(
    "section",
    { class: "rates", "aria-labelledby": `${head}-rates` },
    h("h3", { id: `${head}-rates` }, t("rates")),
    h(
      "div",
      { class: "rates-row" },
      rateView(t("thisMonth"), rates.month),
      rateView(t("thisYear"), rates.year, change(rates.year, rates.last_year)),
      rateView(t("lastYear"), rates.last_year),
    ),
  );
}

function rateView(label, rate, note = null) {
  const without = rate.days - rate.valid;
  return h(
    "div",
    { class: "rate" },
    h("h4", null, label),
    h("p", { class: "rate-value" }, rate.rate === null ? "—" : [rate.rate.toFixed(1), h("small", null, "%")], note),
    levelBar(rate),
    h("p", { class: "rate-days" }, rate.rate === null ? t("missing") : t("goodOfValid", rate)),
    h(
      "p",
      { class: "rate-note" },
      [together(rate.editions), without > 0 ? t("daysWithout", { n: without }) : ""].filter(Boolean).join(" · "),
    ),
  );
}

/** "HJ 633—2012 / 2026" of two editions of one standard. */
function together(editions) {
  const [family] = (editions[0] ?? "").split("—");
  return editions
    .map((edition, index) => (index && edition.startsWith(`${family}—`) ? edition.slice(family.length + 1) : edition))
    .join(" / ");
}

function change(now, before) {
  if (now.rate === null || before.rate === null) {
    return null;
  }
  const points = now.rate - before.rate;
  const text = `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;
  const better = points >= 0 ? "up" : "down";
  return h(
    "span",
    { class: `rate-change ${better}`, title: t("points", { n: text }) },
    text,
    h("span", { class: "spoken" }, t("points", { n: text })),
  );
}

function levelBar(rate) {
  const present = levels().filter((level) => rate.by_level[level.number]);
  const words = present
    .map((level) => t("levelDays", { word: named(level), n: rate.by_level[level.number] }))
    .join(t("comma"));
  return h(
    "div",
    { class: "level-bar", role: "img", "aria-label": words || t("missing"), title: words },
    present.map((level) => h("span", { vars: { ...field(level.colour), "--share": rate.by_level[level.number] } })),
  );
}
