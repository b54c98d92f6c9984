import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** https://no-color.org: any value but the empty one says no. */
const isColourful = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** Colours a text where a person looks at it; a file or another program gets it plain. */
export function paint(style: Style, text: string): string {
  return isColourful ? styleText(style, text) : text;
}
