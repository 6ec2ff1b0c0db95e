// The scales: levels of the AQI and classes of water, for legends and for fields of colour. They come with the documents,
// by the edition in force; so do the level and the class of each figure.

const scales = { air: null, water: null };

/** Takes the scale of a document in; `kind` is "air", "water" or "alerts". */
export function learnScale(kind, { scale }) {
  scales[kind === "air" ? "air" : "water"] = scale;
}

/** The scale of the air: edition, levels, and the rule on what is published; null before it is known. */
export function airScale() {
  return scales.air;
}

/** The levels, best first. */
export function levels() {
  return scales.air?.levels ?? [];
}

/** The classes, best first. */
export function classes() {
  return scales.water?.classes ?? [];
}

/** The level that the bar of a sub-index is coloured by; the AQI of an hour or a day has its own in the document. */
export function levelOf(index) {
  return levels().find((level) => level.most === null || index <= level.most);
}

/** The level of a number; null where there is none. */
export function levelNumbered(number) {
  return levels()[number - 1] ?? null;
}

/** The largest index of a good day. */
export function goodUpTo() {
  return Math.max(0, ...levels().map((level) => (level.good ? level.most : 0)));
}

/** The class of a number; null where there is none. */
export function classOf(number) {
  return classes()[number - 1] ?? null;
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
