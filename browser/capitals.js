// Sums in the capital numerals of receipts 〔大写金额〕, as crates/kernel/src/money_words.rs writes them.

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = [
  [1000, "仟"],
  [100, "佰"],
  [10, "拾"],
  [1, ""],
];
const WAN = 10000n;
const YI = 100000000n;

function belowWan(number) {
  let text = "";
  let gap = false;
  for (const [unit, name] of PLACES) {
    const digit = Math.floor(number / unit) % 10;
    if (digit === 0) gap = text !== "";
    else {
      text += (gap ? "零" : "") + DIGITS[digit] + name;
      gap = false;
    }
  }
  return text;
}

// A positive whole number, counted in 亿, within it in 万.
function whole(number) {
  if (number < WAN) return belowWan(Number(number));
  const [unit, name] = number < YI ? [WAN, "万"] : [YI, "亿"];
  const rest = number % unit;
  const gap = rest > 0n && rest < unit / 10n ? "零" : "";
  return `${whole(number / unit)}${name}${gap}${rest > 0n ? whole(rest) : ""}`;
}

// The words for so many fen.
export function capitals(fen) {
  const [yuan, cents] = [BigInt(fen) / 100n, Number(BigInt(fen) % 100n)];
  const [jiao, rest] = [Math.floor(cents / 10), cents % 10];
  if (yuan === 0n && cents === 0) return "零元整";
  let text = yuan > 0n ? `${whole(yuan)}元` : "";
  if (yuan > 0n && cents === 0) text += "整";
  else if (yuan > 0n && (yuan % 10n === 0n || jiao === 0)) text += "零";
  if (jiao > 0) text += `${DIGITS[jiao]}角`;
  return rest > 0 ? `${text}${DIGITS[rest]}分` : text;
}
