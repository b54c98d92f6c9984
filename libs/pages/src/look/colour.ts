/** A colour as red, green and blue, each from 0 to 255. */
type Rgb = readonly [number, number, number];

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];

/** Small steps, so that a colour changes no more than it must. */
const steps = 50;

/** WCAG 2.2: from 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** Black or white, whichever reads better on a colour: one of them always has 4.5 and more. */
export function readableOn(background: string): '#ffffff' | '#000000' {
  return contrast(background, '#ffffff') >= contrast(background, '#000000') ? '#ffffff' : '#000000';
}

/** The colour, or the nearest darker or lighter one that has a contrast to the background. */
export function legible(colour: string, background: string, atLeast: number): string {
  const isDark = readableOn(background) === '#ffffff';
  const candidates = isDark ? lighter(parse(colour)) : between(parse(colour), black);
  const found = candidates.map(format).find((candidate) => contrast(candidate, background) >= atLeast);
  return found ?? readableOn(background);
}

/** Brighter, which keeps it colourful, and a little paler, which keeps it calm; then on to white. */
function lighter(colour: Rgb): Rgb[] {
  const most = Math.max(...colour);
  const brightest = most === 0 ? white : (colour.map((part) => (part / most) * 255) as unknown as Rgb);
  const calm = mix(brightest, white, 0.4);
  return [...between(colour, calm), ...between(calm, white)];
}

function between(one: Rgb, other: Rgb): Rgb[] {
  return Array.from({ length: steps + 1 }, (_, step) => mix(one, other, step / steps));
}

/** The colour of a button under the pointer: further away from the colour of its text, so that it never reads worse. */
export function pressed(colour: string): string {
  return format(mix(parse(colour), readableOn(colour) === '#ffffff' ? black : white, 0.14));
}

/** One colour with some of another in it. */
export function blend(colour: string, other: string, share: number): string {
  return format(mix(parse(colour), parse(other), share));
}

function parse(colour: string): Rgb {
  const digits = colour.slice(1);
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : digits.match(/../g)!;
  return pairs.map((pair) => parseInt(pair, 16)) as unknown as Rgb;
}

function format(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((part, index) => part + (other[index]! - part) * share) as unknown as Rgb;
}

/** Relative luminance of WCAG 2.2. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
