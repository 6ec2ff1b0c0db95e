// Numbers as they are published: GB/T 8170, a tie goes to the even digit. Ties are recognised on the decimal text of the
// number, as a person would.

/** `value` with `decimals` decimals, as concentrations in air are told. */
export function rounded(value, decimals) {
  return tied(value, decimals) ? toEven(value, decimals) : value.toFixed(decimals);
}

/** The same for water: what would become 0 keeps one significant digit, as the national platform has it. */
export function decimal(value, decimals) {
  if (value === 0) {
    return "0";
  }
  const text = rounded(value, decimals);
  return Number(text) === 0 ? String(Number(value.toPrecision(1))) : text;
}

/** Whether the decimals that fall away are exactly a half of the last that stays. */
function tied(value, decimals) {
  const text = String(value);
  return !text.includes("e") && (text.split(".")[1] ?? "").slice(decimals) === "5";
}

function toEven(value, decimals) {
  const [whole, part] = String(Math.abs(value)).split(".");
  const kept = BigInt(whole + part.slice(0, decimals));
  const digits = String(kept + (kept % 2n)).padStart(decimals + 1, "0");
  const at = digits.length - decimals;
  const text = decimals ? `${digits.slice(0, at)}.${digits.slice(at)}` : digits;
  return value < 0 ? `-${text}` : text;
}
