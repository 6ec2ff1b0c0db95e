// Alerts: what is open stands on top of the page, what ended lately below; changes are spoken.

import { h } from "./dom.js";
import { age, classBadge, classNamed, nameOf } from "./marks.js";
import { seconds, shortTime, duration } from "./time.js";
import { named, t } from "./text.js";

const SHOWN_PAST = 10;

/** The open alerts, worst first. */
export function openView(alerts, items) {
  const open = alerts.filter((alert) => alert.state === "open");
  if (open.length === 0) {
    return h("p", { class: "all-clear" }, t("noAlerts"));
  }
  open.sort((one, other) => other.level.number - one.level.number || seconds(other.opened) - seconds(one.opened));
  return h(
    "ul",
    { class: "alert-list" },
    open.map((alert) => h("li", { class: "alert", "data-alert": alert.id }, openAlert(alert, items))),
  );
}

function openAlert(alert, items) {
  const opened = seconds(alert.opened);
  return [
    levelBadge(alert.level),
    h(
      "div",
      { class: "alert-words" },
      h("h3", null, nameOf(alert), h("span", { class: "alert-title" }, named(alert.title))),
      h(
        "p",
        { class: "alert-why" },
        alert.deciding.map((one) => decidingItem(one, items)),
      ),
      h(
        "p",
        { class: "alert-when" },
        t("since", { time: shortTime(opened) }),
        " · ",
        age(opened, "lasting"),
        worst(alert),
        " · ",
        delivery(alert),
      ),
    ),
  ];
}

function levelBadge(level) {
  return h(
    "div",
    { class: "alert-level" },
    classBadge(level.number, "class-badge"),
    h("small", { class: "status" }, named(level.status)),
  );
}

function worst(alert) {
  return alert.worst.number > alert.level.number ? ` · ${t("worst", { name: classNamed(alert.worst.number) })}` : null;
}

function decidingItem(one, items) {
  const item = items[one.item];
  const limit = one.limit === null ? t("limitOther") : t("limit", { limit: one.limit });
  return h(
    "span",
    { class: "deciding-item" },
    h("b", null, item ? `${named(item.name)} ${one.value}` : `${one.item} ${one.value}`),
    ` ${one.unit ?? ""} `,
    h("small", null, `${classNamed(one.class)} · ${limit}`),
  );
}

/** Whether people have been told. */
function delivery(alert) {
  if (alert.history) {
    return h("span", { class: "delivery" }, t("history"));
  }
  if (alert.notices.length === 0) {
    return h("span", { class: "delivery" }, t("noNotices"));
  }
  return h("span", { class: "delivery" }, `${t("delivery")} `, byTarget(alert.notices).map(notice));
}

/** The newest notice to each target. */
function byTarget(notices) {
  const newest = new Map();
  for (const one of notices) {
    const known = newest.get(one.target);
    if (!known || seconds(one.created) >= seconds(known.created)) {
      newest.set(one.target, one);
    }
  }
  return [...newest.values()];
}

function notice(one) {
  const repeated = one.possibly_repeated ? ` (${t("repeated")})` : "";
  return h(
    "span",
    { class: `notice notice-${one.state}`, title: one.error },
    `${one.target} ${t(one.state)}${repeated}`,
  );
}

/** The alerts that ended lately, newest first. */
export function pastView(alerts) {
  const past = alerts.filter((alert) => alert.state !== "open");
  past.sort((one, other) => seconds(other.closed ?? other.opened) - seconds(one.closed ?? one.opened));
  if (past.length === 0) {
    return h("p", { class: "quiet" }, t("noPast"));
  }
  const heads = ["worstHead", "section", "period", "lasted", "delivery"];
  return h(
    "table",
    { class: "sheet past-sheet", role: "table" },
    h("caption", { class: "spoken" }, t("past")),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        heads.map((key) => h("th", { scope: "col", role: "columnheader" }, t(key))),
      ),
    ),
    h("tbody", { role: "rowgroup" }, past.slice(0, SHOWN_PAST).map(pastRow)),
  );
}

function pastRow(alert) {
  const opened = seconds(alert.opened);
  const closed = alert.closed === null ? null : seconds(alert.closed);
  const cell = (key, name, ...content) => h("td", { role: "cell", class: name, "data-label": t(key) }, content);
  return h(
    "tr",
    { role: "row", "data-alert": alert.id },
    cell("worstHead", "class-cell", classBadge(alert.worst.number, "class-chip")),
    h("th", { scope: "row", role: "rowheader", class: "who" }, nameOf(alert)),
    cell("period", "period-cell", closed === null ? shortTime(opened) : `${shortTime(opened)} – ${shortTime(closed)}`),
    cell("lasted", null, closed === null ? t(alert.state) : duration(closed - opened)),
    cell("delivery", "quiet", delivery(alert)),
  );
}

let told = null; // id -> what was last seen of each alert; null before the first document

/** What changed since the last document, as a sentence to speak; "" where nothing did. */
export function alertNews(alerts) {
  const seen = new Map(alerts.map((alert) => [alert.id, `${alert.state} ${alert.level.number}`]));
  const words = told === null ? [] : alerts.filter((alert) => told.get(alert.id) !== seen.get(alert.id)).map(newsOf);
  told = seen;
  return words.join(t("stop"));
}

function newsOf(alert) {
  const what = `${named(alert.name)} ${classNamed(alert.level.number)}`;
  if (alert.state !== "open") {
    return t("ended", { what });
  }
  return t(told.has(alert.id) ? "changed" : "opened", { what });
}
