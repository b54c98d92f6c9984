import { describe, expect, it } from '@jest/globals';
import { PagesOptions } from '../pages.options.js';
import { contrast, legible, pressed, readableOn } from './colour.js';
import { themeOf } from './theme.js';

describe('Contrast', () => {
  it('is that of WCAG 2.2', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    expect(contrast('#fff', '#ffffff')).toBe(1);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });

  it.each(['#ffffff', '#000', '#777777', '#ffd400', '#0f5c66', '#00ff00', '#c00'])(
    'of the text on a button is enough for any accent: %s',
    (accent) => {
      expect(contrast(readableOn(accent), accent)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(readableOn(accent), pressed(accent))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each([
    ['#ffd400', '#ffffff'],
    ['#ffffff', '#ffffff'],
    ['#000000', '#101415'],
    ['#0f5c66', '#101415'],
    ['#0000ff', '#1d2023'],
  ])('of the colour %s on %s is made enough', (colour, background) => {
    expect(contrast(legible(colour, background, 4.5), background)).toBeGreaterThanOrEqual(4.5);
  });

  it('that is enough leaves a colour as it is', () => {
    expect(legible('#0f5c66', '#ffffff', 4.5)).toBe('#0f5c66');
  });
});

/** The custom properties of one half of the theme. */
function coloursOf(half: string): Record<string, string> {
  return Object.fromEntries([...half.matchAll(/--([\w-]+):(#\w+)/g)].map(([, name, value]) => [name!, value!]));
}

describe('The colours of the pages', () => {
  it.each([
    {},
    { accentColor: '#ffd400' },
    { accentColor: '#fff', backgroundColor: '#000' },
    { accentColor: '#000000', darkBackgroundColor: '#ffffff' },
    { backgroundColor: '#777777', darkBackgroundColor: '#555555', darkAccentColor: '#444' },
  ])('can be read on one another, in light and in dark: %j', (options) => {
    for (const half of themeOf(new PagesOptions(options)).split('@media')) {
      const colour = coloursOf(half);
      const pairs = [
        ['text', 'card'], ['muted', 'card'], ['link', 'card'], ['on-background', 'background'], ['on-accent', 'accent'],
        ['on-accent', 'accent-pressed'], ['danger', 'danger-ground'], ['success', 'success-ground'], ['caution', 'caution-ground'],
      ]; // prettier-ignore
      for (const [text, ground] of pairs) {
        expect([text, ground, contrast(colour[text!]!, colour[ground!]!) >= 4.5]).toEqual([text, ground, true]);
      }
      expect(contrast(colour['field-line']!, colour.card!)).toBeGreaterThanOrEqual(3);
    }
  });
});
