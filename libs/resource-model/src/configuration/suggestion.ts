/** The nearest known word, where one is near enough to be meant. */
export function suggestion(word: string, known: Iterable<string>): string {
  const near = [...known].find(
    (candidate) => candidate.toLowerCase() === word.toLowerCase() || isOneEditAway(candidate, word),
  );
  return near ? `; did you mean ${near}?` : '';
}

/** Whether one insertion, deletion, replacement or swap of neighbours turns one word into the other. */
function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  return restA.length <= 1 && restB.length <= 1 ? true : restA.length === 2 && restA === `${restB[1]}${restB[0]}`;
}
