// Times of the data: Beijing time, the clock of the documents, ages.

import { t } from "./text.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const BEIJING = 8 * HOUR; // fixed: Asia/Shanghai had summer time in 1986-1991

/** Seconds since 1970 of an ISO text with an offset. */
export function seconds(text) {
  return Date.parse(text) / 1000;
}

function beijing(instant) {
  return new Date((instant + BEIJING) * 1000);
}

function two(number) {
  return String(number).padStart(2, "0");
}

/** "2026-11-25" in Beijing. */
export function isoDate(instant) {
  return beijing(instant).toISOString().slice(0, 10);
}

/** "09:23" in Beijing. */
export function timeOfDay(instant) {
  return beijing(instant).toISOString().slice(11, 16);
}

/** "09:23:05" in Beijing. */
export function timeWithSeconds(instant) {
  return beijing(instant).toISOString().slice(11, 19);
}

/** "11月25日" or "25 Nov" of a date text "2026-11-25". */
export function dayLabel(date) {
  const [, month, day] = date.split("-").map(Number);
  return t("day", { month, day, name: t("months").split(" ")[month - 1] });
}

function weekday(date) {
  return t("weekdays").split(" ")[new Date(`${date}T00:00:00Z`).getUTCDay()];
}

/** "11月25日 周三" or "Wed 25 Nov" of a date text. */
export function dayOfWeek(date) {
  return t("dayOfWeek", { day: dayLabel(date), weekday: weekday(date) });
}

/** "09:00", or "24:00" where an hour ends with its day: a natural day has the hours 1:00 to 24:00 (HJ 663). */
export function hourOfDay(end) {
  const time = timeOfDay(end);
  return time === "00:00" ? "24:00" : time;
}

/** The date an hour belongs to, which is not the date of its end at midnight. */
export function hourDate(end) {
  return isoDate(end - 1);
}

/** "11-25 06:00" in Beijing, for tables. */
export function shortTime(instant) {
  return `${isoDate(instant).slice(5)} ${timeOfDay(instant)}`;
}

/** A length of time in words, such as "2 小时 5 分". */
export function duration(length) {
  const whole = Math.max(0, Math.floor(length));
  if (whole < MINUTE) {
    return t("underAMinute");
  }
  if (whole < HOUR) {
    return t("minutes", { n: Math.floor(whole / MINUTE) });
  }
  if (whole < DAY) {
    const rest = Math.floor((whole % HOUR) / MINUTE);
    const hours = Math.floor(whole / HOUR);
    return rest ? t("hoursMinutes", { n: hours, m: rest }) : t("hours", { n: hours });
  }
  const hours = Math.floor((whole % DAY) / HOUR);
  const days = Math.floor(whole / DAY);
  return hours ? t("daysHours", { n: days, h: hours }) : t("days", { n: days });
}

/** The same in few characters, such as "2 h": for cells of tables. */
export function shortDuration(length) {
  const whole = Math.max(0, Math.floor(length));
  if (whole < HOUR) {
    return t("minutesShort", { n: whole < MINUTE ? "<1" : Math.floor(whole / MINUTE) });
  }
  return whole < 2 * DAY
    ? t("hoursShort", { n: Math.floor(whole / HOUR) })
    : t("daysShort", { n: Math.floor(whole / DAY) });
}

/** The clock of the data: the `now` of the last document, going on at its speed. */
export class Clock {
  #now = null;
  #speed = 1;
  #read = 0;

  set(document_) {
    this.#now = seconds(document_.now);
    this.#speed = document_.clock.speed;
    this.#read = performance.now() / 1000;
  }

  get known() {
    return this.#now !== null;
  }

  get speed() {
    return this.#speed;
  }

  /** Seconds since 1970 now, in the time of the data. */
  now() {
    return this.#now + (performance.now() / 1000 - this.#read) * this.#speed;
  }
}

/** The one clock of the page. */
export const clock = new Clock();

/** Writes the age of each element that carries one anew: `data-since` an instant, `data-form` one of `AGE_FORMS`. */
export function tickAges(root) {
  for (const element of root.querySelectorAll("[data-since]")) {
    const text = ageText(Number(element.dataset.since), element.dataset.form);
    if (element.firstChild?.data !== text) {
      element.textContent = text;
    }
  }
}

const AGE_FORMS = {
  ago: (age) => t("ago", { length: duration(age) }),
  lasting: (age) => t("lasting", { length: duration(age) }),
  short: (age) => t("ago", { length: shortDuration(age) }),
};

/** The age of an instant in words; clocks of stations may be a little ahead of ours. */
export function ageText(since, form) {
  return AGE_FORMS[form](Math.max(0, clock.now() - since));
}
