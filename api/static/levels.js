// The scales: levels of the AQI and classes of water, for legends and for fields of colour.
// Levels: HJ 633—2026 table A.1 (the same in HJ 633—2012). Classes and their words: 环办〔2011〕22号.
// The documents carry the level and class of each figure; nothing is judged here.

/** The six levels, best first; `to` is the largest index of the level. */
export const LEVELS = [
  { number: 1, roman: "Ⅰ", zh: "优", en: "Excellent", to: 50, colour: "#00E400" },
  { number: 2, roman: "Ⅱ", zh: "良", en: "Good", to: 100, colour: "#FFFF00" },
  { number: 3, roman: "Ⅲ", zh: "轻度污染", en: "Lightly polluted", to: 150, colour: "#FF7E00" },
  { number: 4, roman: "Ⅳ", zh: "中度污染", en: "Moderately polluted", to: 200, colour: "#FF0000" },
  { number: 5, roman: "Ⅴ", zh: "重度污染", en: "Heavily polluted", to: 300, colour: "#99004C" },
  { number: 6, roman: "Ⅵ", zh: "严重污染", en: "Severely polluted", to: 500, colour: "#7E0023" },
];

/** The six classes, best first. */
export const CLASSES = [
  { number: 1, name: "Ⅰ", colour: "#CCFFFF" },
  { number: 2, name: "Ⅱ", colour: "#00CCFF" },
  { number: 3, name: "Ⅲ", colour: "#00FF00" },
  { number: 4, name: "Ⅳ", colour: "#FFFF00" },
  { number: 5, name: "Ⅴ", colour: "#FF9B00" },
  { number: 6, name: "劣Ⅴ", colour: "#FF0000" },
];

/** The level an index lies in. */
export function levelOf(index) {
  return LEVELS.find((level) => index <= level.to) ?? LEVELS[LEVELS.length - 1];
}

/** The class of a number; null where there is none. */
export function classOf(number) {
  return CLASSES[number - 1] ?? null;
}

/** The CSS custom properties of a field of colour: the colour and a colour of text that is read on it. */
export function field(colour) {
  return { "--field": colour, "--ink-on-field": ink(colour) };
}

/** Black or white, whichever stands out more (WCAG 2 contrast). */
export function ink(colour) {
  const light = luminance(colour);
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000" : "#fff";
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
