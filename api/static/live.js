// The live page: documents come in by server-sent events, and each redraws its part.

import { airHead, airView } from "./air.js";
import { alertNews, openView, pastView } from "./alerts.js";
import { followCalendar } from "./calendar.js";
import { h, patch } from "./dom.js";
import { LiveEvents } from "./events.js";
import { anySimulated, clockView, colophonView, connectionView, placeView, simulatedView, wordsView } from "./frame.js";
import { learnScale } from "./levels.js";
import { language, speak, t, wantedLanguage } from "./text.js";
import { clock, tickAges } from "./time.js";
import { waterHead, waterView } from "./water.js";

const TICK = 1000; // [ms]
const REFUSED_EVERY = 30000; // the count of dead letters is asked for, not pushed [ms]
const REDRAW_EVERY = 60000; // marks of age (out of date) come with time, without new data [ms]

const documents = { air: null, water: null, alerts: null };
const connection = { state: "connecting", lostAt: 0 };
let refused = null;

const byId = (id) => document.getElementById(id);

function drawAir() {
  patch(byId("air-body"), documents.air ? airView(documents.air) : loading());
  patch(byId("air-head"), documents.air ? airHead(documents.air) : []);
  patch(byId("place"), documents.air ? placeView(documents.air) : []);
}

function drawWater() {
  patch(byId("water-head"), documents.water ? waterHead(documents.water) : []);
  patch(byId("water-body"), documents.water ? waterView(documents.water) : loading());
}

function drawAlerts() {
  const alerts = documents.alerts?.alerts;
  patch(byId("alerts-open"), alerts ? openView(alerts, documents.water?.items ?? {}) : loading());
  patch(byId("past-body"), alerts ? pastView(alerts) : loading());
}

function loading() {
  return h("p", { class: "quiet" }, t("loading"));
}

function drawFrame() {
  const banner = byId("simulated");
  banner.hidden = !anySimulated(documents);
  patch(banner, simulatedView());
  patch(byId("colophon"), colophonView(documents, refused, document.body.dataset.version));
  drawClock();
}

function drawClock() {
  const place = byId("connection");
  place.dataset.state = connection.state;
  patch(place, connectionView(connection.state, connection.lostAt, documents));
  if (clock.known) {
    patch(byId("clock"), clockView(documents));
    tickAges(document);
  }
}

function drawAll() {
  wordsView(document);
  drawAir();
  drawWater();
  drawAlerts();
  drawFrame();
}

const DRAWN_BY = {
  air: [drawAir],
  water: [drawWater, drawAlerts], // alerts name their items by the words of the water document
  alerts: [drawAlerts],
};

function take(kind, received) {
  documents[kind] = received;
  learnScale(kind, received);
  if (received.clock) {
    clock.set(received);
  }
  if (kind === "alerts") {
    say(alertNews(received.alerts));
  }
  DRAWN_BY[kind].forEach((draw) => draw());
  drawFrame();
}

function say(words) {
  if (words) {
    byId("announcer").textContent = words;
  }
}

function follow(state) {
  if (state === "lost" && connection.state !== "lost") {
    connection.lostAt = performance.now() / 1000;
  }
  connection.state = state;
  drawClock();
}

function switchLanguage(event) {
  event.preventDefault();
  const { lang } = event.currentTarget.dataset;
  speak(lang);
  history.replaceState(null, "", `?lang=${lang}${location.hash}`);
  drawAll();
}

async function askRefused() {
  try {
    const answer = await fetch("/api/v1/dead-letters?limit=1&settled=false");
    refused = answer.ok ? await answer.json() : null;
  } catch {
    refused = null; // the connection state already says that the server does not answer
  }
  drawFrame();
}

speak(wantedLanguage());
document.querySelectorAll("[data-lang]").forEach((link) => link.addEventListener("click", switchLanguage));
followCalendar(byId("air-body"), drawAir);
drawAll();
new LiveEvents({
  url: "/api/v1/events",
  kinds: Object.keys(documents),
  onDocument: take,
  onState: follow,
}).start();
setInterval(drawClock, TICK);
setInterval(askRefused, REFUSED_EVERY);
setInterval(() => clock.known && drawAll(), REDRAW_EVERY);
askRefused();
