import { IntlMessageFormat } from 'intl-messageformat';

/** The texts of one language, by key. */
export type Messages = ReadonlyMap<string, string>;

type Syntax = ReturnType<IntlMessageFormat['getAst']>;

/** An ICU message, made ready. Its text is text: what looks like a tag stays as it is, and is escaped like all else. */
export function readMessage(text: string, language: string): IntlMessageFormat {
  return new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
}

/** The names between braces, of every branch of the message. */
export function placeholdersOf(message: IntlMessageFormat): string[] {
  return [...new Set(namesIn(message.getAst()))].sort();
}

function namesIn(syntax: Syntax): string[] {
  return syntax.flatMap((element) => [
    // Plain text has no name, and `#` is the number of the plural around it.
    ...('value' in element && !isPlainText(element) ? [String(element.value)] : []),
    ...('options' in element ? Object.values(element.options).flatMap(({ value }) => namesIn(value)) : []),
  ]);
}

/** `TYPE.literal` of the parser. */
function isPlainText({ type }: Syntax[number]): boolean {
  return Number(type) === 0;
}
