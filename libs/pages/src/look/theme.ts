import type { PagesOptions } from '../pages.options.js';
import { blend, contrast, legible, pressed, readableOn } from './colour.js';

/** WCAG 2.2 §1.4.3 for text. */
const forText = 4.5;
/** WCAG 2.2 §1.4.11 for the edges of fields. */
const forEdges = 3;

/** The colours of the pages as custom properties of CSS, in light and in dark; each text can be read on what is under it. */
export function themeOf(options: PagesOptions): string {
  const { accentColor, backgroundColor, darkBackgroundColor } = options;
  const light = properties(accentColor, backgroundColor, '#ffffff', '#182022');
  const dark = properties(darkAccentOf(options), darkBackgroundColor, darkCardOf(options), '#e9eeee');
  return `:root{${light}}\n@media (prefers-color-scheme:dark){:root{${dark}}}\n`;
}

/** The mark of Tessera in the colours of the application. */
export function colouredMark(svg: string, options: PagesOptions): string {
  return svg
    .replace('#0f5c66', legible(options.accentColor, '#ffffff', forEdges))
    .replace('#5aa7b1', darkAccentOf(options));
}

function darkCardOf({ darkBackgroundColor }: PagesOptions): string {
  return blend(darkBackgroundColor, '#ffffff', 0.055);
}

function darkAccentOf(options: PagesOptions): string {
  return options.darkAccentColor ?? legible(options.accentColor, darkCardOf(options), 6.5);
}

function properties(accent: string, background: string, card: string, wanted: string): string {
  const text = contrast(wanted, card) >= 7 ? wanted : readableOn(card);
  const isDark = readableOn(card) === '#ffffff';
  const colours = {
    background,
    'on-background': legible(blend(readableOn(background), background, 0.4), background, forText + 0.5),
    card,
    text,
    muted: legible(blend(text, card, 0.4), card, forText + 1),
    line: blend(card, text, isDark ? 0.16 : 0.12),
    'field-line': legible(blend(card, text, 0.4), card, forEdges + 0.2),
    field: isDark ? blend(card, '#000000', 0.22) : card,
    accent,
    'accent-pressed': pressed(accent),
    'on-accent': readableOn(accent),
    link: legible(accent, card, forText),
    mark: legible(accent, card, forEdges),
    'background-mark': legible(accent, background, forEdges),
    soft: blend(card, accent, isDark ? 0.14 : 0.07),
    ...signal('danger', isDark ? '#ff9d94' : '#a8201a', card, isDark),
    ...signal('success', isDark ? '#7fd6a4' : '#176b41', card, isDark),
    ...signal('caution', isDark ? '#f0c674' : '#7a4b00', card, isDark),
  };
  return Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** A colour that warns or confirms, and the soft ground that its text stands on. */
function signal(name: string, colour: string, card: string, isDark: boolean): Record<string, string> {
  const ground = blend(card, colour, isDark ? 0.12 : 0.07);
  return { [name]: legible(colour, ground, forText + 0.5), [`${name}-ground`]: ground };
}
