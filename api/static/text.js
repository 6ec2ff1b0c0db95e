// All words of the page, Chinese and English side by side, and which of the two is spoken.

/** Of each key the Chinese and the English words. */
export const WORDS = {
  title: ["实时 · 晴川 Qingchuan", "Live · 晴川 Qingchuan"],
  skip: ["跳到正文", "Skip to the content"],
  language: ["语言", "Language"],
  jump: ["本页内容", "On this page"],
  air: ["空气", "Air"],
  water: ["地表水", "Surface water"],
  alerts: ["告警", "Alerts"],
  past: ["近期告警", "Recent alerts"],
  loading: ["正在读取数据…", "Reading data…"],

  // links to the other pages
  pages: ["页面", "Pages"],
  page_live: ["实时", "Live"],
  page_ranking: ["城市排名", "Ranking"],
  page_budget: ["达标余量", "Budget"],
  page_what_if: ["进位测算", "What if"],
  page_downgrades: ["断面升降", "Sections"],
  page_editions: ["新旧标准", "Editions"],
  page_explain: ["计算依据", "Explain"],
  page_audit: ["审核", "Audit"],
  page_faults: ["仪器故障", "Faults"],

  // header
  simulated: ["模拟数据", "Simulated data"],
  simulatedWhy: ["由模拟器产生，不是监测结果", "made by simulators, not measured"],
  simulatedMark: ["模拟", "Sim."],
  dataTime: ["数据时间", "Data time"],
  speed: ["{n} 倍速", "{n}× speed"],
  beijingTime: ["北京时间", "Beijing time"],
  connecting: ["正在连接", "Connecting"],
  live: ["实时", "Live"],
  lost: ["正在重连 · 中断 {length}", "Reconnecting · lost for {length}"],
  staleSince: ["数据停在 {time}", "Data as of {time}"],

  // time
  months: ["1 2 3 4 5 6 7 8 9 10 11 12", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"],
  month: ["{name}月", "{name}"],
  day: ["{month}月{day}日", "{day} {name}"],
  dayOfWeek: ["{day} {weekday}", "{weekday} {day}"],
  weekdays: ["周日 周一 周二 周三 周四 周五 周六", "Sun Mon Tue Wed Thu Fri Sat"],
  underAMinute: ["不到 1 分钟", "under a minute"],
  minutes: ["{n} 分钟", "{n} min"],
  hours: ["{n} 小时", "{n} h"],
  hoursMinutes: ["{n} 小时 {m} 分", "{n} h {m} min"],
  days: ["{n} 天", "{n} d"],
  daysHours: ["{n} 天 {h} 小时", "{n} d {h} h"],
  minutesShort: ["{n}分", "{n} min"],
  hoursShort: ["{n}时", "{n} h"],
  daysShort: ["{n}天", "{n} d"],
  ago: ["{length}前", "{length} ago"],
  carried: ["{length}前", "−{length}"],
  lasting: ["已持续 {length}", "for {length}"],
  stale: ["数据陈旧", "Out of date"],

  // what holds for both domains
  missing: ["缺测", "missing"],
  none: ["无", "none"],
  doubtful: ["存疑", "suspect"],
  bad: ["无效", "invalid"],
  fault: ["仪器疑似故障", "Instrument looks faulty"],
  faultShort: ["疑似故障", "Faulty?"],
  faultSince: ["{item}：{test}，{time} 起", "{item}: {test}, since {time}"],
  faultWhy: ["数值保留，不参与计算；查看说明", "kept, and counts nowhere; see what it means"],
  station: ["站点", "Station"],
  time: ["时间", "Time"],
  value: ["浓度", "Value"],
  colon: ["：", ": "],
  comma: ["、", ", "],
  stop: ["；", "; "],

  // air
  aqi: ["空气质量指数", "Air quality index"],
  hourAqi: ["AQI · 小时", "AQI · hourly"],
  levelWithWord: ["{roman} 级 · {word}", "Level {roman} · {word}"],
  primary: ["首要污染物", "Primary pollutant"],
  primaryShort: ["首要", "Primary"],
  noPrimary: ["无（AQI ≤ 50）", "none (AQI ≤ 50)"],
  edition: ["评价标准", "Edition"],
  validStations: ["有效站点", "Valid stations"],
  ofStations: ["{valid} / {of}", "{valid} of {of}"],
  notPublished: ["缺项，不发布", "Incomplete, not published"],
  notPublishedWhy: [
    "有污染物缺测且 AQI 不超过 {above}：只发布浓度和分指数（{edition} {clause}）",
    "an item is missing and the AQI is not above {above}: only concentrations and sub-indices are published ({edition} {clause})",
  ],
  incompleteWhy: ["有污染物缺测，无法给出 AQI", "an item is missing, so that no AQI can be given"],
  nothingValid: ["没有一项污染物有有效值", "no item has a valid value"],
  beyond: ["超出分指数表", "Beyond the table"],
  beyondWhy: [
    "有浓度高于 {edition} 分指数表的上限，按表注不计算其分指数，不给出 AQI",
    "a concentration lies beyond the table of {edition}, whose note gives it no sub-index: there is no AQI",
  ],
  noHour: ["24 小时内无数据", "No data within 24 hours"],
  incomplete: ["缺项", "incomplete"],
  derived: ["由站点计算", "Computed from the stations"],
  reported: ["上报值", "As reported"],
  items: ["六项污染物", "Six pollutants"],
  iaqi: ["分指数", "IAQI"],
  last24: ["近 24 小时", "Last 24 hours"],
  strip24: [
    "近 24 小时 AQI：最低 {low}，最高 {high}，缺 {gaps} 小时",
    "AQI of the last 24 hours: lowest {low}, highest {high}, {gaps} hours missing",
  ],
  stripNone: ["近 24 小时无 AQI", "No AQI in the last 24 hours"],
  highest: ["最高", "Highest"],
  lowest: ["最低", "Lowest"],
  rates: ["优良天数比率", "Good-air rate"],
  thisMonth: ["本月", "This month"],
  thisYear: ["今年以来", "This year"],
  lastYear: ["去年同期", "Last year to date"],
  goodOfValid: ["优良 {good} / 有效 {valid} 天", "{good} good of {valid} valid days"],
  daysWithout: ["缺 {n} 天", "{n} d missing"],
  points: ["较去年同期 {n} 个百分点", "{n} points on last year"],
  levelDays: ["{word} {n} 天", "{word} {n} d"],
  calendar: ["今年每日 AQI", "Each day of the year"],
  calendarHelp: ["{year} 年，逐日，每行一个月；方向键移动", "{year}, day by day, a row a month; arrow keys move"],
  goodDays: ["优良", "Good"],
  dayToCome: ["尚未到", "to come"],
  notCounted: ["缺 {items}，不计入", "{items} missing, not counted"],
  notCountedKey: ["缺项，不计入", "Incomplete, not counted"],
  noIndex: ["缺 {items}，无 AQI，不计入", "{items} missing, no AQI, not counted"],
  dayMissing: ["无有效数据", "no valid data"],
  stations: ["监测站点", "Stations"],
  stationsCaption: ["各站最新小时值（µg/m³，CO 为 mg/m³）", "Latest hour of each station (µg/m³, CO in mg/m³)"],
  level: ["级别", "Level"],

  // water
  class: ["类别", "Class"],
  className: ["{name} 类", "Class {name}"],
  worseThanV: ["劣Ⅴ 类", "worse than Ⅴ"],
  worseMark: ["劣", ">"],
  status: ["水质状况", "Status"],
  section: ["断面", "Section"],
  river: ["河流", "River"],
  lake: ["湖库", "Lake"],
  target: ["目标 {name} 类", "Target {name}"],
  targetMissed: ["未达目标 {name} 类", "Target {name} not met"],
  deciding: ["定类", "Decided by"],
  decidingItem: ["{name} {value} {unit}", "{name} {value} {unit}"],
  last7: ["近 7 天", "Last 7 days"],
  strip7: ["近 7 天类别：{parts}", "Classes of the last 7 days: {parts}"],
  strip7Part: ["{name} {share}%", "{name} {share} %"],
  sectionsCaption: [
    "各断面最新读数，最差的在前；“前”为沿用值距读数的时间",
    "Latest reading of each section, worst first; “−3 h”: how much older a value that is carried on is",
  ],
  shareGood: ["Ⅰ–Ⅲ 类断面", "Sections of Ⅰ–Ⅲ"],
  shareOf: ["{n} / {of} 个", "{n} of {of}"],
  countOf: ["{name}：{n} 个断面", "{name}: {n} sections"],
  noClass: ["无当前读数", "No current reading"],
  noClassShort: ["无当前", "none"],
  manualOnly: ["手工监测", "manual only"],
  noReading: ["7 天内无读数", "No reading within 7 days"],

  // alerts
  noAlerts: ["当前没有进行中的告警", "No alert is open"],
  noPast: ["近期没有已结束的告警", "No alert has ended lately"],
  openCount: ["{n} 起进行中", "{n} open"],
  since: ["{time} 起", "Since {time}"],
  worst: ["最差 {name}", "peak: {name}"],
  worstHead: ["最差类别", "Worst class"],
  limit: ["限值 {limit}", "limit {limit}"],
  limitOther: ["超出限值", "outside the limits"],
  delivery: ["通知", "Notices"],
  history: ["历史数据，不发通知", "History, no notice sent"],
  noNotices: ["未设通知", "No notice set up"],
  waiting: ["待发", "waiting"],
  sending: ["发送中", "sending"],
  sent: ["已送达", "delivered"],
  failed: ["未送达", "not delivered"],
  repeated: ["可能重复", "possibly repeated"],
  period: ["起止", "From – to"],
  lasted: ["历时", "Lasted"],
  state: ["状态", "State"],
  closed: ["已结束", "Closed"],
  retracted: ["已撤回", "Retracted"],
  opened: ["新告警：{what}", "New alert: {what}"],
  ended: ["告警结束：{what}", "Alert over: {what}"],
  changed: ["告警变化：{what}", "Alert changed: {what}"],

  // footer
  standsIn: ["{validity}（代 {stands_in_for}）", "{validity} (in place of {stands_in_for})"],
  standards: ["评价依据", "Standards"],
  sequence: ["数据序号", "Sequence"],
  sequenceHelp: ["数据处理到的消息序号", "number of the message up to which the data have been taken in"],
  deadLetters: ["死信", "Dead letters"],
  deadLettersOf: ["{messages} 条消息 · {values} 个数值", "{messages} messages · {values} values"],
  interface: ["接口", "API"],
  version: ["版本", "Version"],
};

const SPOKEN = ["zh", "en"];
const REMEMBERED = "qingchuan.lang";

let spoken = 0;

/** "zh" or "en". */
export function language() {
  return SPOKEN[spoken];
}

/** Speaks `lang` from now on and remembers it. */
export function speak(lang) {
  spoken = Math.max(0, SPOKEN.indexOf(lang));
  document.documentElement.lang = spoken ? "en" : "zh-CN";
  remember(language());
}

/** The language asked for in the address, else the one remembered, else the one the page came in. */
export function wantedLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const came = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  return [asked, recall(), came].find((lang) => SPOKEN.includes(lang));
}

/** The words for `key`, with `{names}` filled from `values`. */
export function t(key, values) {
  return fill(WORDS[key][spoken], values);
}

/** The same in the language that is not spoken, to stand beside it. */
export function beside(key, values) {
  return fill(WORDS[key][1 - spoken], values);
}

/** The part of a `{zh, en}` that is spoken. */
export function named(name) {
  return name?.[language()] ?? "";
}

/** The other part of a `{zh, en}`. */
export function namedBeside(name) {
  return name?.[SPOKEN[1 - spoken]] ?? "";
}

/** The `lang` of what stands beside. */
export function otherLanguage() {
  return spoken ? "zh-CN" : "en";
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

function remember(lang) {
  try {
    localStorage.setItem(REMEMBERED, lang);
  } catch {
    // Storage may be forbidden; the page then speaks the language of its address.
  }
}

function recall() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // as above
  }
}
