import { readFileSync } from 'node:fs';

/** Variables of the environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

type Fail = (problem: string) => void;

/** Where the text of a secret may stand; each is read by its own function. */
export const textSources = {
  plain: (text: string) => text,
  env: readVariable,
  file: readSecretFile,
} satisfies Record<string, (text: string, fail: Fail, variables: Variables) => string | undefined>;

/** Whoever writes the secret itself where its variable's name belongs does not find it in the log. */
function readVariable(name: string, fail: Fail, variables: Variables): string | undefined {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value) return value;
  fail(
    /^[A-Z_][A-Z0-9_]*$/.test(name)
      ? `names the variable ${name}, which is not set or empty: set it, or correct the name`
      : 'must be the name of a variable that is set; the secret itself would be plain',
  );
  return undefined;
}

/** One line end at the end does not count. */
function readSecretFile(file: string, fail: Fail): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (secret !== '') return secret;
    fail(`names a file that is empty: ${file}`);
  } catch (error) {
    fail(`names a file that cannot be read: ${(error as Error).message}`);
  }
  return undefined;
}
