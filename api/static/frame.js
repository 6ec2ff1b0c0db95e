// What stands around the two domains: city, clock, connection, banner, footer.

import { h, patch } from "./dom.js";
import { age, missing } from "./marks.js";
import { clock, dayOfWeek, duration, isoDate, seconds, timeOfDay, timeWithSeconds } from "./time.js";
import { beside, language, named, namedBeside, otherLanguage, t } from "./text.js";

const API = "/api/v1";
const ANSWERS = ["air/live", "water/live", "alerts", "stations", "dead-letters", "openapi.json"];

/** Fills what the template leaves to the language spoken. */
export function wordsView(root) {
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = t(element.dataset.text);
  }
  for (const element of root.querySelectorAll("nav[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
  }
  for (const element of root.querySelectorAll("[data-page]")) {
    element.href = `${element.dataset.page}?lang=${language()}`;
  }
  for (const element of root.querySelectorAll("[data-both]")) {
    patch(
      element,
      t(element.dataset.both),
      " ",
      h("span", { class: "beside", lang: otherLanguage() }, beside(element.dataset.both)),
    );
  }
  for (const element of root.querySelectorAll("[data-lang]")) {
    element.setAttribute("aria-current", String(element.dataset.lang === language()));
  }
}

/** The name of the city. */
export function placeView(air) {
  const city = air.cities[0];
  return city
    ? [named(city.name), " ", h("span", { class: "beside", lang: otherLanguage() }, namedBeside(city.name))]
    : [];
}

/** The clock of the data, and how old the newest data are. */
export function clockView(documents) {
  const newest = newestData(documents);
  const date = isoDate(clock.now());
  return [
    h(
      "p",
      { class: "clock-time" },
      h("time", { datetime: `${date}T${timeWithSeconds(clock.now())}+08:00` }, timeWithSeconds(clock.now())),
    ),
    h(
      "p",
      { class: "clock-date" },
      h(
        "span",
        null,
        dayOfWeek(date),
        clock.speed === 1 ? null : h("span", { class: "speed" }, t("speed", { n: clock.speed })),
      ),
      h(
        "span",
        { class: "clock-data" },
        `${t("dataTime")} `,
        newest === null ? missing() : [timeOfDay(newest), " · ", age(newest, "ago")],
      ),
    ),
  ];
}

/** The end of the newest hour or the instant of the newest reading; null where there is neither. */
function newestData({ air, water }) {
  const ends = (air?.cities ?? []).concat(air?.stations ?? []).map((subject) => subject.hour?.end);
  const readings = (water?.sections ?? []).map((section) => section.reading?.time);
  const instants = [...ends, ...readings].filter(Boolean).map(seconds);
  return instants.length ? Math.max(...instants) : null;
}

/** Whether the page is live; `lostAt` is when it stopped being so [s of `performance.now`]. */
export function connectionView(state, lostAt, documents) {
  if (state !== "lost") {
    return [t(state)];
  }
  const newest = clock.known ? newestData(documents) : null;
  return [
    t("lost", { length: duration(performance.now() / 1000 - lostAt) }),
    newest === null ? null : h("small", null, t("staleSince", { time: timeOfDay(newest) })),
  ];
}

/** The words of the banner over simulated data. */
export function simulatedView() {
  return [
    h("strong", null, t("simulated")),
    " · ",
    h("span", { lang: otherLanguage() }, beside("simulated")),
    h("span", { class: "why" }, ` ${t("simulatedWhy")}`),
  ];
}

/** Whether any subject shown is simulated. */
export function anySimulated({ air, water, alerts }) {
  const subjects = [
    ...(air?.cities ?? []),
    ...(air?.stations ?? []),
    ...(water?.sections ?? []),
    ...(alerts?.alerts ?? []),
  ];
  return subjects.some((subject) => subject.simulated);
}

/** The footer; `refused` is the answer about dead letters, null before it came. */
export function colophonView(documents, refused, version) {
  const sequence = Math.max(
    0,
    ...Object.values(documents)
      .filter(Boolean)
      .map((one) => one.sequence),
  );
  return [
    h(
      "dl",
      null,
      pair(t("standards"), editions(documents).join(t("comma")) || "—"),
      pair(t("sequence"), h("span", { title: t("sequenceHelp") }, sequence.toLocaleString("en"))),
      pair(
        t("deadLetters"),
        refused ? h("a", { href: `/dead-letters?lang=${language()}` }, t("deadLettersOf", refused.total)) : "—",
      ),
      pair(t("version"), version),
    ),
    h(
      "nav",
      { "aria-label": t("interface") },
      h("span", null, t("interface")),
      ANSWERS.map((path) => h("a", { href: `${API}/${path}` }, path)),
    ),
  ];
}

function pair(label, ...content) {
  return h("div", null, h("dt", null, label), h("dd", null, content));
}

/** "HJ 663—2013", or that it stands in for an edition that is not at hand. */
function ruleWords(rules) {
  return rules.stands_in_for ? t("standsIn", rules) : rules.validity;
}

/** The editions of standards behind what is shown. */
function editions({ air, water, alerts }) {
  const cities = air?.cities ?? [];
  const used = [
    ...cities.map((city) => city.hour?.edition),
    ...cities.flatMap((city) => Object.values(city.rates).flatMap((rate) => rate.editions)),
    ...(water?.sections ?? []).map((section) => section.reading?.edition),
    ...(alerts?.alerts ?? []).map((alert) => alert.edition),
  ];
  const rules = cities.flatMap((city) => [city.hour?.rules, ...Object.values(city.rates).flatMap((rate) => rate.rules)]);
  return [...new Set([...used, ...rules.filter(Boolean).map(ruleWords)].filter(Boolean))].sort();
}
