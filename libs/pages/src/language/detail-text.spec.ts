import { describe, expect, it } from '@jest/globals';
import { detailText } from './detail-text.js';

const members = [
  { name: 'amount.value', value: '12.50' },
  { name: 'to', value: '{amount.value} $& <b>' },
  { name: 'empty', value: '' },
];
const said = (text: string | Record<string, string>, language = 'en') =>
  detailText({ text, members }, language)?.replace(/[\u2068\u2069]/g, '');

describe('The text of an authorization detail', () => {
  it('has its values in their places, each once, whatever they hold', () => {
    expect(said('Pay {amount.value} to {to}.')).toBe('Pay 12.50 to {amount.value} $& <b>.');
  });

  it('says where a value is missing', () => {
    expect(said('Pay {nothing}, {empty} and {constructor}')).toBe('Pay –, – and –');
  });

  it('keeps values apart from the direction of the words around them (Unicode UAX #9 §2.4)', () => {
    expect(detailText({ text: 'to {amount.value}', members }, 'en')).toBe('to \u206812.50\u2069');
  });

  it('is in the language of the person, else in English, else in any', () => {
    const both = { de: 'Überweisung', en: 'Transfer' };
    expect(['de-AT', 'en', 'fr'].map((language) => said(both, language))).toEqual([
      'Überweisung',
      'Transfer',
      'Transfer',
    ]);
    expect(said({ de: 'Überweisung' }, 'fr')).toBe('Überweisung');
  });

  it('is not there where the type has none', () => {
    expect(detailText({ members }, 'en')).toBeUndefined();
  });
});
